// SPDX-License-Identifier: Apache-2.0

extension Atom: CustomStringConvertible {
    /// The atom without spaces: `p(x,3)`.
    public var description: String {
        name + "(" + arguments.map(\.description).joined(separator: ",") + ")"
    }
}

extension Formula: CustomStringConvertible {
    /// The formula with the parentheses that MonPoly writes.
    ///
    /// Binary operators inside others always have them; unary ones only to the left
    /// of a binary operator and on both sides of `AND`.
    public var description: String { text(isOutermost: true, isOperand: false) }

    private func text(isOutermost: Bool = false, isOperand: Bool) -> String {
        switch self {
        case .compare(let comparison, let left, let right):
            return "\(left) \(comparison.rawValue) \(right)"
        case .matches(let text, let pattern, let groups):
            let list = groups.map { $0?.description ?? "_" }.joined(separator: ", ")
            return "\(text) MATCHES \(pattern)" + (groups.isEmpty ? "" : " (\(list))")
        case .atom(let atom): return atom.description
        case .not, .quantify, .aggregate, .modal:
            return isOperand && !isOutermost ? "(" + unaryText + ")" : unaryText
        case .binding, .connect, .chain:
            return isOutermost ? binaryText : "(" + binaryText + ")"
        }
    }

    private var unaryText: String {
        switch self {
        case .not(let inner): return "NOT " + inner.text(isOperand: false)
        case .quantify(let quantifier, let names, let inner):
            let list = names.joined(separator: ", ")
            return "\(quantifier.rawValue) \(list). " + inner.text(isOperand: false)
        case .aggregate(let aggregation, let inner):
            let groups =
                aggregation.groups.isEmpty ? "" : "; " + aggregation.groups.joined(separator: ",")
            return "\(aggregation.result) <- \(aggregation.operation.rawValue) "
                + aggregation.variable + groups + " " + inner.text(isOperand: false)
        case .modal(let modality, let interval, let inner):
            return "\(modality.rawValue)\(interval) " + inner.text(isOperand: false)
        default: return ""
        }
    }

    private var binaryText: String {
        switch self {
        case .binding(let atom, let definition, let body):
            return "LET \(atom) = " + definition.text(isOperand: true) + "\nIN "
                + body.text(isOperand: false)
        case .connect(let connective, let left, let right):
            return left.text(isOperand: true) + " \(connective.rawValue) "
                + right.text(isOperand: connective == .and)
        case .chain(let chain, let interval, let left, let right):
            return left.text(isOperand: true) + " \(chain.rawValue)\(interval) "
                + right.text(isOperand: false)
        default: return ""
        }
    }
}
