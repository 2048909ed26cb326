// SPDX-License-Identifier: Apache-2.0

import Cedar

extension ConditionEvaluator {
    /// The time points whose events make a condition true: of several that would do, the latest.
    ///
    /// There are none of a part that holds because something is missing.
    mutating func witnesses(
        _ condition: TemporalCondition, at point: Int, _ row: Row
    ) throws(EvaluationTooCostly) -> [Int] {
        switch condition {
        case .and(let left, let right):
            for found in try rows(left, at: point, row).reversed()
            where try holds(right, at: point, found) {
                return try witnesses(left, at: point, found) + witnesses(right, at: point, found)
            }
            return []
        case .not, .timePoint: return []
        case .event: return try holds(condition, at: point, row) ? [point] : []
        case .formerly(let window, let inner), .since(_, let window, let inner):
            for other in try candidates(inner, window, at: point, row).reversed()
            where try holds(inner, at: other, row) {
                return try witnesses(inner, at: other, row)
            }
            return []
        case .previous(let window, let inner):
            guard let before = pointBefore(point, window) else { return [] }
            return try witnesses(inner, at: before, row)
        case .exists(let name, _, let inner):
            var inside = row
            inside[name] = nil
            return try witnesses(inner, at: point, inside)
        case .compare(_, let left, let right):
            return try counted(left, at: point, row) + counted(right, at: point, row)
        }
    }

    /// The events that a count or a sum was made of.
    private mutating func counted(
        _ term: TemporalCondition.Term, at point: Int, _ row: Row
    ) throws(EvaluationTooCostly) -> [Int] {
        guard let aggregate = term.aggregate else { return [] }
        var inside = row
        for binder in aggregate.domain { inside[binder.name] = nil }
        var points: [Int] = []
        for found in try rows(aggregate.body, at: point, inside) {
            points += try witnesses(aggregate.body, at: point, found)
        }
        return points
    }
}
