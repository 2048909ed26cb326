// SPDX-License-Identifier: Apache-2.0

/// At most N per A in W.
struct QuotaEvaluator: RuleEvaluator {
    enum Part {
        static let reset = 0
        static let counted = 1
    }

    private(set) var tally = RuleTally()
    private let limit: Int64
    private let reporting: QuotaReporting
    private let selectors: [CompiledSelector]
    private let width: Int
    private var window: WindowCount

    init(_ quota: Quota, selectors: [CompiledSelector], width: Int) {
        limit = quota.limit
        reporting = quota.reporting
        self.selectors = selectors
        self.width = width
        window = WindowCount(quota.measure, window: quota.window)
    }

    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict]
    ) {
        var countedRow = -1
        for hit in hits {
            let row = Int(hit.row)
            let selector = selectors[Int(hit.selector)]
            guard let key = selector.key.key(batch, row: row), context.owns(key) else { continue }
            let time = batch.times[row]
            window.expire(at: time, context.calendar)
            guard selector.part == Part.counted else {
                window.reset(key)
                continue
            }
            guard countedRow != row else { continue }
            countedRow = row
            guard let (before, after) = window.add(key, batch, row: row) else { continue }
            tally.evaluate(time, batch.indexes[row])
            if after <= limit {
                tally.satisfied &+= 1
            } else if reporting == .everyEvent || before <= limit {
                tally.violated &+= 1
                // The event that went beyond names them all; those after it, themselves.
                let witnesses =
                    before <= limit ? window.witnesses(of: key) : [batch.indexes[row]]
                verdicts.append(
                    RuleVerdict(
                        rule: context.rule, outcome: .violated, key: key.values(width),
                        time: time, index: batch.indexes[row], witnesses: witnesses,
                        measure: .init(observed: after, limit: limit)))
            }
        }
    }

    mutating func advance(
        to time: Int64, _ context: RuleContext, into verdicts: inout [RuleVerdict]
    ) {
        window.expire(at: time, context.calendar)
    }

    func measure(_ statistics: inout RuleStatistics) {
        statistics.keyCount += window.keyCount
        statistics.heldCount += window.heldCount
        statistics.byteCount += window.byteCount
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        window.encode(into: &writer, width: width)
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        try window.decode(from: &reader, width: width)
    }
}
