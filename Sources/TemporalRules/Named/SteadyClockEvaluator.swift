// SPDX-License-Identifier: Apache-2.0

/// The clock of a source does not go back: of two signs of life, the later entry has the later time.
///
/// Events come by their time, so a clock that went back shows as an entry that precedes another
/// in the log, and follows it in time. State: for each source its latest entry and that one's time.
struct SteadyClockEvaluator: RuleEvaluator {
    private struct Latest {
        var index: UInt64
        var time: Int64
        var isReported = false
    }

    private(set) var tally = RuleTally()
    private let seconds: Int64
    private let selectors: [CompiledSelector]
    private var latest: [Int64: Latest] = [:]

    init(_ rule: NamedRule, _ selectors: [CompiledSelector]) {
        seconds = rule.values[0] * 60
        self.selectors = selectors
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        for hit in hits {
            let row = Int(hit.row)
            guard let key = selectors[Int(hit.selector)].key.key(batch, row: row),
                context.owns(key)
            else { continue }
            let (time, index) = (batch.times[row], batch.indexes[row])
            tally.evaluate(time, index)
            guard let known = latest[key.first], index < known.index else {
                latest[key.first] = Latest(index: index, time: time)
                tally.satisfied &+= 1
                continue
            }
            guard time - known.time > seconds, !known.isReported else {
                tally.satisfied &+= 1
                continue
            }
            latest[key.first]?.isReported = true
            tally.violated &+= 1
            verdicts.append(
                RuleVerdict(
                    rule: context.rule, outcome: .violated, key: [key.first], time: known.time,
                    index: known.index, witnesses: [index, known.index],
                    measure: .init(observed: time - known.time, limit: seconds)))
        }
    }

    func measure(_ statistics: inout RuleStatistics) {
        statistics.keyCount += latest.count
        statistics.byteCount += latest.count * 40
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(latest.count)
        for (source, known) in latest.sorted(by: { $0.key < $1.key }) {
            writer.write(source)
            writer.write(index: known.index)
            writer.write(known.time)
            writer.write(known.isReported ? 1 : 0)
        }
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        for _ in 0..<(try reader.count()) {
            let source = try reader.integer()
            let (index, time) = (try reader.index(), try reader.integer())
            guard RuleCalendar.knownTimes.contains(time) else { throw RuleError(.malformedState) }
            latest[source] = Latest(index: index, time: time, isReported: try reader.flag())
        }
    }
}
