// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// Judges events by rules over time, as they come.
///
/// ```swift
/// var monitor = RuleMonitor(program)
/// verdicts += try monitor.consume(batch)           // violated and unknown
/// let (late, pending) = monitor.close(at: now)     // what is due, what is still open
/// ```
///
/// The monitor is a value: a copy can be closed while the original goes on. Verdicts depend on
/// the events alone, and not on how they were cut into batches. Events must come by time, and
/// among those of one second by entry; a log whose late entries matter is sorted first.
///
/// A verdict says what the log shows. Where a gap hides what could have excused an event, the
/// verdict is *unknown* instead of *violated*; a gap that hides a violation cannot be seen here
/// and is a finding of its own.
public struct RuleMonitor: Sendable {
    /// The rules.
    public let program: RuleProgram
    /// The time of the last event; nothing before the first.
    public private(set) var lastTime: Int64?
    private var evaluators: [any RuleEvaluator]
    private var context = RuleContext()
    /// For each rule, the times at which something may have excused an event and was lost.
    private var gaps: [GapTable]
    private var hits: [[Hit]]
    /// The rules that this copy judges.
    private var judged: [Int]

    /// How many events are routed at once, so that they stay in the cache.
    private static let chunkCount = 4_096

    /// Starts to judge from the beginning of a log.
    ///
    /// - Parameters:
    ///   - program: The rules.
    ///   - shard: Which part of the keys to judge.
    ///   - shardCount: How many parts there are. The verdicts of all parts, sorted, and the
    ///     statistics of all parts, added, are those of one monitor that judges alone.
    public init(_ program: RuleProgram, shard: Int = 0, of shardCount: Int = 1) {
        precondition(shardCount > 0 && (0..<shardCount).contains(shard), "no such shard")
        self.program = program
        context.calendar = program.calendar
        context.shard = shard
        context.shardCount = shardCount
        evaluators = program.rules.indices.map {
            program.rules[$0].pattern.evaluator(program.selectors[$0], width: program.widths[$0])
        }
        hits = Array(repeating: [], count: program.rules.count)
        gaps = Array(repeating: GapTable(), count: program.rules.count)
        judged = Array(program.rules.indices)
    }

    /// Copies that judge some of the rules each, so that they can go on at once.
    ///
    /// The verdicts of all, sorted, are those of this one; the statistics of a rule are those of the copy
    /// that judges it.
    ///
    /// - Parameter count: How many there may be.
    /// - Returns: The copies, with the rules of each; what the rules judged so far says how much they do.
    public func divided(into count: Int) -> [(rules: [Int], monitor: RuleMonitor)] {
        let weights = statistics.map { $0.evaluated + 1 }
        var groups = Array(repeating: (weight: 0, rules: [Int]()), count: max(1, count))
        for rule in judged.sorted(by: { (weights[$0], $1) > (weights[$1], $0) }) {
            guard let place = groups.indices.min(by: { groups[$0].weight < groups[$1].weight })
            else { break }
            groups[place].weight += weights[rule]
            groups[place].rules.append(rule)
        }
        return groups.filter { !$0.rules.isEmpty }.map { group in
            var copy = self
            copy.judged = group.rules.sorted()
            return (copy.judged, copy)
        }
    }

    /// Notes that the log does not cover some seconds, both ends included.
    ///
    /// What is already judged is not judged again: gaps are told before the events that follow.
    ///
    /// - Parameters:
    ///   - gap: The seconds.
    ///   - types: What may have been lost; nil if it may be anything. Rules that none of these
    ///     could excuse are judged as before.
    public mutating func recordGap(
        _ gap: ClosedRange<Int64>, hiding types: Set<EventTypeID>? = nil
    ) {
        for rule in gaps.indices {
            if let types, program.excusingTypes[rule].isDisjoint(with: types) { continue }
            gaps[rule].insert(gap)
        }
    }

    /// Notes that nearly everything up to a second was purged.
    ///
    /// - Parameters:
    ///   - end: The last second of what was purged.
    ///   - kept: The types of which every event is there all the same.
    ///   - exact: The rules whose state what is there makes whole.
    public mutating func recordPurge(
        upTo end: Int64, keeping kept: Set<EventTypeID>, exact: Set<Int>
    ) {
        for rule in gaps.indices where !exact.contains(rule) {
            guard !program.excusingTypes[rule].isSubset(of: kept) else { continue }
            gaps[rule].insert(.min...end)
        }
    }

    /// Takes the next events.
    ///
    /// - Returns: What was violated and what a gap leaves unknown, in the order of entries. A
    ///   deadline that passed is told with the events after it.
    /// - Throws: ``RuleError`` if time goes back, if no calendar knows it, or if the columns are
    ///   not those of the schema; nothing of the batch is taken then.
    public mutating func consume(_ batch: EventBatch) throws(RuleError) -> [RuleVerdict] {
        try check(batch)
        guard let last = batch.times.last else { return [] }
        if context.origin == nil { context.origin = batch.times.first }
        var verdicts: [RuleVerdict] = []
        var row = 0
        while row < batch.count {
            let end = min(row + Self.chunkCount, batch.count)
            route(row..<end, of: batch)
            for rule in judged where !hits[rule].isEmpty {
                context.rule = rule
                context.gaps = gaps[rule]
                evaluators[rule].consume(hits[rule], of: batch, context, into: &verdicts)
                hits[rule].removeAll(keepingCapacity: true)
            }
            row = end
        }
        lastTime = last
        advance(to: last, &verdicts)
        verdicts.sort()
        return verdicts
    }

    private func check(_ batch: EventBatch) throws(RuleError) {
        guard batch.columns.count == program.schema.fields.count else {
            throw RuleError(.columnMismatch)
        }
        var previous = lastTime ?? .min
        for row in 0..<batch.count {
            let time = batch.times[row]
            guard time >= previous else {
                throw RuleError(.timeWentBack, subject: String(batch.indexes[row]))
            }
            previous = time
        }
        guard let first = batch.times.first, let last = batch.times.last else { return }
        guard RuleCalendar.knownTimes.contains(first), RuleCalendar.knownTimes.contains(last)
        else { throw RuleError(.timeOutOfRange) }
    }

    private mutating func route(_ rows: Range<Int>, of batch: EventBatch) {
        let starts = program.routeStarts
        let routes = program.routes
        let conditions = program.conditions
        var isJudged = Array(repeating: false, count: evaluators.count)
        for rule in judged { isJudged[rule] = true }
        for row in rows {
            let type = Int(batch.types[row])
            guard type &+ 1 < starts.count else { continue }
            for place in starts[type]..<starts[type &+ 1] {
                let route = routes[place]
                guard isJudged[route.rule],
                    conditions.hold(route.conditions, of: batch, row: row)
                else { continue }
                hits[route.rule].append(
                    Hit(
                        row: Int32(truncatingIfNeeded: row),
                        selector: Int32(truncatingIfNeeded: route.selector)))
            }
        }
    }

    private mutating func advance(to time: Int64, _ verdicts: inout [RuleVerdict]) {
        for rule in judged {
            context.rule = rule
            context.gaps = gaps[rule]
            evaluators[rule].advance(to: time, context, into: &verdicts)
        }
    }

    /// Says where things stand at a time, which is the end of the log or later.
    ///
    /// - Returns: The deadlines that passed before that time, and those that are open.
    public mutating func close(at time: Int64) -> (due: [RuleVerdict], pending: [RuleVerdict]) {
        let now = min(max(time, lastTime ?? time), RuleCalendar.knownTimes.upperBound)
        var due: [RuleVerdict] = []
        advance(to: now, &due)
        lastTime = max(now, RuleCalendar.knownTimes.lowerBound)
        return (due.sorted(), pending(at: now))
    }

    /// The deadlines that are open, with what is left of them at a time.
    public func pending(at time: Int64) -> [RuleVerdict] {
        var context = context
        var verdicts: [RuleVerdict] = []
        for rule in judged {
            context.rule = rule
            context.gaps = gaps[rule]
            verdicts += evaluators[rule].pending(at: time, context)
        }
        return verdicts.sorted()
    }

    /// What each rule did and holds, in the order of the rules.
    public var statistics: [RuleStatistics] {
        evaluators.map { evaluator in
            let tally = evaluator.tally
            var statistics = RuleStatistics()
            statistics.evaluated = tally.evaluated
            statistics.satisfied = tally.satisfied
            statistics.violated = tally.violated
            statistics.unknown = tally.unknown
            statistics.lastEvaluated = tally.lastEvaluated
            statistics.lastIndex = tally.lastEvaluated.map { _ in tally.lastIndex }
            evaluator.measure(&statistics)
            return statistics
        }
    }
}

// MARK: Saved state

extension RuleMonitor {
    private static let magic = Array("vigie rule state 2\n".utf8)

    /// The state as bytes, from which ``init(_:state:head:)`` goes on.
    ///
    /// Two monitors that saw the same events have the same bytes, however the events came. The
    /// last 32 bytes are the SHA-256 of the others: it shows damage, not forgery. Who could
    /// forge the state could as well forge its digest, so that belongs in a signed record.
    ///
    /// - Parameter head: The root hash of the log up to which events were taken.
    /// - Returns: The bytes.
    public func encodeState(head: SHA256Digest) -> [UInt8] {
        var writer = StateWriter()
        writer.write(raw: Self.magic)
        writer.write(raw: program.fingerprint.bytes)
        writer.write(raw: head.bytes)
        writer.write(context.shard)
        writer.write(context.shardCount)
        for time in [context.origin, lastTime] {
            writer.write(time == nil ? 0 : 1)
            writer.write(time ?? 0)
        }
        for (evaluator, table) in zip(evaluators, gaps) {
            writer.write(table.gaps.count)
            for gap in table.gaps {
                writer.write(gap.lowerBound)
                writer.write(gap.upperBound)
            }
            evaluator.encode(into: &writer)
        }
        return writer.bytes + SHA256Hasher().hash(writer.bytes).bytes
    }

    /// Goes on from saved state.
    ///
    /// - Parameters:
    ///   - program: The rules, which must be those under which the state was saved.
    ///   - state: What ``encodeState(head:)`` gave.
    ///   - head: The root hash at which it was saved, which the caller has verified.
    /// - Throws: ``RuleError`` if a byte is not as it was written, or if it belongs to other
    ///   rules or to another head.
    public init(
        _ program: RuleProgram, state: [UInt8], head: SHA256Digest
    ) throws(RuleError) {
        let count = state.count - SHA256Digest.byteCount
        guard count > Self.magic.count else { throw RuleError(.malformedState) }
        let digest = SHA256Hasher().hash(Array(state[..<count]))
        guard digest.bytes.elementsEqual(state[count...]) else {
            throw RuleError(.malformedState)
        }
        var reader = StateReader(state[..<count])
        guard try reader.raw(Self.magic.count).elementsEqual(Self.magic) else {
            throw RuleError(.malformedState)
        }
        guard try reader.raw(32).elementsEqual(program.fingerprint.bytes) else {
            throw RuleError(.stateOfOtherRules)
        }
        guard try reader.raw(32).elementsEqual(head.bytes) else {
            throw RuleError(.stateOfOtherLog)
        }
        let (shard, shardCount) = (try reader.integer(), try reader.integer())
        guard (1...4_096).contains(shardCount), (0..<shardCount).contains(shard) else {
            throw RuleError(.malformedState)
        }
        self.init(program, shard: Int(shard), of: Int(shardCount))
        context.origin = try Self.time(&reader)
        lastTime = try Self.time(&reader)
        for rule in evaluators.indices {
            for _ in 0..<(try reader.count()) {
                let (start, end) = (try reader.integer(), try reader.integer())
                guard start <= end else { throw RuleError(.malformedState) }
                gaps[rule].insert(start...end)
            }
            try evaluators[rule].decode(from: &reader)
        }
        guard reader.isAtEnd else { throw RuleError(.malformedState) }
    }

    private static func time(_ reader: inout StateReader) throws(RuleError) -> Int64? {
        let has = try reader.flag()
        let time = try reader.integer()
        guard has || time == 0 else { throw RuleError(.malformedState) }
        guard has else { return nil }
        guard RuleCalendar.knownTimes.contains(time) else { throw RuleError(.malformedState) }
        return time
    }
}
