// SPDX-License-Identifier: Apache-2.0

/// X never happens: no state.
struct NeverEvaluator: RuleEvaluator {
    private(set) var tally = RuleTally()
    private let selectors: [CompiledSelector]
    private let width: Int

    init(selectors: [CompiledSelector], width: Int) {
        self.selectors = selectors
        self.width = width
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        var last = -1
        for hit in hits where Int(hit.row) != last {
            let row = Int(hit.row)
            guard let key = selectors[Int(hit.selector)].key.key(batch, row: row),
                context.owns(key)
            else { continue }
            last = row
            tally.evaluate(batch.times[row], batch.indexes[row])
            tally.violated &+= 1
            verdicts.append(
                RuleVerdict(
                    rule: context.rule, outcome: .violated, key: key.values(width),
                    time: batch.times[row], index: batch.indexes[row],
                    witnesses: [batch.indexes[row]]))
        }
    }

    func measure(_ statistics: inout RuleStatistics) {}

    func encode(into writer: inout StateWriter) { tally.encode(into: &writer) }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
    }
}
