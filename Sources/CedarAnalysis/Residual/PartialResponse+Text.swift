// SPDX-License-Identifier: Apache-2.0

public import Cedar

extension PartialResponse {
    /// The policies that are left, in Cedar's syntax, each under its name.
    public var written: String {
        residualSet.policies.map(\.writtenResidual).joined()
    }
}

extension Policy {
    /// The policy in Cedar's syntax, written from its tree.
    public var writtenResidual: String {
        let name = Value.string(id).expression
        return "@id(\(WrittenExpression.text(name)))\n\(effect.rawValue) (\(writtenScope))"
            + writtenConditions.map { " " + $0 }.joined() + ";\n"
    }

    /// The conditions in Cedar's syntax.
    public var writtenConditions: [String] {
        conditions.map {
            "\($0.isUnless ? "unless" : "when") { \(WrittenExpression.text($0.expression)) }"
        }
    }

    /// The scope in Cedar's syntax.
    var writtenScope: String {
        let action: String
        switch scope.action {
        case .any: action = "action"
        case .equal(let uid): action = "action == \(uid)"
        case .in(let uid): action = "action in \(uid)"
        case .inAny(let uids):
            action = "action in [\(uids.map(\.description).joined(separator: ", "))]"
        }
        return [
            Self.written(scope.principal, "principal"), action,
            Self.written(scope.resource, "resource"),
        ].joined(separator: ", ")
    }

    private static func written(_ constraint: ScopeConstraint, _ variable: String) -> String {
        func entity(_ reference: EntityReference) -> String {
            guard case .uid(let uid) = reference else { return "?\(variable)" }
            return uid.description
        }
        switch constraint {
        case .any: return variable
        case .equal(let reference): return "\(variable) == \(entity(reference))"
        case .in(let reference): return "\(variable) in \(entity(reference))"
        case .isType(let type): return "\(variable) is \(type)"
        case .isTypeIn(let type, let reference):
            return "\(variable) is \(type) in \(entity(reference))"
        }
    }
}
