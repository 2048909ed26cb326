// SPDX-License-Identifier: Apache-2.0

/// Something is used only under an arrangement that has not run out: the first use of each lapse.
///
/// State: until when the arrangement lasts, and whether the lapse was told.
struct ArrangementEvaluator: RuleEvaluator {
    private(set) var tally = RuleTally()
    private let selectors: [CompiledSelector]
    private var validUntil: Int64?
    private var basis: UInt64?
    private var isReported = false

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
            let (time, index) = (batch.times[row], batch.indexes[row])
            guard selector.part == 1 else {
                (validUntil, basis, isReported) = (key.first, index, false)
                continue
            }
            tally.evaluate(time, index)
            guard !(validUntil.map { time < $0 } ?? false), !isReported else {
                tally.satisfied &+= 1
                continue
            }
            isReported = true
            let start = validUntil ?? context.origin ?? time
            let isHidden = context.gaps.touches(from: start, to: time)
            var verdict = RuleVerdict(
                rule: context.rule, outcome: isHidden ? .unknown : .violated, key: [],
                time: time, index: index,
                witnesses: (basis.map { [$0] } ?? []).filter { $0 != index } + [index])
            verdict.searched = min(start, time)...time
            tally.count(verdict.outcome)
            verdicts.append(verdict)
        }
    }

    func measure(_ statistics: inout RuleStatistics) { statistics.byteCount += 40 }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(validUntil == nil ? 0 : 1)
        writer.write(validUntil ?? 0)
        writer.write(index: basis ?? 0)
        writer.write(isReported ? 1 : 0)
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        let hasBasis = try reader.flag()
        let (time, index) = (try reader.integer(), try reader.index())
        if hasBasis { (validUntil, basis) = (time, index) }
        isReported = try reader.flag()
    }
}
