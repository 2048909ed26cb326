// SPDX-License-Identifier: Apache-2.0

import AuditEvents

/// A civil calendar by which days, weeks, months and working days are counted.
///
/// Nothing here is part of metric temporal logic: windows of civil days and deadlines in
/// working days are an addition to it.
public enum RuleCalendar: UInt8, Hashable, Sendable {
    /// The civil time of Paris, with daylight saving and the public holidays of France.
    case paris
    /// Days of 24 hours, with week-ends and no holidays.
    case universal

    /// The first and the last second that a calendar knows: the years 1 to 9998.
    static let knownTimes: ClosedRange<Int64> = -62_135_596_800...253_370_764_799

    /// The civil day of an instant.
    func day(at time: Int64) -> CivilDay {
        let time = min(max(time, Self.knownTimes.lowerBound), Self.knownTimes.upperBound)
        switch self {
        case .paris:
            let date = ParisTime(milliseconds: time * 1_000).date
            let start = Self.parisMidnight(date.daysSinceEpoch)
            let end = Self.parisMidnight(date.daysSinceEpoch + 1)
            return CivilDay(number: date.daysSinceEpoch, start: start, end: end)
        case .universal:
            let number = time / 86_400 - (time % 86_400 < 0 ? 1 : 0)
            return CivilDay(number: Int(number), start: number * 86_400, end: (number + 1) * 86_400)
        }
    }

    /// The first second after a civil day.
    func end(ofDay number: Int) -> Int64 {
        switch self {
        case .paris: Self.parisMidnight(number + 1)
        case .universal: Int64(number + 1) * 86_400
        }
    }

    private static func parisMidnight(_ day: Int) -> Int64 {
        ParisTime.milliseconds(CivilDate(daysSinceEpoch: day), millisecondOfDay: 0) / 1_000
    }

    func isWorkingDay(_ number: Int) -> Bool {
        let date = CivilDate(daysSinceEpoch: number)
        return self == .paris ? FrenchHolidays.isWorkingDay(date) : date.weekday <= 5
    }

    /// The day some working days after another.
    func day(_ count: Int, workingDaysAfter start: Int) -> Int {
        var day = start
        var left = count
        while left > 0 {
            day += 1
            if isWorkingDay(day) { left -= 1 }
        }
        return day
    }

    /// The day some months after another, or the last of that month.
    func day(_ count: Int, monthsAfter start: Int) -> Int {
        CivilDate(daysSinceEpoch: start).adding(months: count).daysSinceEpoch
    }

    func isOutside(_ time: Int64, fromMinute start: Int, toMinute end: Int) -> Bool {
        let day = day(at: time)
        guard isWorkingDay(day.number) else { return true }
        let time = min(max(time, Self.knownTimes.lowerBound), Self.knownTimes.upperBound)
        let minute =
            self == .paris
            ? ParisTime(milliseconds: time * 1_000).millisecondOfDay / 60_000
            : Int(time - day.start) / 60
        return minute < start || minute >= end
    }
}

/// A civil day: its number after 1970-01-01, and the seconds that it has.
struct CivilDay: Hashable, Sendable {
    var number: Int
    var start: Int64
    var end: Int64

    func contains(_ time: Int64) -> Bool { time >= start && time < end }
}

/// The civil periods in which a rule may count.
public enum CivilPeriod: UInt8, Hashable, Sendable {
    /// From midnight to midnight.
    case day
    /// From Monday to Sunday, as in ISO 8601.
    case isoWeek
    /// The calendar month.
    case month

    /// A number that all days of a period share, and that grows with time.
    func number(ofDay day: Int) -> Int {
        switch self {
        case .day: return day
        case .isoWeek:
            // 1970-01-01 was a Thursday.
            let shifted = day + 3
            return shifted / 7 - (shifted % 7 < 0 ? 1 : 0)
        case .month:
            let date = CivilDate(daysSinceEpoch: day)
            return date.year * 12 + date.month - 1
        }
    }
}

/// A length of time, in seconds or by the calendar.
public enum TimeSpan: Hashable, Sendable {
    /// The whole past.
    case unbounded
    /// Seconds: the last instant is that many seconds after the first, included.
    case seconds(Int64)
    /// Civil days: to the end of the day that many days later.
    case days(Int)
    /// Working days: to the end of the working day that many working days later.
    case workingDays(Int)
    /// Months: to the end of the same day that many months later, or of that month's last.
    case months(Int)

    /// The most that a span may be: about a century.
    static let secondsMax: Int64 = 3_200_000_000

    var isWellFormed: Bool {
        switch self {
        case .unbounded: true
        case .seconds(let count): (0...Self.secondsMax).contains(count)
        case .days(let count): (0...36_525).contains(count)
        case .workingDays(let count): (0...2_000).contains(count)
        case .months(let count): (0...1_200).contains(count)
        }
    }

    /// The last instant, in seconds, of a span that begins at an instant.
    func last(from start: Int64, _ calendar: RuleCalendar) -> Int64 {
        switch self {
        case .unbounded: return .max
        case .seconds(let count):
            let (sum, overflow) = start.addingReportingOverflow(count)
            return overflow ? .max : sum
        case .days(let count):
            return calendar.end(ofDay: calendar.day(at: start).number + count) - 1
        case .workingDays(let count):
            let day = calendar.day(at: start).number
            return calendar.end(ofDay: calendar.day(count, workingDaysAfter: day)) - 1
        case .months(let count):
            let day = calendar.day(at: start).number
            return calendar.end(ofDay: calendar.day(count, monthsAfter: day)) - 1
        }
    }
}
