// SPDX-License-Identifier: Apache-2.0

extension Formula {
    /// The variables whose values the formula itself bounds, and whether all quantified ones are.
    var rangeRestriction: (variables: [String], isSafe: Bool) {
        switch self {
        case .atom(let atom): return (atom.variables, true)
        case .compare(let comparison, let left, let right):
            return (restricted(comparison, left, right, isNegated: false), true)
        case .not(.compare(let comparison, let left, let right)) where comparison != .substring:
            return (restricted(comparison, left, right, isNegated: true), true)
        case .matches(_, _, let groups):
            return (groups.compactMap { $0?.variableName }.unique, true)
        case .not(let inner): return ([], inner.rangeRestriction.isSafe)
        case .connect(.and, let left, let right): return restrictedConjunction(left, right)
        case .connect(_, let left, let right):
            let (first, second) = (left.rangeRestriction, right.rangeRestriction)
            return (
                second.variables.filter { first.variables.contains($0) },
                first.isSafe && second.isSafe
            )
        case .quantify(_, let names, let inner):
            let (variables, isSafe) = inner.rangeRestriction
            var rest = variables
            for name in names {
                guard rest.contains(name) else { return (rest, false) }
                rest.removeAll { $0 == name }
            }
            return (rest, isSafe)
        case .aggregate(let aggregation, let inner):
            let (variables, isSafe) = inner.rangeRestriction
            return (
                [aggregation.result] + variables.filter { aggregation.groups.contains($0) }, isSafe
            )
        case .modal(_, _, let inner): return inner.rangeRestriction
        case .binding(_, _, let body): return body.rangeRestriction
        case .chain(_, _, let left, let right):
            let (variables, isSafe) = right.rangeRestriction
            return (variables, isSafe && left.rangeRestriction.isSafe)
        }
    }

    private func restricted(
        _ comparison: Comparison, _ left: Term, _ right: Term, isNegated: Bool
    ) -> [String] {
        let isSame = left.variableName != nil && left.variableName == right.variableName
        let leftOnly = right.constantValue == nil ? nil : left.variableName
        let rightOnly = left.constantValue == nil ? nil : right.variableName
        let name: String? =
            switch (comparison, isNegated) {
            case (.equal, false): leftOnly ?? rightOnly
            case (.less, false): isSame ? left.variableName : leftOnly
            case (.lessOrEqual, false): leftOnly
            case (.equal, true): isSame ? left.variableName : nil
            case (.less, true): rightOnly
            case (.lessOrEqual, true): isSame ? left.variableName : rightOnly
            case (.substring, _): nil
            }
        return name.map { [$0] } ?? []
    }

    private func restrictedConjunction(
        _ left: Formula, _ right: Formula
    ) -> (variables: [String], isSafe: Bool) {
        let (first, isSafe) = left.rangeRestriction
        switch right {
        case .compare(.equal, .variable(let x), .variable(let y)):
            if first.contains(x) { return (first.union([y]), isSafe) }
            return (first.contains(y) ? first.union([x]) : first, isSafe)
        case .compare(.less, .variable(let x), .variable(let y)):
            return (first.contains(y) || x == y ? first.union([x]) : first, isSafe)
        case .not(.compare(.less, .variable(let x), .variable(let y))):
            return (first.contains(x) ? first.union([y]) : first, isSafe)
        case .compare(.lessOrEqual, let a, let b), .not(.compare(.lessOrEqual, let a, let b)):
            guard isSafe else { return (first, false) }
            return (first, a.variables.isSubset(of: first) && b.variables.isSubset(of: first))
        default:
            let second = right.rangeRestriction
            return (first.union(second.variables), isSafe && second.isSafe)
        }
    }

    /// Whether every variable is bounded by the formula.
    var isSafeRange: Bool {
        let (variables, isSafe) = rangeRestriction
        return isSafe && variables.sorted() == freeVariables.sorted()
    }

    /// Whether that also holds for each temporal part and what is directly inside it.
    var isTemporallySafeRange: Bool {
        func isSafe(_ formula: Formula) -> Bool {
            guard formula.children.allSatisfy(isSafe) else { return false }
            guard formula.isTemporal else { return true }
            return formula.isSafeRange && formula.children.allSatisfy(\.isSafeRange)
        }
        return isSafeRange && isSafe(self)
    }
}
