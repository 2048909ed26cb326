// SPDX-License-Identifier: Apache-2.0

/// At most N open at once per A.
///
/// State: what is open, chained by group. What is opened again belongs to its latest group.
struct ConcurrencyEvaluator: RuleEvaluator {
    enum Part {
        static let end = 0
        static let begin = 1
    }

    private struct Open: BitwiseCopyable, Sendable {
        var index: UInt64
        var group: Int32
        var previous: Int32 = -1
        var next: Int32 = -1
    }

    private(set) var tally = RuleTally()
    private let limit: Int64
    private let reporting: QuotaReporting
    private let selectors: [CompiledSelector]
    private let width: Int
    private let groupFields: KeyFields
    private var table = KeyTable()
    private var open: [Open] = []
    private var groups = KeyTable()
    private var counts: [Int64] = []
    private var latest: [Int32] = []

    init(_ rule: Concurrency, selectors: [CompiledSelector], width: Int) {
        limit = rule.limit
        reporting = rule.reporting
        groupFields = KeyFields(rule.groups)
        self.selectors = selectors
        self.width = width
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        var lastRow = -1
        // What the group held before the event, which may close and open at once.
        var before: Int64 = 0
        var begun: RuleKey?
        for hit in hits {
            let row = Int(hit.row)
            let selector = selectors[Int(hit.selector)]
            if row != lastRow {
                lastRow = row
                begun = nil
                before = groupFields.key(batch, row: row).map { count(of: $0) } ?? 0
            }
            guard let key = selector.key.key(batch, row: row) else { continue }
            guard selector.part == Part.begin else {
                close(key)
                continue
            }
            // A thing belongs to the shard of its group: its key may be of another.
            guard let group = groupFields.key(batch, row: row) else { continue }
            guard context.owns(group) else {
                close(key)
                continue
            }
            guard begun != key else { continue }
            begun = key
            tally.evaluate(batch.times[row], batch.indexes[row])
            let after = begin(key, group, batch.indexes[row])
            if after <= limit {
                tally.satisfied &+= 1
            } else if reporting == .everyEvent || before <= limit {
                tally.violated &+= 1
                verdicts.append(
                    RuleVerdict(
                        rule: context.rule, outcome: .violated,
                        key: group.values(groupFields.count), time: batch.times[row],
                        index: batch.indexes[row],
                        witnesses: before <= limit ? witnesses(of: group) : [batch.indexes[row]],
                        measure: .init(observed: after, limit: limit)))
            }
        }
    }

    private mutating func begin(
        _ key: RuleKey, _ group: RuleKey, _ index: UInt64
    ) -> Int64 {
        close(key)
        let (groupNumber, isNewGroup) = groups.insert(group)
        if groupNumber == counts.count {
            counts.append(0)
            latest.append(-1)
        } else if isNewGroup {
            counts[groupNumber] = 0
            latest[groupNumber] = -1
        }
        let number = table.insert(key).number
        let item = Open(
            index: index, group: Int32(truncatingIfNeeded: groupNumber),
            previous: latest[groupNumber])
        if number == open.count { open.append(item) } else { open[number] = item }
        if item.previous >= 0 { open[Int(item.previous)].next = Int32(truncatingIfNeeded: number) }
        latest[groupNumber] = Int32(truncatingIfNeeded: number)
        counts[groupNumber] &+= 1
        return counts[groupNumber]
    }

    private func count(of group: RuleKey) -> Int64 {
        groups.find(group).map { counts[$0] } ?? 0
    }

    private mutating func close(_ key: RuleKey) {
        guard let number = table.find(key) else { return }
        let item = open[number]
        let group = Int(item.group)
        if item.next >= 0 {
            open[Int(item.next)].previous = item.previous
        } else {
            latest[group] = item.previous
        }
        if item.previous >= 0 { open[Int(item.previous)].next = item.next }
        table.remove(number)
        counts[group] &-= 1
        if counts[group] == 0 { groups.remove(group) }
    }

    private func witnesses(of group: RuleKey) -> [UInt64] {
        guard let number = groups.find(group) else { return [] }
        var result: [UInt64] = []
        var item = latest[number]
        while item >= 0, result.count < RuleVerdict.witnessCountMax {
            result.append(open[Int(item)].index)
            item = open[Int(item)].previous
        }
        return result.reversed()
    }

    func measure(_ statistics: inout RuleStatistics) {
        statistics.keyCount += table.count + groups.count
        statistics.heldCount += table.count
        statistics.byteCount += table.byteCount + groups.byteCount + open.count * 24
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(table.count)
        for group in groups.sortedNumbers {
            var members: [Int] = []
            var item = latest[group]
            while item >= 0 {
                members.append(Int(item))
                item = open[Int(item)].previous
            }
            for number in members.reversed() {
                writer.write(table.keys[number], width: width)
                writer.write(groups.keys[group], width: groupFields.count)
                writer.write(index: open[number].index)
            }
        }
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        for _ in 0..<(try reader.count()) {
            let key = try reader.key(width: width)
            guard table.find(key) == nil else { throw RuleError(.malformedState) }
            let group = try reader.key(width: groupFields.count)
            _ = begin(key, group, try reader.index())
        }
    }
}
