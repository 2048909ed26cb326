// SPDX-License-Identifier: Apache-2.0

/// The name of a figure: what it counts, where, when and of which category.
///
///     accesses/region:28/2026-10/P3
///     accesses/region:28/2026-10/P3/v1
///
/// The second one is the same after the first correction in the ledger: the late events that this
/// brought in are part of it.
public struct FigureID: Hashable, Sendable {
    /// What is counted.
    public var measure: Measure
    /// `all`, `region:` and a code, or `site:` and an establishment.
    public var place: String
    /// A period of the menu.
    public var period: ReportingPeriod
    /// `all`, a group of topics, or a topic.
    public var category: String
    /// How many corrections came before.
    public var vintage = 0

    /// Names a figure.
    public init(_ measure: Measure, place: String, period: ReportingPeriod, category: String) {
        self.measure = measure
        self.place = place
        self.period = period
        self.category = category
    }

    /// The same figure of another place and category.
    func at(place: String, category: String) -> FigureID {
        var id = self
        (id.place, id.category) = (place, category)
        return id
    }

    /// The figure of another measure that is the sum over this one's categories; nil for most.
    ///
    /// Promotions by occupation add up to the promotions among the accesses. The two are chosen one
    /// after the other, since nothing but this total ties them together.
    var whole: FigureID? {
        guard measure == .occupations else { return nil }
        var id = at(place: place, category: Topic.promoted.name)
        id.measure = .accesses
        return id
    }

    /// Reads the text form.
    ///
    /// - Throws: ``DisclosureError`` if the text is not one.
    public init(parsing text: String) throws(DisclosureError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4 || parts.count == 5, let measure = Measure(rawValue: parts[0]),
            let vintage = Self.vintage(parts.dropFirst(4).first)
        else { throw DisclosureError(.unknownTable, text) }
        self.init(
            measure, place: parts[1], period: try ReportingPeriod(parsing: parts[2]),
            category: parts[3])
        self.vintage = vintage
        guard !topics.isEmpty else { throw DisclosureError(.unknownTable, text) }
    }

    /// The text form.
    public var text: String {
        "\(measure.rawValue)/\(place)/\(period.text)/\(category)"
            + (vintage == 0 ? "" : "/v\(vintage)")
    }

    private static func vintage(_ text: String?) -> Int? {
        guard let text else { return 0 }
        guard text.hasPrefix("v"), let number = Int(text.dropFirst()),
            (1...ReleaseLedger.releaseCountMax).contains(number), "v\(number)" == text
        else { return nil }
        return number
    }

    /// The codes of the topics that the category stands for.
    var topics: [UInt8] {
        (Topic.all[measure] ?? []).filter {
            category == "all" || $0.groups.contains(category) || category == $0.name
        }.map(\.code)
    }

    /// The points in time that the figure sums over: pieces, or for a state its last month.
    var times: [Int32] {
        guard measure.isState else {
            let pieces = period.pieces
            return (0...vintage).flatMap { vintage in
                pieces.map { BaseKey.time($0, vintage: vintage) }
            }
        }
        return [Int32(clamping: ReportingPeriod.month(ofDay: period.endDay - 1))]
    }

    /// Whether a place belongs to the figure's.
    func covers(_ other: Place) -> Bool {
        if place == "all" { return true }
        if place.hasPrefix("region:") { return place.dropFirst(7) == other.region }
        return place.hasPrefix("site:") && place.dropFirst(5) == other.establishment
    }
}

/// A figure as a reader sees it.
public struct Figure: Hashable, Sendable {
    /// Its name.
    public var id: FigureID
    /// The value; nil if it is masked.
    public var value: Int64?

    /// Makes a figure.
    public init(_ id: FigureID, value: Int64?) {
        self.id = id
        self.value = value
    }
}
