// SPDX-License-Identifier: Apache-2.0

/// What was given to others and then withdrawn must be deleted by each of them in time.
///
/// State: who holds what of whom, and the withdrawals whose deadline has not passed.
struct PropagationEvaluator: RuleEvaluator {
    private struct Withdrawal {
        var deadline: Int64
        var time: Int64
        var index: UInt64
        /// Who still holds it, and by which entry.
        var holders: [Int64: UInt64]
    }

    private(set) var tally = RuleTally()
    private let seconds: Int64
    private let selectors: [CompiledSelector]
    private var given: [Int64: [Int64: UInt64]] = [:]
    private var open: [Int64: [Withdrawal]] = [:]
    /// No withdrawal is due before this.
    private var nearest = Int64.max

    init(_ rule: NamedRule, _ selectors: [CompiledSelector]) {
        seconds = rule.values[0] * 3_600
        self.selectors = selectors
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        for hit in hits {
            let row = Int(hit.row)
            let selector = selectors[Int(hit.selector)]
            guard let key = selector.key.key(batch, row: row), context.owns(RuleKey(key.first))
            else { continue }
            let time = batch.times[row]
            expire(before: time, context, &verdicts)
            switch selector.part {
            case 0: given[key.first, default: [:]][key.second] = batch.indexes[row]
            case 1:
                tally.evaluate(time, batch.indexes[row])
                guard let holders = given.removeValue(forKey: key.first) else {
                    tally.satisfied &+= 1
                    continue
                }
                let deadline = time + seconds
                open[key.first, default: []].append(
                    Withdrawal(
                        deadline: deadline, time: time, index: batch.indexes[row],
                        holders: holders))
                nearest = min(nearest, deadline)
            default: delete(key)
            }
        }
    }

    private mutating func delete(_ key: RuleKey) {
        given[key.first]?[key.second] = nil
        if given[key.first]?.isEmpty == true { given[key.first] = nil }
        guard var list = open[key.first] else { return }
        for place in list.indices { list[place].holders[key.second] = nil }
        tally.satisfied &+= list.count { $0.holders.isEmpty }
        list.removeAll { $0.holders.isEmpty }
        open[key.first] = list.isEmpty ? nil : list
    }

    mutating func advance(
        to time: Int64, _ context: RuleContext, into verdicts: inout [RuleVerdict]
    ) {
        expire(before: time, context, &verdicts)
    }

    private mutating func expire(
        before time: Int64, _ context: RuleContext, _ verdicts: inout [RuleVerdict]
    ) {
        guard nearest < time else { return }
        nearest = .max
        for (person, list) in open {
            for item in list where item.deadline < time {
                let isHidden = context.gaps.touches(from: item.time, to: item.deadline)
                var verdict = verdict(person, item, isHidden ? .unknown : .violated, context)
                verdict.searched = item.time...item.deadline
                tally.count(verdict.outcome)
                verdicts.append(verdict)
            }
            let rest = list.filter { $0.deadline >= time }
            open[person] = rest.isEmpty ? nil : rest
            for item in rest { nearest = min(nearest, item.deadline) }
        }
    }

    private func verdict(
        _ person: Int64, _ item: Withdrawal, _ outcome: RuleVerdict.Outcome,
        _ context: RuleContext
    ) -> RuleVerdict {
        let shares = item.holders.values.sorted().suffix(RuleVerdict.witnessCountMax)
        return RuleVerdict(
            rule: context.rule, outcome: outcome, key: [person], time: item.time,
            index: item.index, witnesses: (shares + [item.index]).sorted())
    }

    func pending(at time: Int64, _ context: RuleContext) -> [RuleVerdict] {
        open.flatMap { person, list in
            list.map { item in
                var verdict = verdict(
                    person, item, .pending(until: item.deadline, warns: false), context)
                verdict.searched = item.time...max(item.time, time)
                return verdict
            }
        }
    }

    func measure(_ statistics: inout RuleStatistics) {
        let held = given.values.reduce(0) { $0 + $1.count }
        statistics.pending += open.values.reduce(0) { $0 + $1.count }
        statistics.keyCount += given.count + open.count
        statistics.heldCount += held
        statistics.byteCount += held * 32 + open.count * 96
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(given.count)
        for (person, holders) in given.sorted(by: { $0.key < $1.key }) {
            writer.write(person)
            Self.encode(holders, into: &writer)
        }
        let list = open.flatMap { person, list in list.map { (person: person, item: $0) } }
            .sorted { ($0.item.index, $0.person) < ($1.item.index, $1.person) }
        writer.write(list.count)
        for (person, item) in list {
            writer.write(person)
            writer.write(item.deadline)
            writer.write(item.time)
            writer.write(index: item.index)
            Self.encode(item.holders, into: &writer)
        }
    }

    private static func encode(_ holders: [Int64: UInt64], into writer: inout StateWriter) {
        writer.write(holders.count)
        for (holder, index) in holders.sorted(by: { $0.key < $1.key }) {
            writer.write(holder)
            writer.write(index: index)
        }
    }

    private static func holders(
        _ reader: inout StateReader
    ) throws(RuleError) -> [Int64: UInt64] {
        var holders: [Int64: UInt64] = [:]
        for _ in 0..<(try reader.count()) {
            let holder = try reader.integer()
            holders[holder] = try reader.index()
        }
        return holders
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        for _ in 0..<(try reader.count()) {
            let person = try reader.integer()
            given[person] = try Self.holders(&reader)
        }
        for _ in 0..<(try reader.count()) {
            let person = try reader.integer()
            let (deadline, time) = (try reader.integer(), try reader.integer())
            let index = try reader.index()
            guard time <= deadline else { throw RuleError(.malformedState) }
            open[person, default: []].append(
                Withdrawal(
                    deadline: deadline, time: time, index: index,
                    holders: try Self.holders(&reader)))
            nearest = min(nearest, deadline)
        }
    }
}
