// SPDX-License-Identifier: Apache-2.0

/// After X, Y within D unless Z.
///
/// State: the open obligations by key, with their deadlines in a queue. An answer settles all
/// that are open under its key; the passing of a deadline makes a violation.
struct DeadlineEvaluator: RuleEvaluator {
    enum Part {
        static let guardEnd = 0
        static let guardBegin = 1
        static let trigger = 2
        static let extend = 3
        static let answer = 4
    }

    private(set) var tally = RuleTally()
    private let rule: Deadline
    private let selectors: [CompiledSelector]
    private let width: Int
    private var obligations = ObligationTable()
    private var guarded = KeyTable()

    init(_ rule: Deadline, selectors: [CompiledSelector], width: Int) {
        self.rule = rule
        self.selectors = selectors
        self.width = width
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        var (lastRow, triggeredRow) = (-1, -1)
        for hit in hits {
            let row = Int(hit.row)
            let selector = selectors[Int(hit.selector)]
            guard let key = selector.key.key(batch, row: row), context.owns(key) else { continue }
            let time = batch.times[row]
            // Once an event: what it asks for may be late already, and yet its own answer.
            if row != lastRow { expire(before: time, context, &verdicts) }
            lastRow = row
            switch selector.part {
            case Part.guardEnd: if let number = guarded.find(key) { guarded.remove(number) }
            case Part.guardBegin: _ = guarded.insert(key)
            case Part.trigger:
                guard triggeredRow != row else { continue }
                triggeredRow = row
                guard rule.guardBegins.isEmpty || guarded.find(key) != nil else { continue }
                tally.evaluate(time, batch.indexes[row])
                trigger(key, batch, row, context.calendar)
            case Part.extend: extend(key, time, context.calendar)
            default:
                let count = obligations.discharge(key, before: rule.isStrict ? time : .max)
                tally.satisfied &+= count
            }
        }
    }

    private mutating func trigger(
        _ key: RuleKey, _ batch: borrowing EventBatch, _ row: Int, _ calendar: RuleCalendar
    ) {
        let time = batch.times[row]
        var start = time
        if let field = rule.startField, batch.columns[field.index][row] != EventBatch.absent {
            start = batch.columns[field.index][row]
        }
        obligations.insert(
            Obligation(
                start: start, time: time, index: batch.indexes[row],
                deadline: rule.within.last(from: start, calendar)),
            key)
    }

    private mutating func extend(_ key: RuleKey, _ time: Int64, _ calendar: RuleCalendar) {
        for item in obligations.notExtended(key) where obligations[item].deadline >= time {
            let start = obligations[item].start
            let deadline = rule.extendedWithin.last(from: start, calendar)
            obligations.extend(item, to: max(deadline, obligations[item].deadline))
        }
    }

    mutating func advance(
        to time: Int64, _ context: RuleContext, into verdicts: inout [RuleVerdict]
    ) {
        expire(before: time, context, &verdicts)
    }

    private mutating func expire(
        before time: Int64, _ context: RuleContext, _ verdicts: inout [RuleVerdict]
    ) {
        while let item = obligations.nextExpired(before: time) {
            var verdict = verdict(of: item, .violated, context)
            let end = max(obligations[item].time, obligations[item].deadline)
            if context.gaps.touches(from: obligations[item].time, to: end) {
                verdict.outcome = .unknown
            }
            verdict.searched = obligations[item].time...end
            tally.count(verdict.outcome)
            verdicts.append(verdict)
            obligations.remove(item)
        }
    }

    private func verdict(
        of item: Int, _ outcome: RuleVerdict.Outcome, _ context: RuleContext
    ) -> RuleVerdict {
        let obligation = obligations[item]
        return RuleVerdict(
            rule: context.rule, outcome: outcome, key: obligations.key(of: item).values(width),
            time: obligation.time, index: obligation.index, witnesses: [obligation.index])
    }

    func pending(at time: Int64, _ context: RuleContext) -> [RuleVerdict] {
        obligations.keys.sortedNumbers.flatMap { number in
            obligations.ofKey(obligations.keys.keys[number]).map { item in
                let obligation = obligations[item]
                let warning = rule.warnsAfter?.last(from: obligation.start, context.calendar)
                var verdict = verdict(
                    of: item,
                    .pending(
                        until: obligation.deadline, warns: warning.map { time >= $0 } ?? false),
                    context)
                verdict.searched = obligation.time...max(obligation.time, time)
                return verdict
            }
        }
    }

    func measure(_ statistics: inout RuleStatistics) {
        statistics.pending += obligations.count
        statistics.keyCount += obligations.keys.count + guarded.count
        statistics.heldCount += obligations.count
        statistics.byteCount += obligations.byteCount + guarded.byteCount
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(guarded.count)
        for number in guarded.sortedNumbers { writer.write(guarded.keys[number], width: width) }
        writer.write(obligations.count)
        for number in obligations.keys.sortedNumbers {
            let key = obligations.keys.keys[number]
            for item in obligations.ofKey(key) {
                let obligation = obligations[item]
                writer.write(key, width: width)
                writer.write(obligation.start)
                writer.write(obligation.time)
                writer.write(index: obligation.index)
                writer.write(obligation.deadline)
                writer.write(obligation.isExtended ? 1 : 0)
            }
        }
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        for _ in 0..<(try reader.count()) {
            let (_, isNew) = guarded.insert(try reader.key(width: width))
            guard isNew else { throw RuleError(.malformedState) }
        }
        for _ in 0..<(try reader.count()) {
            let key = try reader.key(width: width)
            let obligation = Obligation(
                start: try reader.integer(), time: try reader.integer(),
                index: try reader.index(), deadline: try reader.integer(),
                isExtended: try reader.flag())
            obligations.insert(obligation, key)
        }
    }
}
