// SPDX-License-Identifier: Apache-2.0

/// Something is not seen any more so many months after a person left, unless they came back.
///
/// State: when each person who left did so.
struct AfterLeavingEvaluator: RuleEvaluator {
    private struct Departure {
        var time: Int64
        var index: UInt64
    }

    private(set) var tally = RuleTally()
    private let months: Int
    private let selectors: [CompiledSelector]
    private var departures: [Int64: Departure] = [:]

    init(_ rule: NamedRule, _ selectors: [CompiledSelector]) {
        months = Int(min(rule.values[0], 1_200))
        self.selectors = selectors
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        for hit in hits {
            let row = Int(hit.row)
            let selector = selectors[Int(hit.selector)]
            guard let key = selector.key.key(batch, row: row), context.owns(key) else { continue }
            let (time, index) = (batch.times[row], batch.indexes[row])
            switch selector.part {
            case 0: departures[key.first] = nil
            case 1:
                tally.heed(time, index)
                departures[key.first] = Departure(time: time, index: index)
            default:
                tally.evaluate(time, index)
                let left = departures[key.first]
                let last = left.map {
                    TimeSpan.months(months).last(from: $0.time, context.calendar)
                }
                guard let left, let last, time > last else {
                    tally.satisfied &+= 1
                    continue
                }
                tally.violated &+= 1
                verdicts.append(
                    RuleVerdict(
                        rule: context.rule, outcome: .violated, key: [key.first], time: time,
                        index: index, witnesses: [left.index, index].sorted(), measure: nil))
            }
        }
    }

    func measure(_ statistics: inout RuleStatistics) {
        statistics.keyCount += departures.count
        statistics.byteCount += departures.count * 32
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(departures.count)
        for (person, departure) in departures.sorted(by: { $0.key < $1.key }) {
            writer.write(person)
            writer.write(departure.time)
            writer.write(index: departure.index)
        }
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        for _ in 0..<(try reader.count()) {
            let (person, time) = (try reader.integer(), try reader.integer())
            guard RuleCalendar.knownTimes.contains(time) else { throw RuleError(.malformedState) }
            departures[person] = Departure(time: time, index: try reader.index())
        }
    }
}
