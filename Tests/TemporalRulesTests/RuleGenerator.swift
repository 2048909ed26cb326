// SPDX-License-Identifier: Apache-2.0

import TemporalRules

/// Draws rules and logs that are small enough for collisions to be common.
struct RuleGenerator {
    static let schema = EventSchema(
        types: ["p", "q", "r", "s"],
        fields: [.init("a"), .init("b"), .init("n", .number), .init("start", .number)])
    static let a = FieldID(rawValue: 0)
    static let b = FieldID(rawValue: 1)
    static let n = FieldID(rawValue: 2)
    static let start = FieldID(rawValue: 3)

    private var state: UInt64
    /// The longest step between two events, in seconds.
    let step: Int
    private let usesCalendar: Bool

    init(seed: UInt64, step: Int, usesCalendar: Bool) {
        state = seed
        self.step = step
        self.usesCalendar = usesCalendar
    }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = (state ^ (state &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word &>> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word &>> 31)) % UInt64(bound))
    }

    mutating func log(_ count: Int) -> EventBatch {
        var batch = EventBatch(schema: Self.schema)
        // A week before the clocks change in Paris.
        var time: Int64 = 1_774_000_000
        for row in 0..<count {
            time += Int64(below(3) == 0 ? 0 : below(step + 1))
            batch.append(
                EventTypeID(rawValue: UInt16(below(4))), time: time, index: UInt64(row * 2 + 1))
            if below(12) > 0 { batch.set(Self.a, to: Int64(below(3))) }
            if below(12) > 0 { batch.set(Self.b, to: Int64(below(3))) }
            if below(12) > 0 { batch.set(Self.n, to: Int64(below(9) - 2)) }
            if below(3) == 0 { batch.set(Self.start, to: time - Int64(below(step * 4 + 1))) }
        }
        return batch
    }

    private mutating func selectors(_ key: [FieldID], _ countMax: Int = 2) -> [EventSelector] {
        (0..<(1 + below(countMax))).map { _ in
            var types = [EventTypeID(rawValue: UInt16(below(4)))]
            if below(4) == 0 { types.append(EventTypeID(rawValue: UInt16(below(4)))) }
            let conditions: [FieldCondition] =
                below(4) == 0 ? [.atLeast(Self.n, Int64(below(6)))] : []
            return EventSelector(types, where: conditions, key: key)
        }
    }

    private mutating func some(_ key: [FieldID]) -> [EventSelector] {
        below(2) == 0 ? [] : selectors(key)
    }

    private mutating func span() -> TimeSpan {
        guard usesCalendar else { return .seconds(Int64(below(step * 6))) }
        switch below(4) {
        case 0: return .days(below(3))
        case 1: return .workingDays(below(3))
        case 2: return .months(below(2))
        default: return .seconds(Int64(below(step * 6)))
        }
    }

    private mutating func window() -> QuotaWindow {
        guard usesCalendar, below(3) > 0 else {
            return .sliding(seconds: Int64(1 + below(step * 8)))
        }
        return .civil([.day, .isoWeek, .month][below(3)])
    }

    private mutating func measure() -> QuotaMeasure {
        switch below(4) {
        case 0: .events
        case 1: .distinct([Self.b])
        case 2: .distinct([Self.b, Self.n])
        default: .sum(Self.n)
        }
    }

    mutating func pattern(_ kind: Int) -> RulePattern {
        let key = [[], [Self.a], [Self.a, Self.b]][below(3)]
        let bound = below(3) == 0 ? TimeSpan.unbounded : span()
        switch kind {
        case 0: return .never(selectors(key))
        case 1, 2:
            let rule = Standing(
                selectors(key), begins: selectors(key), ends: some(key), within: bound)
            return kind == 1 ? .required(rule) : .forbidden(rule)
        case 3: return .deadline(deadline(key))
        case 4:
            var rule = Quota(
                selectors(key), measure: measure(), window: window(), limit: Int64(below(4)))
            if below(3) == 0 { rule.resets = selectors(key) }
            rule.reporting = below(2) == 0 ? .crossing : .everyEvent
            return .quota(rule)
        case 5: return .exclusive(Exclusive(selectors(key), selectors(key), within: bound))
        case 6:
            var rule = Concurrency(
                begins: selectors(key), ends: some(key),
                groups: [[], [Self.a], [Self.n]][below(3)],
                limit: Int64(below(3)))
            rule.reporting = below(2) == 0 ? .crossing : .everyEvent
            return .concurrency(rule)
        default:
            return .baseline(
                Baseline(
                    selectors(key), measure: measure(), dayCount: 3 + below(10),
                    activeDayCountMin: 1 + below(3), factorThousandths: Int64(below(3) * 750),
                    floor: Int64(below(3))))
        }
    }

    private mutating func deadline(_ key: [FieldID]) -> Deadline {
        var rule = Deadline(after: selectors(key), expects: selectors(key), within: span())
        if below(4) == 0 {
            rule.extensions = selectors(key)
            rule.extendedWithin = span()
        }
        if below(4) == 0 {
            rule.guardBegins = selectors(key)
            rule.guardEnds = some(key)
        }
        rule.isStrict = below(3) == 0
        if rule.isStrict, rule.within == .seconds(0) { rule.within = .seconds(1) }
        if rule.isStrict, rule.extendedWithin == .seconds(0) { rule.extendedWithin = .seconds(1) }
        if below(4) == 0 { rule.startField = Self.start }
        return rule
    }
}
