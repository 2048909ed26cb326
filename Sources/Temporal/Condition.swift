// SPDX-License-Identifier: Apache-2.0

/// A comparison applied to tuples: it keeps some, or adds columns that it computes.
struct Condition {
    private enum Kind {
        case filter(Formula.Comparison, Term, Term, isNegated: Bool)
        case assign(Term)
        case matches(Term, Term, [Term?], isNegated: Bool)
    }

    /// The columns of the result.
    let columns: [String]
    private let input: [String]
    private let kind: Kind

    init(_ formula: Formula, columns: [String]) throws(TemporalError) {
        input = columns
        self.columns = columns.union(formula.freeVariables)
        let isNegated = formula.negated != nil
        switch formula.negated ?? formula {
        case .compare(.equal, .variable(let name), let term)
        where !isNegated && !columns.contains(name) && term.variables.isSubset(of: columns):
            kind = .assign(term)
        case .compare(.equal, let term, .variable(let name))
        where !isNegated && !columns.contains(name) && term.variables.isSubset(of: columns):
            kind = .assign(term)
        case .compare(let comparison, let left, let right):
            kind = .filter(comparison, left, right, isNegated: isNegated)
        case .matches(let text, let pattern, let groups):
            kind = .matches(text, pattern, groups, isNegated: isNegated)
        default: throw TemporalError(.notMonitorable, subject: formula.description)
        }
    }

    func apply(_ relation: Relation) throws(TemporalError) -> Relation {
        var result = Relation()
        for tuple in relation {
            switch kind {
            case .assign(let term): result.insert(tuple + [try term.value(tuple, input)])
            case .filter(let comparison, let left, let right, let isNegated):
                let (a, b) = (try left.value(tuple, input), try right.value(tuple, input))
                if comparison.holds(a, b) != isNegated { result.insert(tuple) }
            case .matches(let text, let pattern, let groups, let isNegated):
                let match = try match(tuple, text, pattern, groups)
                if isNegated {
                    if match == nil { result.insert(tuple) }
                } else if let match {
                    result.insert(match)
                }
            }
        }
        return result
    }

    /// The tuple with the texts of the groups, or nothing if they do not match.
    private func match(
        _ tuple: [Value], _ text: Term, _ pattern: Term, _ groups: [Term?]
    ) throws(TemporalError) -> [Value]? {
        guard case .string(let bytes) = try text.value(tuple, input),
            case .regexp(let source) = try pattern.value(tuple, input),
            let found = try Pattern(source).firstMatch(in: bytes)
        else { return nil }
        var extended = tuple
        var names = input
        for (index, group) in groups.enumerated() {
            guard let group else { continue }
            guard index + 1 < found.count, let text = found[index + 1] else { return nil }
            if case .variable(let name) = group, !names.contains(name) {
                names.append(name)
                extended.append(.string(text))
            } else if try group.value(extended, names) != .string(text) {
                return nil
            }
        }
        return extended
    }
}

extension Formula.Comparison {
    /// Whether two values of one type compare so.
    func holds(_ a: Value, _ b: Value) -> Bool {
        switch self {
        case .equal: return a == b
        case .less: return a < b
        case .lessOrEqual: return a < b || a == b
        case .substring:
            guard case .string(let part) = a, case .string(let whole) = b else { return false }
            guard part.count <= whole.count else { return false }
            return (0...(whole.count - part.count)).contains { whole[$0...].starts(with: part) }
        }
    }
}
