// SPDX-License-Identifier: Apache-2.0

/// What is purged is old enough, and what is too old is purged.
///
/// The age of an entry is that of the last mark before it, or of the first one after: marks are
/// events that come by themselves, kept at most once an hour, so that only what is too young or
/// too old by more than that is a violation. State: the marks that are not purged.
struct RetentionEvaluator: RuleEvaluator {
    private struct Mark: BitwiseCopyable {
        var index: UInt64
        var time: Int64
    }

    /// After a finding, what is too old is looked at again a month later.
    private static let patience: Int64 = 31 * 86_400

    private(set) var tally = RuleTally()
    private let secondsMin: Int64
    private let secondsMax: Int64
    private let selectors: [CompiledSelector]
    private var marks = RingQueue<Mark>()
    /// The entries from 0 on that were purged or reported.
    private var doneUpTo: UInt64 = 0

    init(_ rule: NamedRule, _ selectors: [CompiledSelector]) {
        secondsMin = rule.values[0] * 86_400
        secondsMax = rule.values[1] * 86_400
        self.selectors = selectors
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        guard context.owns(RuleKey()) else { return }
        for hit in hits {
            let row = Int(hit.row)
            let selector = selectors[Int(hit.selector)]
            guard let key = selector.key.key(batch, row: row) else { continue }
            let (time, index) = (batch.times[row], batch.indexes[row])
            expire(before: time, context, &verdicts)
            guard selector.part == 1 else {
                if marks.last.map({ $0.time + 3_600 <= time && $0.index < index }) ?? true {
                    marks.append(Mark(index: index, time: time))
                    tally.heed(time, index)
                }
                continue
            }
            tally.evaluate(time, index)
            purge(through: key.second, time, index, context, &verdicts)
        }
    }

    private mutating func purge(
        through last: Int64, _ time: Int64, _ index: UInt64, _ context: RuleContext,
        _ verdicts: inout [RuleVerdict]
    ) {
        guard last >= 0 else { return }
        var youngest: Mark?
        var sequence = marks.start
        while sequence < marks.end, marks[sequence].index <= UInt64(last) {
            youngest = marks[sequence]
            sequence += 1
        }
        guard let youngest, time - youngest.time < secondsMin else {
            tally.satisfied &+= 1
            doneUpTo = max(doneUpTo, UInt64(last) + 1)
            drop()
            return
        }
        tally.violated &+= 1
        verdicts.append(
            RuleVerdict(
                rule: context.rule, outcome: .violated, key: [], time: time, index: index,
                witnesses: [youngest.index, index].sorted(),
                measure: .init(
                    observed: (time - youngest.time) / 86_400, limit: secondsMin / 86_400)))
    }

    private mutating func drop() {
        while let first = marks.first, first.index < doneUpTo { marks.removeFirst() }
    }

    mutating func advance(
        to time: Int64, _ context: RuleContext, into verdicts: inout [RuleVerdict]
    ) {
        expire(before: time, context, &verdicts)
    }

    private mutating func expire(
        before time: Int64, _ context: RuleContext, _ verdicts: inout [RuleVerdict]
    ) {
        while let first = marks.first, time - first.time > secondsMax {
            tally.evaluate(time, first.index)
            tally.violated &+= 1
            verdicts.append(
                RuleVerdict(
                    rule: context.rule, outcome: .violated, key: [], time: first.time,
                    index: first.index, witnesses: [first.index],
                    searched: first.time...(first.time + secondsMax),
                    measure: .init(
                        observed: (time - first.time) / 86_400, limit: secondsMax / 86_400)))
            while let next = marks.first, next.time < first.time + Self.patience {
                marks.removeFirst()
            }
        }
    }

    func pending(at time: Int64, _ context: RuleContext) -> [RuleVerdict] {
        guard let first = marks.first, context.owns(RuleKey()) else { return [] }
        let deadline = first.time + secondsMax
        return [
            RuleVerdict(
                rule: context.rule,
                outcome: .pending(until: deadline, warns: deadline - time < Self.patience),
                key: [], time: first.time, index: first.index, witnesses: [first.index])
        ]
    }

    func measure(_ statistics: inout RuleStatistics) {
        statistics.heldCount += marks.count
        statistics.byteCount += marks.capacity * 16
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(index: doneUpTo)
        writer.write(marks.count)
        for sequence in marks.start..<marks.end {
            writer.write(index: marks[sequence].index)
            writer.write(marks[sequence].time)
        }
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        doneUpTo = try reader.index()
        for _ in 0..<(try reader.count()) {
            let index = try reader.index()
            let time = try reader.integer()
            guard RuleCalendar.knownTimes.contains(time) else { throw RuleError(.malformedState) }
            marks.append(Mark(index: index, time: time))
        }
    }
}
