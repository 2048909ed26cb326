// SPDX-License-Identifier: Apache-2.0

/// Seats that are taken and given back: at most so many at once, or as many as are billed.
///
/// A cap that the log declares takes the place of the sheet's from then on. State: the seats that
/// are taken, each with its group, and the cap in force.
struct SeatEvaluator: RuleEvaluator {
    private struct Seat {
        var group: Int64
        var index: UInt64
    }

    private(set) var tally = RuleTally()
    private let comparesBill: Bool
    private let selectors: [CompiledSelector]
    private var limit: Int64
    private var taken: [Int64: Seat] = [:]
    private var counts: [Int64: Int64] = [:]

    init(_ rule: NamedRule, _ selectors: [CompiledSelector]) {
        comparesBill = rule.name == .seatBill
        limit = rule.values.first ?? 0
        self.selectors = selectors
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        // All seats together make one sum, which one shard holds.
        guard context.owns(RuleKey()) else { return }
        for hit in hits {
            let row = Int(hit.row)
            let selector = selectors[Int(hit.selector)]
            guard let key = selector.key.key(batch, row: row) else { continue }
            switch selector.part {
            case 0: giveBack(key.first)
            case 1:
                let after = take(key.first, group: key.second, batch.indexes[row])
                guard !comparesBill else { continue }
                judge(row, batch, isRight: after <= limit, after, limit, context, &verdicts) {
                    $0.witnesses(of: key.second)
                }
            default:
                guard comparesBill else {
                    limit = key.first
                    continue
                }
                let count = Int64(taken.count)
                judge(row, batch, isRight: key.first == count, key.first, count, context, &verdicts)
                { _ in [] }
            }
        }
    }

    private mutating func judge(
        _ row: Int, _ batch: borrowing EventBatch, isRight: Bool, _ observed: Int64,
        _ limit: Int64, _ context: RuleContext, _ verdicts: inout [RuleVerdict],
        witnesses: (SeatEvaluator) -> [UInt64]
    ) {
        let (time, index) = (batch.times[row], batch.indexes[row])
        tally.evaluate(time, index)
        guard !isRight else {
            tally.satisfied &+= 1
            return
        }
        let isHidden = comparesBill && context.gaps.touches(from: .min, to: time)
        let all = Set(witnesses(self) + [index])
        let verdict = RuleVerdict(
            rule: context.rule, outcome: isHidden ? .unknown : .violated, key: [], time: time,
            index: index, witnesses: all.sorted(), measure: .init(observed: observed, limit: limit))
        tally.count(verdict.outcome)
        verdicts.append(verdict)
    }

    /// The latest entries by which the seats of a group were taken.
    private func witnesses(of group: Int64) -> [UInt64] {
        Array(
            taken.values.filter { $0.group == group }.map(\.index).sorted()
                .suffix(RuleVerdict.witnessCountMax))
    }

    private mutating func take(_ seat: Int64, group: Int64, _ index: UInt64) -> Int64 {
        giveBack(seat)
        taken[seat] = Seat(group: group, index: index)
        counts[group, default: 0] += 1
        return counts[group] ?? 0
    }

    private mutating func giveBack(_ seat: Int64) {
        guard let old = taken.removeValue(forKey: seat) else { return }
        counts[old.group, default: 0] -= 1
        if counts[old.group] == 0 { counts[old.group] = nil }
    }

    func measure(_ statistics: inout RuleStatistics) {
        statistics.keyCount += counts.count
        statistics.heldCount += taken.count
        statistics.byteCount += taken.count * 40 + counts.count * 24
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(limit)
        writer.write(taken.count)
        for (seat, place) in taken.sorted(by: { $0.key < $1.key }) {
            writer.write(seat)
            writer.write(place.group)
            writer.write(index: place.index)
        }
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        limit = try reader.integer()
        for _ in 0..<(try reader.count()) {
            let (seat, group) = (try reader.integer(), try reader.integer())
            _ = take(seat, group: group, try reader.index())
        }
    }
}
