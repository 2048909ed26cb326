// SPDX-License-Identifier: Apache-2.0

/// The sentences that a rule over time can say, each with an evaluator of its own.
///
/// Events are ordered by time, then by entry. An event may play several parts; "before" and
/// "after" include the event itself, as in the formula that each sentence stands for.
public enum RulePattern: Hashable, Sendable {
    /// X never happens.
    case never([EventSelector])
    /// X only if Y before, and no Z since.
    case required(Standing)
    /// No X after Y until Z.
    case forbidden(Standing)
    /// After X, Y within D unless Z.
    case deadline(Deadline)
    /// At most N per A in W.
    case quota(Quota)
    /// Never both X and Y by one A.
    case exclusive(Exclusive)
    /// At most N open at once per A.
    case concurrency(Concurrency)
    /// No more in a day than the actor's own past days lead one to expect.
    case baseline(Baseline)
    /// What no sentence says, judged by an evaluator that has a name.
    case named(NamedRule)
}

/// A state that begins with one event and ends with another.
public struct Standing: Hashable, Sendable {
    /// The events that are judged.
    public var events: [EventSelector]
    /// The events that begin the state.
    public var begins: [EventSelector]
    /// The events that end it.
    public var ends: [EventSelector]
    /// How long it lasts by itself.
    public var within: TimeSpan

    /// Makes a state.
    public init(
        _ events: [EventSelector], begins: [EventSelector], ends: [EventSelector] = [],
        within: TimeSpan = .unbounded
    ) {
        self.events = events
        self.begins = begins
        self.ends = ends
        self.within = within
    }
}

/// Something that must follow.
public struct Deadline: Hashable, Sendable {
    /// The events after which something must follow.
    public var triggers: [EventSelector]
    /// What must follow, or excuse.
    public var answers: [EventSelector]
    /// Until when.
    public var within: TimeSpan
    /// When an open deadline is announced, if it is.
    public var warnsAfter: TimeSpan?
    /// What gives more time, if it happens within the first deadline.
    public var extensions: [EventSelector] = []
    /// Until when, once extended; counted from the trigger too.
    public var extendedWithin = TimeSpan.seconds(0)
    /// Only triggers between one of these and the next of `guardEnds` count, if any is given.
    public var guardBegins: [EventSelector] = []
    /// What ends that.
    public var guardEnds: [EventSelector] = []
    /// Whether the answer must have a later time than the trigger: for what must recur.
    public var isStrict = false
    /// The field that holds the second from which the time is counted; the event's own without.
    public var startField: FieldID?

    /// Makes a deadline.
    public init(
        after triggers: [EventSelector], expects answers: [EventSelector], within: TimeSpan,
        warnsAfter: TimeSpan? = nil
    ) {
        self.triggers = triggers
        self.answers = answers
        self.within = within
        self.warnsAfter = warnsAfter
    }
}

/// What a quota counts.
public enum QuotaMeasure: Hashable, Sendable {
    /// Events.
    case events
    /// Different values of up to two fields.
    case distinct([FieldID])
    /// The sum of a field; amounts beyond 2^40 count as that.
    case sum(FieldID)
}

/// The time in which a quota counts.
public enum QuotaWindow: Hashable, Sendable {
    /// The last seconds: an event exactly that old is out.
    case sliding(seconds: Int64)
    /// The civil day, week or month of the event.
    case civil(CivilPeriod)
}

/// Which events beyond a limit are findings.
public enum QuotaReporting: UInt8, Hashable, Sendable {
    /// The one that goes beyond.
    case crossing
    /// Each one while the count is beyond.
    case everyEvent
}

/// A most that may not be exceeded, for each key.
public struct Quota: Hashable, Sendable {
    /// The events that count.
    public var events: [EventSelector]
    /// What is counted.
    public var measure: QuotaMeasure
    /// In what time.
    public var window: QuotaWindow
    /// How much is allowed.
    public var limit: Int64
    /// The events after which counting begins again.
    public var resets: [EventSelector] = []
    /// Which events are findings.
    public var reporting = QuotaReporting.crossing

    /// Makes a quota.
    public init(
        _ events: [EventSelector], measure: QuotaMeasure, window: QuotaWindow, limit: Int64
    ) {
        self.events = events
        self.measure = measure
        self.window = window
        self.limit = limit
    }
}

/// Two things that the same key may not have both.
public struct Exclusive: Hashable, Sendable {
    /// One thing.
    public var first: [EventSelector]
    /// The other.
    public var second: [EventSelector]
    /// How far apart they may be and still count.
    public var within: TimeSpan

    /// Makes an exclusion.
    public init(
        _ first: [EventSelector], _ second: [EventSelector], within: TimeSpan = .unbounded
    ) {
        self.first = first
        self.second = second
        self.within = within
    }
}

/// A most that may be open at once.
public struct Concurrency: Hashable, Sendable {
    /// The events that open what the key names.
    public var begins: [EventSelector]
    /// The events that close it.
    public var ends: [EventSelector]
    /// The fields of the opening event by which open things are counted; at most three.
    public var groups: [FieldID]
    /// How many may be open.
    public var limit: Int64
    /// Which events are findings.
    public var reporting = QuotaReporting.crossing

    /// Makes a limit.
    public init(
        begins: [EventSelector], ends: [EventSelector], groups: [FieldID], limit: Int64
    ) {
        self.begins = begins
        self.ends = ends
        self.groups = groups
        self.limit = limit
    }
}

/// A robust limit from the actor's own past: median + k · MAD over the civil days on which the
/// actor did anything, among the last `dayCount` before today.
public struct Baseline: Hashable, Sendable {
    /// The events that count.
    public var events: [EventSelector]
    /// What is counted.
    public var measure: QuotaMeasure
    /// How many past civil days are looked at.
    public var dayCount: Int
    /// How many of them must have something to count.
    public var activeDayCountMin: Int
    /// The factor of the median absolute deviation, in thousandths.
    public var factorThousandths: Int64
    /// What is never a finding, however quiet the past was.
    public var floor: Int64

    /// Makes a baseline.
    public init(
        _ events: [EventSelector], measure: QuotaMeasure, dayCount: Int, activeDayCountMin: Int,
        factorThousandths: Int64, floor: Int64
    ) {
        self.events = events
        self.measure = measure
        self.dayCount = dayCount
        self.activeDayCountMin = activeDayCountMin
        self.factorThousandths = factorThousandths
        self.floor = floor
    }
}
