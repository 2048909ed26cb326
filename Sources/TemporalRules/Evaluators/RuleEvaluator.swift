// SPDX-License-Identifier: Apache-2.0

/// An event that plays a part in a rule.
struct Hit: BitwiseCopyable, Sendable {
    /// The row of the event.
    var row: Int32
    /// The number of the selector among those of the rule.
    var selector: Int32
}

/// What all evaluators of a run share.
struct RuleContext: Sendable {
    var calendar = RuleCalendar.paris
    /// The times that the log does not cover.
    var gaps = GapTable()
    /// The time of the first event of the log.
    var origin: Int64?
    /// Which keys this run judges.
    var shard = 0
    var shardCount = 1
    /// The number of the rule that is being judged.
    var rule = 0

    func owns(_ key: RuleKey) -> Bool {
        shardCount == 1 || key.shard(of: shardCount) == shard
    }
}

/// What a rule has said so far, in numbers.
struct RuleTally: Hashable, Sendable {
    var evaluated = 0
    var satisfied = 0
    var violated = 0
    var unknown = 0
    /// The time and the entry of the event that was judged last.
    private(set) var lastEvaluated: Int64?
    private(set) var lastIndex: UInt64 = 0

    mutating func evaluate(_ time: Int64, _ index: UInt64) {
        evaluated &+= 1
        lastEvaluated = time
        lastIndex = index
    }

    /// Notes an event that the rule heeds without judging it.
    mutating func heed(_ time: Int64, _ index: UInt64) {
        lastEvaluated = time
        lastIndex = index
    }

    mutating func count(_ outcome: RuleVerdict.Outcome) {
        switch outcome {
        case .violated: violated &+= 1
        case .unknown: unknown &+= 1
        case .pending: break
        }
    }

    func encode(into writer: inout StateWriter) {
        for count in [evaluated, satisfied, violated, unknown] { writer.write(count) }
        writer.write(lastEvaluated == nil ? 0 : 1)
        writer.write(lastEvaluated ?? 0)
        writer.write(index: lastIndex)
    }

    init() {}

    init(from reader: inout StateReader) throws(RuleError) {
        var counts: [Int] = []
        for _ in 0..<4 {
            let value = try reader.integer()
            guard value >= 0 else { throw RuleError(.malformedState) }
            counts.append(Int(value))
        }
        (evaluated, satisfied, violated, unknown) = (counts[0], counts[1], counts[2], counts[3])
        let hasTime = try reader.flag()
        let time = try reader.integer()
        guard hasTime || time == 0 else { throw RuleError(.malformedState) }
        lastEvaluated = hasTime ? time : nil
        lastIndex = try reader.index()
    }
}

/// The state of one rule, and how events change it.
protocol RuleEvaluator: Sendable {
    var tally: RuleTally { get }
    /// Takes the events of a batch that play a part, in order.
    mutating func consume(
        _ hits: [Hit], of batch: borrowing EventBatch, _ context: RuleContext,
        into verdicts: inout [RuleVerdict])
    /// Says what follows from the mere passing of time: all events before `time` are known.
    mutating func advance(
        to time: Int64, _ context: RuleContext, into verdicts: inout [RuleVerdict])
    /// The deadlines that are open at a time.
    func pending(at time: Int64, _ context: RuleContext) -> [RuleVerdict]
    /// Adds what the state holds.
    func measure(_ statistics: inout RuleStatistics)
    /// Writes the state in an order that depends on what it holds alone.
    func encode(into writer: inout StateWriter)
    /// Reads the state into an evaluator that has seen nothing.
    mutating func decode(from reader: inout StateReader) throws(RuleError)
}

extension RuleEvaluator {
    mutating func advance(
        to time: Int64, _ context: RuleContext, into verdicts: inout [RuleVerdict]
    ) {}

    func pending(at time: Int64, _ context: RuleContext) -> [RuleVerdict] { [] }
}

/// A selector as evaluators read it: the part that it gives, and where its key is.
struct CompiledSelector: Sendable {
    var part: Int
    var key: KeyFields
}

/// Up to three columns, without an array.
struct KeyFields: BitwiseCopyable, Hashable, Sendable {
    var count: Int
    var first = 0
    var second = 0
    var third = 0

    init(_ fields: [FieldID]) {
        count = fields.count
        if count > 0 { first = fields[0].index }
        if count > 1 { second = fields[1].index }
        if count > 2 { third = fields[2].index }
    }

    /// The key of an event, or nothing if it lacks one of the fields.
    func key(_ batch: borrowing EventBatch, row: Int) -> RuleKey? {
        let absent = EventBatch.absent
        if count == 0 { return RuleKey() }
        let one = batch.columns[first][row]
        if one == absent { return nil }
        if count == 1 { return RuleKey(one) }
        let two = batch.columns[second][row]
        if two == absent { return nil }
        if count == 2 { return RuleKey(one, two) }
        let three = batch.columns[third][row]
        return three == absent ? nil : RuleKey(one, two, three)
    }
}
