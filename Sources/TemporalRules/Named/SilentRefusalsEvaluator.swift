// SPDX-License-Identifier: Apache-2.0

/// A source that records accesses for so long records a refusal now and then, as others do.
///
/// State: for each source when its run without refusal began and how many accesses it holds.
struct SilentRefusalsEvaluator: RuleEvaluator {
    private struct Run {
        var source: Int64
        var start: Int64
        var first: UInt64
        var count: Int64 = 0
        var isReported = false
        /// The last refusal of the source itself.
        var refusal = Int64.min
        var refusalIndex: UInt64 = 0
    }

    private(set) var tally = RuleTally()
    private let seconds: Int64
    private let countMin: Int64
    private let selectors: [CompiledSelector]
    private var runs: [Run] = []
    private var places: [Int64: Int] = [:]
    /// The place of the last run: accesses come from the same source most of the time.
    private var latest = 0

    init(_ rule: NamedRule, _ selectors: [CompiledSelector]) {
        seconds = rule.values[0] * 86_400
        countMin = rule.values[1]
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
            find(key.first, time, index)
            var run = runs[latest]
            if selector.part == 0 {
                run = Run(
                    source: key.first, start: time, first: index, refusal: time,
                    refusalIndex: index)
            } else {
                tally.evaluate(time, index)
                run.count += 1
                if !run.isReported, run.count >= countMin, time - run.start >= seconds,
                    let other = latestRefusal(besides: key.first), time - other.time < seconds
                {
                    run.isReported = true
                    let isHidden = context.gaps.touches(from: run.start, to: time)
                    let verdict = RuleVerdict(
                        rule: context.rule, outcome: isHidden ? .unknown : .violated,
                        key: [key.first], time: time, index: index,
                        witnesses: Set([run.first, other.index, index]).sorted(),
                        searched: run.start...time,
                        measure: .init(observed: 0, limit: 1))
                    tally.count(verdict.outcome)
                    verdicts.append(verdict)
                } else {
                    tally.satisfied &+= 1
                }
            }
            runs[latest] = run
        }
    }

    /// Makes the run of a source the latest; it begins here if there is none.
    private mutating func find(_ source: Int64, _ time: Int64, _ index: UInt64) {
        if latest < runs.count, runs[latest].source == source { return }
        latest = places[source] ?? runs.count
        if latest == runs.count { add(Run(source: source, start: time, first: index)) }
    }

    private mutating func add(_ run: Run) {
        places[run.source] = runs.count
        runs.append(run)
    }

    private func latestRefusal(besides source: Int64) -> (time: Int64, index: UInt64)? {
        let others = runs.filter { $0.source != source && $0.refusal > .min }
        return others.max { ($0.refusal, $0.refusalIndex) < ($1.refusal, $1.refusalIndex) }
            .map { ($0.refusal, $0.refusalIndex) }
    }

    func measure(_ statistics: inout RuleStatistics) {
        statistics.keyCount += runs.count
        statistics.byteCount += runs.count * 72
    }

    func encode(into writer: inout StateWriter) {
        tally.encode(into: &writer)
        writer.write(runs.count)
        for run in runs.sorted(by: { $0.source < $1.source }) {
            for value in [run.source, run.start, run.count, run.refusal] { writer.write(value) }
            writer.write(index: run.first)
            writer.write(index: run.refusalIndex)
            writer.write(run.isReported ? 1 : 0)
        }
    }

    mutating func decode(from reader: inout StateReader) throws(RuleError) {
        tally = try RuleTally(from: &reader)
        for _ in 0..<(try reader.count()) {
            let (source, start) = (try reader.integer(), try reader.integer())
            let (count, refusal) = (try reader.integer(), try reader.integer())
            var run = Run(
                source: source, start: start, first: try reader.index(), count: count)
            (run.refusal, run.refusalIndex) = (refusal, try reader.index())
            run.isReported = try reader.flag()
            guard RuleCalendar.knownTimes.contains(start), count >= 0, places[source] == nil else {
                throw RuleError(.malformedState)
            }
            add(run)
        }
    }
}
