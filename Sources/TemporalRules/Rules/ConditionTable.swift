// SPDX-License-Identifier: Apache-2.0

/// The conditions of all selectors of a program, side by side as plain numbers.
///
/// Every event is held against the conditions of every selector that listens to its type, which is
/// most of what a rule costs: nothing here is counted, copied or followed.
struct ConditionTable: Sendable {
    /// Some conditions, all of which an event is to satisfy.
    typealias Group = Range<Int>

    private struct Condition: BitwiseCopyable {
        enum Kind: UInt8 {
            case equal, isIn, isNotIn, atLeast, atMost, hasAny, hasNone, absent, present
            case same, different, exceeds, outsideHours
        }

        var kind: Kind
        var field: Int32 = 0
        /// The second field, the first of the values, or the number of the calendar.
        var other: Int32 = 0
        /// The bound, or how many values there are.
        var bound: Int64 = 0
    }

    private struct Hours {
        var calendar: RuleCalendar
        var fromMinute: Int
        var toMinute: Int
    }

    private var conditions: [Condition] = []
    private var values: [Int64] = []
    private var hours: [Hours] = []

    /// Takes in some conditions.
    mutating func add(_ group: [FieldCondition]) -> Group {
        let start = conditions.count
        conditions += group.map { compiled($0) }
        return start..<conditions.count
    }

    /// Whether an event satisfies all conditions of a group.
    @inline(__always)
    func hold(_ group: Group, of batch: borrowing EventBatch, row: Int) -> Bool {
        for place in group {
            guard holds(conditions[place], batch, row) else { return false }
        }
        return true
    }

    private func holds(
        _ condition: Condition, _ batch: borrowing EventBatch, _ row: Int
    ) -> Bool {
        if condition.kind == .outsideHours {
            let hours = hours[Int(condition.other)]
            return hours.calendar.isOutside(
                batch.times[row], fromMinute: hours.fromMinute, toMinute: hours.toMinute)
        }
        let value = batch.columns[Int(condition.field)][row]
        guard value != EventBatch.absent else {
            return condition.kind == .absent || condition.kind == .hasNone
        }
        switch condition.kind {
        case .equal: return value == condition.bound
        case .isIn: return hasValue(condition, value)
        case .isNotIn: return !hasValue(condition, value)
        case .atLeast: return value >= condition.bound
        case .atMost: return value <= condition.bound
        case .hasAny: return value & condition.bound != 0
        case .hasNone: return value & condition.bound == 0
        case .absent, .outsideHours: return false
        case .present: return true
        case .same, .different, .exceeds:
            let other = batch.columns[Int(condition.other)][row]
            guard other != EventBatch.absent else { return false }
            if condition.kind == .same { return value == other }
            if condition.kind == .different { return value != other }
            let (difference, overflow) = value.subtractingReportingOverflow(other)
            return overflow ? value > other : difference > condition.bound
        }
    }

    private func hasValue(_ condition: Condition, _ value: Int64) -> Bool {
        let start = Int(condition.other)
        for place in start..<start + Int(condition.bound) where values[place] == value {
            return true
        }
        return false
    }

    private mutating func compiled(_ condition: FieldCondition) -> Condition {
        switch condition {
        case .isIn(let field, let list) where list.count == 1:
            one(.equal, field, bound: list[0])
        case .isIn(let field, let list): several(.isIn, field, list)
        case .isNotIn(let field, let list): several(.isNotIn, field, list)
        case .atLeast(let field, let bound): one(.atLeast, field, bound: bound)
        case .atMost(let field, let bound): one(.atMost, field, bound: bound)
        case .hasAny(let field, let words): one(.hasAny, field, bound: words)
        case .hasNone(let field, let words): one(.hasNone, field, bound: words)
        case .absent(let field): one(.absent, field)
        case .present(let field): one(.present, field)
        case .same(let left, let right): one(.same, left, right)
        case .different(let left, let right): one(.different, left, right)
        case .exceeds(let left, let right, let amount):
            one(.exceeds, left, right, bound: amount)
        case .outsideHours(let calendar, let start, let end):
            outside(Hours(calendar: calendar, fromMinute: start, toMinute: end))
        }
    }

    private func one(
        _ kind: Condition.Kind, _ field: FieldID, _ other: FieldID? = nil, bound: Int64 = 0
    ) -> Condition {
        Condition(
            kind: kind, field: Int32(field.index), other: Int32(other?.index ?? 0), bound: bound)
    }

    private mutating func several(
        _ kind: Condition.Kind, _ field: FieldID, _ list: [Int64]
    ) -> Condition {
        defer { values += list }
        return Condition(
            kind: kind, field: Int32(field.index), other: Int32(values.count),
            bound: Int64(list.count))
    }

    private mutating func outside(_ times: Hours) -> Condition {
        defer { hours.append(times) }
        return Condition(kind: .outsideHours, other: Int32(hours.count))
    }
}
