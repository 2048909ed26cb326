// SPDX-License-Identifier: Apache-2.0

/// A date of the proleptic Gregorian calendar.
public struct CivilDate: Hashable, Comparable, Sendable {
    /// The year.
    public var year: Int
    /// The month, from 1.
    public var month: Int
    /// The day of the month, from 1.
    public var day: Int

    /// Makes a date from its parts, which are not checked.
    public init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date that is a number of days after 1970-01-01.
    ///
    /// The year is counted from March, so that the leap day is the last day of a year.
    public init(daysSinceEpoch days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The number of days after 1970-01-01.
    public var daysSinceEpoch: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The day of the week, from 1 (Monday) to 7 (Sunday), as in ISO 8601.
    public var weekday: Int {
        let remainder = (daysSinceEpoch + 3) % 7
        return (remainder < 0 ? remainder + 7 : remainder) + 1
    }

    /// The week of ISO 8601: it belongs to the year of its Thursday.
    public var isoWeek: (year: Int, week: Int) {
        let thursday = CivilDate(daysSinceEpoch: daysSinceEpoch + 4 - weekday)
        let newYear = CivilDate(year: thursday.year, month: 1, day: 1)
        return (thursday.year, (thursday.daysSinceEpoch - newYear.daysSinceEpoch) / 7 + 1)
    }

    /// The same day some months later, or the last day of that month where it has no such day.
    public func adding(months: Int) -> CivilDate {
        let total = year * 12 + month - 1 + months
        let newYear = total >= 0 ? total / 12 : (total - 11) / 12
        let newMonth = total - newYear * 12 + 1
        let last = CivilDate.dayCount(year: newYear, month: newMonth)
        return CivilDate(year: newYear, month: newMonth, day: min(day, last))
    }

    /// The number of days of a month.
    public static func dayCount(year: Int, month: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Whether one date is before another.
    public static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

/// An instant as the clock of Paris shows it.
public struct ParisTime: Hashable, Sendable {
    /// The civil date in Paris.
    public var date: CivilDate
    /// Milliseconds since midnight, as the clock shows them.
    public var millisecondOfDay: Int
    /// How far Paris is ahead of UTC, in hours: 2 in summer, else 1.
    public var offsetHours: Int

    static let dayMilliseconds: Int64 = 86_400_000

    /// The clock of Paris at an instant, in milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// Summer time lasts from the last Sunday of March to that of October, at 01:00 UTC
    /// (directive 2000/84/EC). Years before that rule are not distinguished.
    public init(milliseconds: Int64) {
        offsetHours = Self.offsetHours(at: milliseconds)
        let local = milliseconds + Int64(offsetHours) * 3_600_000
        let days = Self.floorDivide(local, Self.dayMilliseconds)
        date = CivilDate(daysSinceEpoch: Int(days))
        millisecondOfDay = Int(local - days * Self.dayMilliseconds)
    }

    /// The instant at which the clock of Paris shows a time, in milliseconds since the epoch.
    ///
    /// A time that comes twice, in the night of October, is the first; one that does not exist, in
    /// the night of March, is taken with the offset of winter.
    public static func milliseconds(_ date: CivilDate, millisecondOfDay: Int) -> Int64 {
        let local = Int64(date.daysSinceEpoch) * dayMilliseconds + Int64(millisecondOfDay)
        let summer = local - 7_200_000
        return offsetHours(at: summer) == 2 ? summer : local - 3_600_000
    }

    static func offsetHours(at milliseconds: Int64) -> Int {
        let days = floorDivide(milliseconds, dayMilliseconds)
        let year = CivilDate(daysSinceEpoch: Int(days)).year
        let start = lastSunday(year: year, month: 3) + 3_600_000
        let end = lastSunday(year: year, month: 10) + 3_600_000
        return milliseconds >= start && milliseconds < end ? 2 : 1
    }

    /// Midnight UTC of the last Sunday of a month of 31 days.
    private static func lastSunday(year: Int, month: Int) -> Int64 {
        let last = CivilDate(year: year, month: month, day: 31)
        return Int64(last.daysSinceEpoch - last.weekday % 7) * dayMilliseconds
    }

    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}
