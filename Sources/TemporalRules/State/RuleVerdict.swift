// SPDX-License-Identifier: Apache-2.0

/// What a rule says of one event.
///
/// Satisfied events are counted and not listed: see ``RuleStatistics``.
public struct RuleVerdict: Hashable, Sendable {
    /// The verdicts that are listed.
    public enum Outcome: Hashable, Sendable {
        /// The rule was broken.
        case violated
        /// The deadline, the last second in time, has not passed. `warns` says that the early
        /// warning has been reached.
        case pending(until: Int64, warns: Bool)
        /// A gap in the log covers the answer.
        case unknown
    }

    /// The number of the rule in its program.
    public var rule: Int
    /// What it says.
    public var outcome: Outcome
    /// The values that correlate the events, in the order of the rule's key.
    public var key: [Int64]
    /// The time of the event that is judged.
    public var time: Int64
    /// The entry of the event that is judged.
    public var index: UInt64
    /// The entries that made the condition true, in order; the last is the judged one.
    ///
    /// Of a count that was exceeded, at most ``witnessCountMax`` are named, the latest; of the events
    /// after the one that went beyond, each names itself.
    public var witnesses: [UInt64]
    /// The seconds that were searched in vain, where the point is that something is missing.
    public var searched: ClosedRange<Int64>?
    /// The count or sum that was reached, and the limit, where the rule has one.
    public var measure: Measure?

    /// A count and its limit.
    public struct Measure: Hashable, Sendable {
        /// What was reached.
        public var observed: Int64
        /// What the rule allows.
        public var limit: Int64

        /// Makes a measure.
        public init(observed: Int64, limit: Int64) {
            (self.observed, self.limit) = (observed, limit)
        }
    }

    /// Makes a verdict that names no search and no count.
    public init(
        rule: Int, outcome: Outcome, key: [Int64], time: Int64, index: UInt64,
        witnesses: [UInt64]
    ) {
        self.init(
            rule: rule, outcome: outcome, key: key, time: time, index: index,
            witnesses: witnesses, searched: nil, measure: nil)
    }

    /// Makes a verdict.
    public init(
        rule: Int, outcome: Outcome, key: [Int64], time: Int64, index: UInt64,
        witnesses: [UInt64], searched: ClosedRange<Int64>? = nil, measure: Measure?
    ) {
        (self.rule, self.outcome, self.key) = (rule, outcome, key)
        (self.time, self.index, self.witnesses) = (time, index, witnesses)
        (self.searched, self.measure) = (searched, measure)
    }

    /// How many witnesses a verdict names at most.
    public static let witnessCountMax = 200
}

extension RuleVerdict: Comparable {
    /// Whether one verdict is listed before another: by entry, then by rule.
    public static func < (left: RuleVerdict, right: RuleVerdict) -> Bool {
        if left.index != right.index { return left.index < right.index }
        if left.rule != right.rule { return left.rule < right.rule }
        if left.outcome.rank != right.outcome.rank {
            return left.outcome.rank < right.outcome.rank
        }
        if left.key != right.key { return left.key.lexicographicallyPrecedes(right.key) }
        return left.witnesses.lexicographicallyPrecedes(right.witnesses)
    }
}

extension RuleVerdict.Outcome {
    fileprivate var rank: Int {
        switch self {
        case .violated: 0
        case .pending: 1
        case .unknown: 2
        }
    }
}

/// How often a rule was asked, what it said, and what it holds.
public struct RuleStatistics: Hashable, Sendable {
    /// How many events the rule judged.
    public var evaluated = 0
    /// How many satisfied it.
    public var satisfied = 0
    /// How many broke it.
    public var violated = 0
    /// How many a gap leaves unknown.
    public var unknown = 0
    /// When it last judged an event.
    public var lastEvaluated: Int64?
    /// The entry of that event.
    public var lastIndex: UInt64?
    /// How many wait for their deadline now.
    public var pending = 0
    /// How many keys the state holds now.
    public var keyCount = 0
    /// How many past events the state holds now.
    public var heldCount = 0
    /// About how many bytes the state takes in memory now.
    public var byteCount = 0
}
