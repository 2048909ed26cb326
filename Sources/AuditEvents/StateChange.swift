// SPDX-License-Identifier: Apache-2.0

/// When an event occurred, and its place in the log, which orders events of one millisecond.
public struct Moment: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z, by the source's clock.
    public var time: Int64
    /// The index of the entry.
    public var index: UInt64

    /// Makes a moment.
    public init(time: Int64, index: UInt64) {
        self.time = time
        self.index = index
    }

    /// Whether one moment is before another.
    @inlinable public static func < (left: Moment, right: Moment) -> Bool {
        left.time != right.time ? left.time < right.time : left.index < right.index
    }
}

/// The point of view of a question: the state at a moment, as known from some part of the log.
public struct AsOf: Hashable, Sendable {
    /// The moment whose state is asked.
    public var moment: Moment
    /// Only entries with a smaller index are known; the whole log, by default.
    public var knownBefore: UInt64

    /// The state at a moment, as known from the whole log or from its first entries.
    public init(_ moment: Moment, knownBefore: UInt64 = .max) {
        self.moment = moment
        self.knownBefore = knownBefore
    }

    /// The milliseconds at which the state is asked.
    public var time: Int64 { moment.time }

    @inlinable func sees(_ change: StateChange) -> Bool {
        change.moment < moment && change.moment.index < knownBefore
    }
}

/// What one event changed in the state of one thing.
public struct StateChange: Hashable, Sendable {
    /// When.
    public var moment: Moment
    /// What happened.
    public var type: EventType
    /// The other party: an adviser, an approver, a holder.
    public var party: InternedID?
    /// What is referred to: an agreement, a request, an offer, an occupation, a case.
    public var reference: InternedID?
    /// A list: scope, links, regions.
    public var list: [InternedID]
    /// When validity starts, in milliseconds; the event's own time unless it says otherwise.
    public var validFrom: Int64
    /// When validity ends, in milliseconds; never, unless the event says so.
    public var validUntil: Int64

    init(_ moment: Moment, _ type: EventType) {
        self.moment = moment
        self.type = type
        list = []
        validFrom = moment.time
        validUntil = .max
    }
}
