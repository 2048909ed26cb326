// SPDX-License-Identifier: Apache-2.0

/// Where an event belongs: an establishment and its region.
public struct Place: Hashable, Sendable {
    /// The establishment, as the entries name it.
    public var establishment: String
    /// The region, an INSEE code.
    public var region: String

    /// Names a place.
    public init(establishment: String, region: String) {
        self.establishment = establishment
        self.region = region
    }
}

/// The finest figures: every published figure is a sum over some of them.
public struct BaseKey: Hashable, Comparable, Sendable {
    /// What is counted.
    public var measure: Measure
    /// The category, by its code.
    public var topic: UInt8
    /// The place, by its position among the places.
    public var place: Int32
    /// The piece, by its first day; for states the month, by its number.
    ///
    /// What a correction added later stands apart, at the same piece of another vintage.
    public var time: Int32

    /// Names a figure.
    public init(measure: Measure, topic: UInt8, place: Int32, time: Int32) {
        self.measure = measure
        self.topic = topic
        self.place = place
        self.time = time
    }

    /// The time of a piece in a vintage: 0 for what was known at first, 1 for what the first
    /// correction of the ledger added, and so on.
    public static func time(_ piece: Int32, vintage: Int) -> Int32 {
        piece + Int32(clamping: vintage) * 1_000_000
    }

    /// Whether one figure stands before another.
    public static func < (left: BaseKey, right: BaseKey) -> Bool {
        (left.measure.rawValue, left.time, left.place, left.topic)
            < (right.measure.rawValue, right.time, right.place, right.topic)
    }
}

/// All base figures of a log, and who is behind each.
public struct BaseCounts: Sendable {
    /// The places, the first of which stands for an unknown one.
    public var places: [Place] = [Place(establishment: "?", region: "?")]
    /// The figures that are not zero.
    public var tallies: [BaseKey: ContributorTally] = [:]
    /// When the last entry was recorded, in milliseconds since 1970.
    public var recordedUntil: Int64 = .min
    /// The events that came too late for their month, and count in a later one.
    public var lateCount: Int64 = 0
    /// The days, counted from 1970-01-01, on which each source told anything.
    public var sourceDays: [String: Set<Int32>] = [:]
    /// What happened besides, for the pages of a summary.
    public var chronicle = Chronicle()

    /// Counts nothing.
    public init() {}

    /// All that some base figures count together.
    public func tally(_ keys: some Sequence<BaseKey>) -> ContributorTally {
        var sum = ContributorTally()
        for key in keys {
            if let tally = tallies[key] { sum.add(tally) }
        }
        return sum
    }
}

/// What happened in the pilot besides accesses, in the order of the log.
public struct Chronicle: Sendable {
    /// One event that a summary may tell: it names nobody.
    public struct Item: Hashable, Sendable {
        /// The event's type.
        public var type: String
        /// When it occurred, in milliseconds since 1970.
        public var time: Int64
        /// Its entry.
        public var index: UInt64
        /// Coded values: a body, a reference, an indicator, numbers.
        public var values: [String: String]
    }

    /// The events.
    public internal(set) var items: [Item] = []
    /// How many events were left out because there were too many.
    public internal(set) var omittedCount = 0

    static let itemCountMax = 20_000

    /// Begins without events.
    public init() {}

    /// The events of some types within a time.
    public func items(_ types: Set<String>, in range: Range<Int64>) -> [Item] {
        items.filter { types.contains($0.type) && range.contains($0.time) }
    }
}
