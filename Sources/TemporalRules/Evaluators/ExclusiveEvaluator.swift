// SPDX-License-Identifier: Apache-2.0

/// Never both X and Y by one A.
///
/// State: for each key the latest event of either side.
struct ExclusiveEvaluator: RuleEvaluator {
    enum Part {
        static let first = 0
        static let second = 1
    }

    private struct Sighting: BitwiseCopyable, Sendable {
        var times: (Int64, Int64) = (0, 0)
        var indexes: (UInt64, UInt64) = (0, 0)
        var has: (Bool, Bool) = (false, false)
        /// The last second at which either side still counts.
        var last: Int64 = 0

        func side(_ part: Int) -> (time: Int64, index: UInt64)? {
            if part == Part.first { return has.0 ? (times.0, indexes.0) : nil }
            return has.1 ? (times.1, indexes.1) : nil
        }

        mutating func see(_ part: Int, _ time: Int64, _ index: UInt64) {
            if part == Part.first {
                (times.0, indexes.0, has.0) = (time, index, true)
            } else {
                (times.1, indexes.1, has.1) = (time, index, true)
            }
        }
    }

    private(set) var tally = RuleTally()
    private let within: TimeSpan
    private let selectors: [CompiledSelector]
    private let width: Int
    private var keys = ExpiringKeys()
    private var sightings: [Sighting] = []

    init(_ rule: Exclusive, selectors: [CompiledSelector], width: Int) {
        within = rule.within
        self.selectors = selectors
        self.width = width
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        var lastRow = -1
        var reported: [RuleKey] = []
        for hit in hits {
            let row = Int(hit.row)
            let selector = selectors[Int(hit.selector)]
            guard let key = selector.key.key(batch, row: row), context.owns(key) else { continue }
            let (time, index) = (batch.times[row], batch.indexes[row])
            if row != lastRow {
                reported.removeAll(keepingCapacity: true)
                lastRow = row
                tally.evaluate(time, index)
            }
            keys.expire(before: time)
            let other = see(key, selector.part, time, index, context.calendar)
            guard let other, !reported.contains(key) else { continue }
            guard within.last(from: other.time, context.calendar) >= time else { continue }
            reported.append(key)
            tally.violated &+= 1
            verdicts.append(
                RuleVerdict(
                    rule: context.rule, outcome: .violated, key: key.values(width), time: time,
                    index: index, witnesses: other.index == index ? [index] : [other.index, index]))
        }
    }

    /// Notes one side; gives the latest event of the other.
    private mutating func see(
        _ key: RuleKey, _ part: Int, _ time: Int64, _ index: UInt64, _ calendar: RuleCalendar
    ) -> (time: Int64, index: UInt64)? {
        let (number, isNew) = keys.insert(key)
        if number == sightings.count {
            sightings.append(Sighting())
        } else if isNew {
            sightings[number] = Sighting()
        }
        sightings[number].see(part, time, index)
        hold(number, through: within.last(from: time, calendar))
        return sightings[number].side(1 - part)
    }

    private mutating func hold(_ number: Int, through last: Int64) {
        sightings[number].last = last
        keys.hold(number, through: last)
    }

    mutating func advance(
        to time: Int64, _ context: RuleContext, into verdicts: inout [RuleVerdict]
    ) {
        keys.expire(before: time)
    }

    func measure(_ statistics: inout RuleStatistics) {
        statistics.keyCount += keys.count
        statistics.heldCount += keys.count
        statistics.byteCount += keys.byteCount + sightings.count * 48
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(keys.count)
        for number in keys.table.sortedNumbers {
            let sighting = sightings[number]
            writer.write(keys.table.keys[number], width: width)
            writer.write(sighting.last)
            for part in [Part.first, Part.second] {
                let side = sighting.side(part)
                writer.write(side == nil ? 0 : 1)
                guard let side else { continue }
                writer.write(side.time)
                writer.write(index: side.index)
            }
        }
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        var previous: RuleKey?
        for _ in 0..<(try reader.count()) {
            let key = try reader.key(width: width)
            if let previous, previous >= key { throw RuleError(.malformedState) }
            previous = key
            let last = try reader.integer()
            let number = keys.insert(key).number
            sightings.append(Sighting())
            for part in [Part.first, Part.second] where try reader.flag() {
                sightings[number].see(part, try reader.integer(), try reader.index())
            }
            hold(number, through: within == .unbounded ? .max : last)
        }
    }
}
