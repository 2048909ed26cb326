// SPDX-License-Identifier: Apache-2.0

/// No more in a civil day than median + k · MAD of the actor's own past days.
///
/// State: today's count, and for each actor the past days on which there was something to
/// count. All arithmetic is on integers: twice the median and four times the deviation are whole.
struct BaselineEvaluator: RuleEvaluator {
    private struct PastDay: BitwiseCopyable, Sendable {
        var day: Int
        var count: Int64
    }

    /// Far beyond what a day can hold, and far from overflow.
    private static let countMax: Int64 = 1 << 52
    private static let dayMax: Int64 = 1 << 32

    private(set) var tally = RuleTally()
    private let rule: Baseline
    private let selectors: [CompiledSelector]
    private let width: Int
    private var today: WindowCount
    private var history: [RuleKey: [PastDay]] = [:]
    private var reported: Set<RuleKey> = []
    private var limits: [RuleKey: Int64] = [:]

    init(_ rule: Baseline, selectors: [CompiledSelector], width: Int) {
        self.rule = rule
        self.selectors = selectors
        self.width = width
        today = WindowCount(rule.measure, window: .civil(.day))
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        var countedRow = -1
        for hit in hits where Int(hit.row) != countedRow {
            let row = Int(hit.row)
            let selector = selectors[Int(hit.selector)]
            guard let key = selector.key.key(batch, row: row), context.owns(key) else { continue }
            countedRow = row
            let time = batch.times[row]
            turn(to: time, context.calendar)
            guard let (before, after) = today.add(key, batch, row: row) else { continue }
            tally.evaluate(time, batch.indexes[row])
            guard after > before, after > rule.floor, !reported.contains(key),
                let limit = limit(of: key), after > limit
            else {
                tally.satisfied &+= 1
                continue
            }
            reported.insert(key)
            tally.violated &+= 1
            verdicts.append(
                RuleVerdict(
                    rule: context.rule, outcome: .violated, key: key.values(width), time: time,
                    index: batch.indexes[row], witnesses: today.witnesses(of: key),
                    measure: .init(observed: after, limit: limit)))
        }
    }

    /// Puts the days that ended into the past.
    private mutating func turn(to time: Int64, _ calendar: RuleCalendar) {
        let now = today.period(at: time, .day, calendar)
        guard let old = today.period, old != now else {
            today.expire(at: time, calendar)
            return
        }
        for (key, count) in today.totals {
            history[key, default: []].append(
                PastDay(day: old, count: min(max(count, -Self.countMax), Self.countMax)))
        }
        for (key, days) in history {
            let kept = days.filter { $0.day >= now - rule.dayCount }
            if kept.count < days.count { history[key] = kept.isEmpty ? nil : kept }
        }
        reported.removeAll()
        limits.removeAll()
        today.expire(at: time, calendar)
    }

    /// The most that the past leads one to expect; nothing if there is too little of it.
    private mutating func limit(of key: RuleKey) -> Int64? {
        if let limit = limits[key] { return limit }
        guard let days = history[key], days.count >= rule.activeDayCountMin, !days.isEmpty else {
            return nil
        }
        let limit = Self.limit(days.map(\.count), factorThousandths: rule.factorThousandths)
        limits[key] = limit
        return limit
    }

    /// The largest whole number that is not above median + k · MAD.
    static func limit(_ counts: [Int64], factorThousandths: Int64) -> Int64 {
        let doubleMedian = doubleMedian(counts)
        let quadrupleDeviation = Self.doubleMedian(counts.map { abs(2 &* $0 &- doubleMedian) })
        let (product, overflow) = quadrupleDeviation.multipliedReportingOverflow(
            by: factorThousandths)
        let (doubled, tooLarge) = doubleMedian.multipliedReportingOverflow(by: 2_000)
        let (sum, isBeyond) = doubled.addingReportingOverflow(product)
        guard !overflow, !tooLarge, !isBeyond else { return .max }
        return sum / 4_000 - (sum % 4_000 < 0 ? 1 : 0)
    }

    private static func doubleMedian(_ values: [Int64]) -> Int64 {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[(sorted.count - 1) / 2] &+ sorted[sorted.count / 2]
    }

    mutating func advance(
        to time: Int64, _ context: RuleContext, into verdicts: inout [RuleVerdict]
    ) {
        turn(to: time, context.calendar)
    }

    func measure(_ statistics: inout RuleStatistics) {
        let past = history.values.reduce(0) { $0 + $1.count }
        statistics.keyCount += today.keyCount + history.count
        statistics.heldCount += today.heldCount + past
        statistics.byteCount += today.byteCount + past * 16 + history.count * 64
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        today.encode(into: &writer, width: width)
        writer.write(reported.count)
        for key in reported.sorted() { writer.write(key, width: width) }
        writer.write(history.count)
        for (key, days) in history.sorted(by: { $0.key < $1.key }) {
            writer.write(key, width: width)
            writer.write(days.count)
            for day in days {
                writer.write(day.day)
                writer.write(day.count)
            }
        }
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        try today.decode(from: &reader, width: width)
        for _ in 0..<(try reader.count()) { reported.insert(try reader.key(width: width)) }
        for _ in 0..<(try reader.count()) {
            let key = try reader.key(width: width)
            var days: [PastDay] = []
            for _ in 0..<(try reader.count()) {
                let (day, count) = (try reader.integer(), try reader.integer())
                guard (-Self.dayMax...Self.dayMax).contains(day),
                    (-Self.countMax...Self.countMax).contains(count)
                else {
                    throw RuleError(.malformedState)
                }
                days.append(PastDay(day: Int(day), count: count))
            }
            guard history.updateValue(days, forKey: key) == nil else {
                throw RuleError(.malformedState)
            }
        }
    }
}
