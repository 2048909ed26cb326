// SPDX-License-Identifier: Apache-2.0

/// Two releases of one perimeter do not differ by what could reveal somebody.
///
/// The same period is released once, or again as a correction that names the release it replaces;
/// two periods that overlap are nested calendar periods (the month within its quarter), for the
/// difference of any others is a table of a few days. State: the requests that were computed and
/// the releases.
struct ReleasesEvaluator: RuleEvaluator {
    private struct Table: Hashable {
        var perimeter: Int64
        /// The first day and the last, both in one number: ``days``.
        var period: Int64

        /// Days since 1970.
        var days: ClosedRange<Int64> {
            let first = period >> 24
            return first...max(first, period & 0xFF_FFFF)
        }

        func reveals(_ other: Table, _ calendar: RuleCalendar) -> Bool {
            guard perimeter == other.perimeter, period != other.period,
                days.overlaps(other.days)
            else { return false }
            let isNested =
                days.lowerBound <= other.days.lowerBound
                && other.days.upperBound <= days.upperBound
                || other.days.lowerBound <= days.lowerBound
                    && days.upperBound <= other.days.upperBound
            return !(isNested && isOfMonths(calendar) && other.isOfMonths(calendar))
        }

        /// Whether the period begins with a month and ends with one.
        private func isOfMonths(_ calendar: RuleCalendar) -> Bool {
            let (first, last) = (Int(days.lowerBound), Int(days.upperBound))
            let month = CivilPeriod.month
            return month.number(ofDay: first) != month.number(ofDay: first - 1)
                && month.number(ofDay: last) != month.number(ofDay: last + 1)
        }
    }

    private struct Release {
        var hash: Int64
        var index: UInt64
        var isCorrected = false
    }

    private(set) var tally = RuleTally()
    private let selectors: [CompiledSelector]
    private var computed: [Int64: Table] = [:]
    private var released: [Table: Release] = [:]

    init(_ rule: NamedRule, _ selectors: [CompiledSelector]) { self.selectors = selectors }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        guard context.owns(RuleKey()) else { return }
        for hit in hits {
            let row = Int(hit.row)
            let selector = selectors[Int(hit.selector)]
            guard let key = selector.key.key(batch, row: row) else { continue }
            switch selector.part {
            case 0: computed[key.first] = Table(perimeter: key.second, period: key.third)
            case 1:
                for (table, release) in released where release.hash == key.first {
                    released[table]?.isCorrected = true
                }
            default: release(key, batch, row, context, &verdicts)
            }
        }
    }

    private mutating func release(
        _ key: RuleKey, _ batch: borrowing EventBatch, _ row: Int, _ context: RuleContext,
        _ verdicts: inout [RuleVerdict]
    ) {
        guard let table = computed[key.first] else { return }
        let (time, index) = (batch.times[row], batch.indexes[row])
        tally.evaluate(time, index)
        var others = released.filter { $0.key.reveals(table, context.calendar) }.map(\.value.index)
        if let same = released[table], same.hash != key.second, !same.isCorrected {
            others.append(same.index)
        }
        released[table] = Release(hash: key.second, index: index)
        guard !others.isEmpty else {
            tally.satisfied &+= 1
            return
        }
        tally.violated &+= 1
        verdicts.append(
            RuleVerdict(
                rule: context.rule, outcome: .violated, key: [table.perimeter], time: time,
                index: index, witnesses: (others + [index]).sorted(), measure: nil))
    }

    func measure(_ statistics: inout RuleStatistics) {
        statistics.keyCount += computed.count + released.count
        statistics.byteCount += computed.count * 40 + released.count * 56
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(computed.count)
        for (request, table) in computed.sorted(by: { $0.key < $1.key }) {
            for value in [request, table.perimeter, table.period] { writer.write(value) }
        }
        writer.write(released.count)
        for (table, release) in released.sorted(by: { $0.value.index < $1.value.index }) {
            for value in [table.perimeter, table.period, release.hash] { writer.write(value) }
            writer.write(index: release.index)
            writer.write(release.isCorrected ? 1 : 0)
        }
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        for _ in 0..<(try reader.count()) {
            let request = try reader.integer()
            computed[request] = try Self.table(&reader)
        }
        for _ in 0..<(try reader.count()) {
            let table = try Self.table(&reader)
            let (hash, index) = (try reader.integer(), try reader.index())
            released[table] = Release(hash: hash, index: index, isCorrected: try reader.flag())
        }
    }

    private static func table(_ reader: inout StateReader) throws(RuleError) -> Table {
        let (perimeter, period) = (try reader.integer(), try reader.integer())
        guard period >= 0, period < 1 << 48 else { throw RuleError(.malformedState) }
        return Table(perimeter: perimeter, period: period)
    }
}
