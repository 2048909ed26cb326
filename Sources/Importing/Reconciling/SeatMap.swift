// SPDX-License-Identifier: Apache-2.0

import AuditEvents

/// What the columns of a vendor's usage or seat export mean, for comparing it with a log.
///
///     separator: ","
///     zone: utc
///     seat: {from: Seat ID, as: code, prefix: LIC-}
///     day: {from: Date, as: us-date}
///     counts:
///       linkedin.profile.view: Profiles viewed
///       linkedin.search: Searches performed
///     drop: [Seat holder, "* accepted"]
///
/// Without `day` and `counts` the export is a list of the seats that are billed.
public struct SeatMap: Sendable {
    /// Where a day begins.
    public enum Zone: String, CaseIterable, Sendable {
        /// At midnight UTC.
        case utc
        /// At midnight in Paris.
        case paris

        /// The day on which an instant falls, in days since 1970.
        func day(of instant: Int64) -> Int {
            switch self {
            case .utc: Int(instant / 86_400_000) - (instant % 86_400_000 < 0 ? 1 : 0)
            case .paris: ParisTime(milliseconds: instant).date.daysSinceEpoch
            }
        }
    }

    /// What stands between the fields of a record.
    public var separator = UInt8(ascii: ",")
    /// Where the vendor's days begin.
    public var zone = Zone.utc
    var seat = FieldRule.constant("")
    var day: FieldRule?
    /// The columns that count events, by the type that the log gives them.
    var counts: [(type: String, column: String)] = []
    var drop: Set<String> = []
    var dropPrefixes: [String] = []

    /// Whether the export lists seats, without what was done with them.
    public var isSeatList: Bool { day == nil }

    /// The columns that no row can do without.
    var needed: [String] {
        [seat.from, day?.from].compactMap { $0 } + counts.map { $0.column }
    }

    /// Whether the map says what becomes of a column.
    func knows(_ name: String) -> Bool {
        declares(name) || dropPrefixes.contains { name.hasPrefix($0) }
    }

    /// Whether a column's name stands in the map as a whole.
    func declares(_ name: String) -> Bool { needed.contains(name) || drop.contains(name) }
}
