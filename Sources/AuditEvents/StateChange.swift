// SPDX-License-Identifier: Apache-2.0

/// When an event occurred, and its place in the log, which orders events of one millisecond.
public struct Moment: Hashable, Comparable, BitwiseCopyable, Sendable {
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
public struct AsOf: Hashable, BitwiseCopyable, Sendable {
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

/// The moments, both included, between which nothing changes what was asked, as known from the
/// whole log.
public struct Period: Hashable, BitwiseCopyable, Sendable {
    /// The first moment.
    public var first: Moment
    /// The last moment.
    public var last: Moment

    /// All moments.
    public static let always = Period(
        first: Moment(time: .min, index: 0), last: Moment(time: .max, index: .max))

    /// The moments that see the change at `previous`, and not the one at `next`.
    init(after previous: Moment?, upTo next: Moment?) {
        self = .always
        if let previous { first = Moment(time: previous.time, index: previous.index &+ 1) }
        if let next { last = next }
    }

    private init(first: Moment, last: Moment) {
        self.first = first
        self.last = last
    }

    /// Whether the whole log, seen from a moment of the period, gives the same answer.
    @inlinable
    public func holds(_ view: AsOf) -> Bool {
        view.knownBefore == .max && !(view.moment < first) && !(last < view.moment)
    }

    /// The moments of both periods.
    public func clamped(to other: Period) -> Period {
        Period(first: max(first, other.first), last: min(last, other.last))
    }

    /// Ends the period before an instant.
    public mutating func end(before time: Int64) {
        guard time > .min else { return }
        last = min(last, Moment(time: time - 1, index: .max))
    }
}

/// What one event changed in the state of one thing.
///
/// It holds no list itself, so that copying one counts no reference: ``Registry/list(of:)``. It has 48
/// bytes: a long log has some hundred thousand.
public struct StateChange: Hashable, BitwiseCopyable, Sendable {
    /// When.
    public var moment: Moment
    /// When validity starts, in milliseconds; the event's own time unless it says otherwise.
    public var validFrom: Int64
    /// When validity ends, in milliseconds; never, unless the event says so.
    public var validUntil: Int64
    private var partyNumber: Int32 = -1
    private var referenceNumber: Int32 = -1
    /// Where its list starts among all lists: scope, links, regions.
    var listStart: Int32 = 0
    /// How many texts its list has: fewer than an entry has bytes.
    var listCount: UInt16 = 0
    /// What happened.
    public var type: EventType

    /// The other party: an adviser, an approver, a holder.
    public var party: InternedID? {
        get { Self.text(partyNumber) }
        set { partyNumber = newValue?.rawValue ?? -1 }
    }

    /// What is referred to: an agreement, a request, an offer, an occupation, a case.
    public var reference: InternedID? {
        get { Self.text(referenceNumber) }
        set { referenceNumber = newValue?.rawValue ?? -1 }
    }

    @inline(__always)
    private static func text(_ number: Int32) -> InternedID? {
        number < 0 ? nil : InternedID(number)
    }

    init(_ moment: Moment, _ type: EventType) {
        self.moment = moment
        self.type = type
        validFrom = moment.time
        validUntil = .max
    }

    /// The change with its texts and its list numbered as another record does.
    func renumbered(_ numbers: [InternedID], listsFrom offset: Int32) -> StateChange {
        var change = self
        change.party = party.map { numbers[$0.index] }
        change.reference = reference.map { numbers[$0.index] }
        change.listStart += offset
        return change
    }
}
