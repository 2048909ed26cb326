// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import Diagnostics
import TransparencyLog

/// An instant as a person reads it: the clock of Paris, with UTC beside it.
public struct ShownInstant: Sendable {
    let milliseconds: Int64

    /// Shows an instant, in milliseconds since 1970; beyond the calendar's years, the nearest one.
    public init(_ milliseconds: Int64) {
        let hour: Int64 = 3_600_000
        let range = Timestamp.range
        self.milliseconds = min(
            max(milliseconds, range.lowerBound + 24 * hour), range.upperBound - 24 * hour)
    }

    /// The text form of the log, in UTC.
    public var utc: String { Timestamp.format(milliseconds) }

    /// The date and time in Paris: `12/03/2026 10:02:03`, or `2026-03-12 10:02:03` in English.
    public func paris(in language: Language) -> String {
        let seconds = ParisTime(milliseconds: milliseconds).millisecondOfDay / 1_000
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { Self.padded($0, 2) }
        return "\(date(in: language)) \(clock.joined(separator: ":"))"
    }

    /// The date in Paris.
    public func date(in language: Language) -> String {
        let date = ParisTime(milliseconds: milliseconds).date
        let year = Self.padded(date.year, 4)
        let (month, day) = (Self.padded(date.month, 2), Self.padded(date.day, 2))
        return language == .french ? "\(day)/\(month)/\(year)" : "\(year)-\(month)-\(day)"
    }

    private static func padded(_ number: Int, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
