// SPDX-License-Identifier: Apache-2.0

import AuditEvents

/// A period of the menu: whole months, a quarter, or a week.
///
/// There is no other: somebody who could ask for the 1st to the 30th and for the 1st to the 31st
/// would learn the last day. Months, quarters and weeks are made of *pieces*, the parts of a week
/// that lie in one month, so that a figure of any period is a sum over pieces.
public struct ReportingPeriod: Hashable, Sendable {
    /// The text form: `2026-10`, `2026-10..2027-03`, `2026-Q4` or `2026-W41`.
    public let text: String
    /// The first day, counted from 1970-01-01.
    public let firstDay: Int
    /// The day after the last.
    public let endDay: Int

    /// The longest period, in months.
    public static let monthCountMax = 24

    /// Reads the text form.
    ///
    /// - Throws: ``DisclosureError/Code/unknownPeriod`` if the text is not one.
    public init(parsing text: String) throws(DisclosureError) {
        let bytes = Array(text.utf8)
        self.text = text
        if bytes.count == 16, bytes[7] == 0x2E, bytes[8] == 0x2E,
            let first = Self.month(bytes[..<7]), let last = Self.month(bytes[9...]),
            (1..<Self.monthCountMax).contains(last - first)
        {
            (firstDay, endDay) = (Self.start(ofMonth: first), Self.start(ofMonth: last + 1))
        } else if bytes.count == 7, let month = Self.month(bytes[...]) {
            (firstDay, endDay) = (Self.start(ofMonth: month), Self.start(ofMonth: month + 1))
        } else if bytes.count == 7, bytes[5] == UInt8(ascii: "Q"), let year = Self.year(bytes),
            (0x31...0x34).contains(bytes[6])
        {
            let month = year * 12 + Int(bytes[6] - 0x31) * 3
            (firstDay, endDay) = (Self.start(ofMonth: month), Self.start(ofMonth: month + 3))
        } else if bytes.count == 8, bytes[5] == UInt8(ascii: "W"), let year = Self.year(bytes),
            let week = Self.number(bytes[6...]), let monday = Self.monday(year, week)
        {
            (firstDay, endDay) = (monday, monday + 7)
        } else {
            throw DisclosureError(.unknownPeriod, text)
        }
    }

    /// The months of the period, in order; a week belongs to none.
    public var months: [ReportingPeriod] {
        let (first, end) = (CivilDate(daysSinceEpoch: firstDay), CivilDate(daysSinceEpoch: endDay))
        guard first.day == 1, end.day == 1 else { return [] }
        let numbers = (first.year * 12 + first.month - 1)..<(end.year * 12 + end.month - 1)
        return numbers.map(Self.init(month:))
    }

    /// A month by its number: twelve times the year, and the month from 0.
    init(month: Int) {
        let (year, number) = (month / 12, month % 12 + 1)
        text = "\(year)-\(number < 10 ? "0" : "")\(number)"
        firstDay = Self.start(ofMonth: month)
        endDay = Self.start(ofMonth: month + 1)
    }

    /// The pieces of the period, by their first days.
    var pieces: [Int32] {
        var pieces: [Int32] = []
        var day = firstDay
        while day < endDay {
            pieces.append(Self.piece(ofDay: day))
            repeat { day += 1 } while day < endDay && Self.piece(ofDay: day) == pieces.last
        }
        return pieces
    }

    /// The year of its last day.
    var year: Int { CivilDate(daysSinceEpoch: endDay - 1).year }

    /// Whether the period has a piece.
    func contains(piece: Int32) -> Bool { (firstDay..<endDay).contains(Int(piece)) }

    /// The first day of the part of a week and month to which a day belongs.
    static func piece(ofDay day: Int) -> Int32 {
        let date = CivilDate(daysSinceEpoch: day)
        return Int32(clamping: day - min(date.weekday - 1, date.day - 1))
    }

    /// The piece that follows another.
    static func piece(after piece: Int32) -> Int32 {
        var day = Int(piece) + 1
        while Self.piece(ofDay: day) == piece { day += 1 }
        return Int32(clamping: day)
    }

    /// The number of the month of a day.
    static func month(ofDay day: Int) -> Int {
        let date = CivilDate(daysSinceEpoch: day)
        return date.year * 12 + date.month - 1
    }

    private static func start(ofMonth month: Int) -> Int {
        CivilDate(year: month / 12, month: month % 12 + 1, day: 1).daysSinceEpoch
    }

    private static func month(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let year = year(Array(bytes)), let month = number(bytes.suffix(2)),
            (1...12).contains(month)
        else { return nil }
        return year * 12 + month - 1
    }

    private static func year(_ bytes: [UInt8]) -> Int? {
        guard bytes.count > 4, bytes[4] == UInt8(ascii: "-"), let year = number(bytes[..<4]),
            (2000...2199).contains(year)
        else { return nil }
        return year
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    /// The Monday of a week of ISO 8601.
    private static func monday(_ year: Int, _ week: Int) -> Int? {
        let fourth = CivilDate(year: year, month: 1, day: 4)
        let monday = fourth.daysSinceEpoch - (fourth.weekday - 1) + (week - 1) * 7
        let found = CivilDate(daysSinceEpoch: monday).isoWeek
        return week >= 1 && found == (year, week) ? monday : nil
    }
}

extension ReportingPeriod {
    /// The period in milliseconds since 1970, from midnight to midnight in Paris.
    public var milliseconds: Range<Int64> {
        func midnight(_ day: Int) -> Int64 {
            ParisTime.milliseconds(CivilDate(daysSinceEpoch: day), millisecondOfDay: 0)
        }
        return midnight(firstDay)..<midnight(endDay)
    }
}

extension ReportingPeriod {
    /// The month in which a period ends.
    public init(lastMonthOf period: ReportingPeriod) {
        self.init(month: Self.month(ofDay: period.endDay - 1))
    }
}
