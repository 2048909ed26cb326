// SPDX-License-Identifier: Apache-2.0

/// Instants as whole milliseconds since 1970-01-01T00:00:00Z, and their one text form.
///
///     2026-03-02T08:15:00.000Z
public enum Timestamp {
    /// The number of characters of the text form.
    public static let byteCount = 24

    /// The first and the last instant that the text form can say (years 0000 to 9999).
    public static let range: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// The instant that a text says; nil if it is not in the form, or not in the calendar.
    public static func parse(_ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == byteCount else { return nil }
        return unsafe bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return nil }
            return unsafe parse(base)
        }
    }

    /// The instant that the 24 bytes from `text` on say; nil as for the other form.
    @inline(__always)
    static func parse(_ text: UnsafeRawPointer) -> Int64? {
        guard let day = unsafe day(text), let time = unsafe time(text) else { return nil }
        return day &+ time
    }

    /// The same, of an instant that may be on the day that was read before.
    @inline(__always)
    static func parse(_ text: UnsafeRawPointer, after last: inout TimestampDay) -> Int64? {
        let (date, rest) = unsafe (word(text, 0), word(text, 8) & TimestampDay.mask)
        if date != last.date || rest != last.rest {
            guard let start = unsafe day(text) else { return nil }
            last = TimestampDay(date: date, rest: rest, start: start)
        }
        guard let time = unsafe time(text) else { return nil }
        return last.start &+ time
    }

    // Each word is compared with `0` digits and the separators, all eight bytes at a time: what
    // is left over must be at most 9 for a digit and 0 for a separator.

    /// The start of the day, from the text up to `T`.
    @inline(__always)
    private static func day(_ text: UnsafeRawPointer) -> Int64? {
        let date = unsafe word(text, 0) ^ 0x2D30_302D_3030_3030
        let rest = unsafe (word(text, 8) ^ 0x3030_3A30_3054_3030) & TimestampDay.mask
        let wrong = (date &+ 0x7F76_767F_7676_7676) | date | (rest &+ 0x7F_7676) | rest
        guard wrong & 0x8080_8080_8080_8080 == 0 else { return nil }
        let year = digits(date, 0) &* 100 &+ digits(date, 16)
        let (month, day) = (digits(date, 40), digits(rest, 0))
        guard month >= 1, month <= 12, day >= 1, day <= dayCount(year, month) else { return nil }
        return days(year, month, day) &* 86_400_000
    }

    /// The milliseconds since the start of the day, from the text after `T`.
    @inline(__always)
    private static func time(_ text: UnsafeRawPointer) -> Int64? {
        let time = unsafe (word(text, 8) ^ 0x3030_3A30_3054_3030) & ~TimestampDay.mask
        let end = unsafe word(text, 16) ^ 0x5A30_3030_2E30_303A
        let wrong =
            (time &+ 0x7676_7F76_7600_0000) | time | (end &+ 0x7F76_7676_7F76_767F) | end
        guard wrong & 0x8080_8080_8080_8080 == 0 else { return nil }
        let (hour, minute, second) = (digits(time, 24), digits(time, 48), digits(end, 8))
        guard hour < 24, minute < 60, second < 60 else { return nil }
        let millisecond = Int64(end &>> 32 & 0xF) &* 100 &+ digits(end, 40)
        return ((hour &* 60 &+ minute) &* 60 &+ second) &* 1_000 &+ millisecond
    }

    @inline(__always)
    private static func word(_ text: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        unsafe UInt64(
            littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The two digits that start at a bit of a word.
    @inline(__always)
    private static func digits(_ word: UInt64, _ shift: UInt64) -> Int64 {
        Int64(word &>> shift & 0xF) &* 10 &+ Int64(word &>> (shift &+ 8) & 0xF)
    }

    @inline(__always)
    private static func dayCount(_ year: Int64, _ month: Int64) -> Int64 {
        guard month == 2 else { return 30 &+ ((month &+ month &>> 3) & 1) }
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    }

    /// The days from 1970-01-01 to a date; years are counted from March.
    @inline(__always)
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = UInt64(bitPattern: year &+ 400 &- (month <= 2 ? 1 : 0))
        let march = UInt64(bitPattern: month > 2 ? month &- 3 : month &+ 9)
        let leapDays = shifted / 4 &- shifted / 100 &+ shifted / 400
        let dayOfYear = (153 &* march &+ 2) / 5 &+ UInt64(bitPattern: day) &- 1
        return Int64(365 &* shifted &+ leapDays &+ dayOfYear) &- 719_468 &- 146_097
    }

    /// The text form of an instant, in 24 bytes.
    ///
    /// It traps outside ``range``: no clock and no parsed text gives such an instant.
    public static func utf8(_ milliseconds: Int64) -> [UInt8] {
        precondition(range.contains(milliseconds), "an instant within the years 0000 to 9999")
        let day = milliseconds.dividedDown(by: 86_400_000)
        let time = milliseconds - day * 86_400_000
        let (year, month, dayOfMonth) = civil(day)
        var text = template
        text.write(year / 100, at: 0)
        text.write(year % 100, at: 2)
        text.write(month, at: 5)
        text.write(dayOfMonth, at: 8)
        text.write(time / 3_600_000, at: 11)
        text.write(time / 60_000 % 60, at: 14)
        text.write(time / 1_000 % 60, at: 17)
        text.write(time % 1_000 / 10, at: 20)
        text[22] = 0x30 + UInt8(truncatingIfNeeded: time % 10)
        return text
    }

    private static let template = Array("0000-00-00T00:00:00.000Z".utf8)

    /// The text form of an instant.
    public static func format(_ milliseconds: Int64) -> String {
        String(decoding: utf8(milliseconds), as: UTF8.self)
    }

    private static func civil(_ day: Int64) -> (Int64, Int64, Int64) {
        let shifted = day + 719_468
        let era = shifted.dividedDown(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * march + 2) / 5 + 1)
    }
}

/// The text of one day, as far as `T`, and its start in milliseconds since 1970.
struct TimestampDay: Sendable {
    /// The bits of the second word that belong to the day.
    static let mask: UInt64 = 0xFF_FFFF

    /// The first word, here `1970-01-`.
    var date: UInt64 = 0x2D31_302D_3037_3931
    /// The three bytes after it, here `01T`.
    var rest: UInt64 = 0x54_3130
    var start: Int64 = 0
}

extension Int64 {
    /// The quotient, rounded towards minus infinity.
    fileprivate func dividedDown(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension [UInt8] {
    /// Writes a number below 100 as two digits.
    fileprivate mutating func write(_ number: Int64, at place: Int) {
        self[place] = 0x30 + UInt8(truncatingIfNeeded: number / 10)
        self[place + 1] = 0x30 + UInt8(truncatingIfNeeded: number % 10)
    }
}
