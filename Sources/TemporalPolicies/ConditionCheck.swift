// SPDX-License-Identifier: Apache-2.0

/// Accepts the conditions that say something of finitely many values.
///
/// The rules are those of Dogwood's formal specification, section 5.4: a condition is closed,
/// each variable is restricted by an event outside any negation, what filters comes after what
/// restricts, aggregates stand beside comparisons, and each part depends on the time point.
struct ConditionCheck {
    /// A rule that is broken, and by what.
    typealias Fault = (code: TemporalPolicyError.Code, subject: String)

    static func fault(of condition: TemporalCondition, windowMax: Int64) -> Fault? {
        if let name = condition.freeVariables.min() { return (.freeVariable, name) }
        if let fault = chainFault(condition, []) { return fault }
        for conjunct in condition.conjuncts where !conjunct.dependsOnTime {
            return (.monitorsNothing, "")
        }
        if let fault = scopeFault(condition) { return fault }
        if let window = condition.windows.max(), window > windowMax {
            return (.windowTooLong, "\(window)s")
        }
        return nil
    }

    // MARK: The order of restriction and use

    private static func chainFault(
        _ condition: TemporalCondition, _ restricted: Set<String>
    ) -> Fault? {
        var restricted = restricted
        for conjunct in condition.conjuncts {
            if let fault = fault(conjunct, restricted) { return fault }
            restricted.formUnion(conjunct.restrictedVariables)
        }
        return nil
    }

    private static func fault(
        _ condition: TemporalCondition, _ restricted: Set<String>
    ) -> Fault? {
        switch condition {
        case .and: return chainFault(condition, restricted)
        case .event(let predicate):
            if predicate.fields.contains(where: { $0.term.holdsAggregate }) {
                return (.misplacedAggregate, predicate.kind)
            }
            return nil
        case .timePoint: return nil
        case .compare(_, let left, let right):
            return comparisonFault(condition, [left, right], restricted)
        case .not(let inner):
            return tooEarly(inner.freeVariables, restricted) ?? chainFault(inner, restricted)
        case .formerly(_, let inner), .previous(_, let inner):
            return chainFault(inner, restricted)
        case .since(let left, _, let right):
            if let fault = chainFault(right, restricted) { return fault }
            let known = restricted.union(right.restrictedVariables)
            return tooEarly(left.freeVariables, known) ?? chainFault(left, known)
        case .exists(let name, _, let inner):
            guard inner.restrictedVariables.contains(name) else {
                return (.unrestrictedVariable, name)
            }
            return chainFault(inner, restricted.subtracting([name]))
        }
    }

    private static func tooEarly(_ used: Set<String>, _ restricted: Set<String>) -> Fault? {
        used.subtracting(restricted).min().map { (.usedTooEarly, $0) }
    }

    private static func comparisonFault(
        _ condition: TemporalCondition, _ terms: [TemporalCondition.Term],
        _ restricted: Set<String>
    ) -> Fault? {
        for term in terms {
            if case .array(let items) = term, items.contains(where: \.holdsAggregate) {
                return (.misplacedAggregate, "")
            }
            guard let aggregate = term.aggregate else { continue }
            if let fault = aggregateFault(aggregate, restricted) { return fault }
        }
        let used = Set(terms.flatMap(\.freeVariables))
            .subtracting(condition.restrictedVariables)
        return tooEarly(used, restricted)
    }

    private static func aggregateFault(
        _ aggregate: TemporalCondition.Aggregate, _ restricted: Set<String>
    ) -> Fault? {
        let domain = Set(aggregate.domain.map(\.name))
        if let summed = aggregate.summed, !domain.contains(summed) {
            return (.sumOutsideDomain, summed)
        }
        let bound = aggregate.body.restrictedVariables
        if let name = domain.subtracting(bound).min() { return (.unrestrictedVariable, name) }
        return chainFault(aggregate.body, restricted.subtracting(domain))
    }

    // MARK: Dependence on time

    /// A part inside an operator that is the same at all time points.
    private static func scopeFault(_ condition: TemporalCondition) -> Fault? {
        let scopes: [TemporalCondition] =
            switch condition {
            case .formerly(_, let inner), .previous(_, let inner), .exists(_, _, let inner):
                [inner]
            case .since(let left, _, let right): [left, right]
            default: []
            }
        if scopes.contains(where: { !$0.dependsOnTime }) { return (.monitorsNothing, "") }
        let aggregates = condition.terms.compactMap(\.aggregate?.body)
        if aggregates.contains(where: { !$0.dependsOnTime }) { return (.monitorsNothing, "") }
        for inner in condition.children + aggregates {
            if let fault = scopeFault(inner) { return fault }
        }
        return nil
    }
}

extension TemporalCondition {
    /// The variables that an event, a time point or an equality pins, outside any negation.
    var restrictedVariables: Set<String> {
        switch self {
        case .event(let predicate): return Set(predicate.fields.compactMap(\.term.variableName))
        case .timePoint(let name): return [name]
        case .compare(.equal, let left, let right):
            if let name = left.variableName, right.isPinning { return [name] }
            if let name = right.variableName, left.isPinning { return [name] }
            return []
        case .compare, .not: return []
        case .and(let left, let right):
            return left.restrictedVariables.union(right.restrictedVariables)
        case .formerly(_, let inner), .previous(_, let inner): return inner.restrictedVariables
        case .since(_, _, let right): return right.restrictedVariables
        case .exists(let name, _, let inner): return inner.restrictedVariables.subtracting([name])
        }
    }

    /// Whether the condition can differ between time points.
    var dependsOnTime: Bool {
        switch self {
        case .event, .timePoint: true
        case .compare(_, let left, let right): left.aggregate != nil || right.aggregate != nil
        default: children.contains(where: \.dependsOnTime)
        }
    }
}

extension TemporalCondition.Term {
    /// Whether an equality with the term pins a variable.
    fileprivate var isPinning: Bool {
        switch self {
        case .variable, .wildcard: false
        default: true
        }
    }

    fileprivate var holdsAggregate: Bool {
        switch self {
        case .aggregate: true
        case .array(let terms): terms.contains(where: \.holdsAggregate)
        default: false
        }
    }
}
