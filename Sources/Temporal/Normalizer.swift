// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Brings formulas into the few operators that the monitor evaluates.
enum Normalizer {
    /// How many formulas a normalised formula may be made of.
    static let nodeCountMax = 20_000
    /// How deep it may nest.
    static let depthMax = 400

    /// The formula without `IMPLIES`, `EQUIV`, `FORALL`, `ALWAYS` and `PAST_ALWAYS`.
    static func withoutSugar(_ formula: Formula) throws(TemporalError) -> Formula {
        guard desugaredSize(formula) <= nodeCountMax else {
            throw TemporalError(.formulaTooLarge, subject: String(formula.description.prefix(40)))
        }
        return desugar(try simplified(formula))
    }

    /// The formula with negations pushed to the leaves and double ones removed.
    static func pushingNegations(_ formula: Formula) -> Formula {
        withoutDoubleNegations(push(formula))
    }

    private static func desugaredSize(_ formula: Formula) -> Int {
        var size = 1
        for child in formula.children {
            size = min(size + desugaredSize(child), 1 << 30)
        }
        if case .connect(.equivalent, _, _) = formula { size = min(size * 2, 1 << 30) }
        return size + 2
    }

    // MARK: Terms

    private static func simplified(_ formula: Formula) throws(TemporalError) -> Formula {
        switch formula {
        case .compare(let comparison, let left, let right):
            return .compare(comparison, try folded(left), try folded(right))
        case .matches(let text, let pattern, let groups):
            var terms: [Term?] = []
            for group in groups {
                if let group { terms.append(try folded(group)) } else { terms.append(nil) }
            }
            return .matches(try folded(text), try folded(pattern), terms)
        case .atom(let atom):
            var arguments: [Term] = []
            for argument in atom.arguments { arguments.append(try folded(argument)) }
            return .atom(Atom(atom.name, arguments))
        default:
            return try formula.mapChildren { (child: Formula) throws(TemporalError) in
                try simplified(child)
            }
        }
    }

    private static func folded(_ term: Term) throws(TemporalError) -> Term {
        term.variables.isEmpty ? .constant(try term.value([], [])) : term
    }

    // MARK: Sugar

    private static func desugar(_ formula: Formula) -> Formula {
        switch formula {
        case .connect(.implies, let left, let right):
            return .connect(.or, desugar(.not(left)), desugar(right))
        case .connect(.equivalent, let left, let right):
            return .connect(
                .and, .connect(.or, desugar(.not(left)), desugar(right)),
                .connect(.or, desugar(left), desugar(.not(right))))
        case .quantify(.forAll, let names, let inner):
            return desugar(.not(.quantify(.exists, names, .not(inner))))
        case .quantify(.exists, let names, let inner):
            let inner = desugar(inner)
            let free = inner.freeVariables
            let kept = names.filter { free.contains($0) }
            return kept.isEmpty ? inner : .quantify(.exists, kept, inner)
        case .modal(.always, let interval, let inner):
            return .not(.modal(.eventually, interval, desugar(.not(inner))))
        case .modal(.historically, let interval, let inner):
            return .not(.modal(.once, interval, desugar(.not(inner))))
        default: return formula.mapChildren { desugar($0) }
        }
    }

    // MARK: Negations

    private static func push(_ formula: Formula) -> Formula {
        switch formula {
        case .not(.connect(.and, let left, let right)):
            return .connect(.or, push(.not(left)), push(.not(right)))
        case .not(.connect(.or, let left, let right)):
            return .connect(.and, push(.not(left)), push(.not(right)))
        case .not(.binding(let atom, let definition, let body)):
            return .binding(atom, definition, push(.not(body)))
        case .binding(let atom, let definition, let body):
            return .binding(atom, definition, push(body))
        default: return formula.mapChildren { push($0) }
        }
    }

    private static func withoutDoubleNegations(_ formula: Formula) -> Formula {
        if case .not(.not(let inner)) = formula { return withoutDoubleNegations(inner) }
        return formula.mapChildren { withoutDoubleNegations($0) }
    }
}
