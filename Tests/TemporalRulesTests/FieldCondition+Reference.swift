// SPDX-License-Identifier: Apache-2.0

@testable import TemporalRules

extension FieldCondition {
    /// Whether an event satisfies the condition, by its definition.
    func holds(_ batch: EventBatch, row: Int) -> Bool {
        func value(_ field: FieldID) -> Int64 { batch.columns[Int(field.rawValue)][row] }
        let absent = EventBatch.absent
        switch self {
        case .isIn(let field, let values):
            let value = value(field)
            return value != absent && values.contains(value)
        case .isNotIn(let field, let values):
            let value = value(field)
            return value != absent && !values.contains(value)
        case .atLeast(let field, let bound):
            let value = value(field)
            return value != absent && value >= bound
        case .atMost(let field, let bound):
            let value = value(field)
            return value != absent && value <= bound
        case .hasAny(let field, let words):
            let value = value(field)
            return value != absent && value & words != 0
        case .hasNone(let field, let words):
            let value = value(field)
            return value == absent || value & words == 0
        case .absent(let field): return value(field) == absent
        case .present(let field): return value(field) != absent
        case .same(let left, let right):
            let (left, right) = (value(left), value(right))
            return left != absent && left == right
        case .different(let left, let right):
            let (left, right) = (value(left), value(right))
            return left != absent && right != absent && left != right
        case .exceeds(let left, let right, let amount):
            let (left, right) = (value(left), value(right))
            guard left != absent, right != absent else { return false }
            let (difference, overflow) = left.subtractingReportingOverflow(right)
            return overflow ? left > right : difference > amount
        case .outsideHours(let calendar, let start, let end):
            return calendar.isOutside(batch.times[row], fromMinute: start, toMinute: end)
        }
    }
}
