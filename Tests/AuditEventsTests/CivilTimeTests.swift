// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Testing

@Suite struct CivilTimeTests {
    @Test func everyDayOfFourCenturiesComesBack() {
        var previous = CivilDate(daysSinceEpoch: -1)
        for days in 0..<146_097 {
            let date = CivilDate(daysSinceEpoch: days)
            #expect(date.daysSinceEpoch == days)
            #expect(previous < date)
            #expect(date.weekday == previous.weekday % 7 + 1)
            previous = date
        }
        #expect(CivilDate(daysSinceEpoch: 0).weekday == 4)
    }

    /// Values of Python's `date.isocalendar()`.
    @Test(arguments: [
        ((2024, 12, 30), (2025, 1)), ((2026, 12, 31), (2026, 53)), ((2027, 1, 3), (2026, 53)),
        ((2026, 1, 1), (2026, 1)), ((2021, 1, 3), (2020, 53)),
    ])
    func isoWeeks(_ date: (Int, Int, Int), _ week: (Int, Int)) {
        let found = CivilDate(year: date.0, month: date.1, day: date.2).isoWeek
        #expect(found == week)
    }

    @Test func monthsAreClamped() {
        let date = CivilDate(year: 2025, month: 8, day: 31)
        #expect(date.adding(months: 6) == CivilDate(year: 2026, month: 2, day: 28))
        #expect(date.adding(months: -7) == CivilDate(year: 2025, month: 1, day: 31))
        #expect(date.adding(months: -8) == CivilDate(year: 2024, month: 12, day: 31))
    }

    /// The nights on which the clock changes in 2026: 29 March and 25 October, at 01:00 UTC.
    @Test(arguments: [
        (1_774_745_999_999, 1), (1_774_746_000_000, 2), (1_792_889_999_999, 2),
        (1_792_890_000_000, 1),
    ])
    func clockChanges(_ milliseconds: Int, _ offset: Int) {
        let paris = ParisTime(milliseconds: Int64(milliseconds))
        #expect(paris.offsetHours == offset)
    }

    @Test func parisTimeComesBackExceptInTheHourThatComesTwice() {
        for hour in 0..<(24 * 366 * 2) {
            let instant = 1_767_225_600_000 + Int64(hour) * 3_600_000
            let paris = ParisTime(milliseconds: instant)
            let back = ParisTime.milliseconds(
                paris.date, millisecondOfDay: paris.millisecondOfDay)
            let repeated = back == instant - 3_600_000 && paris.offsetHours == 1
            #expect(back == instant || repeated)
        }
    }

    @Test func holidaysOf2026() {
        let expected = [
            (1, 1), (4, 6), (5, 1), (5, 8), (5, 14), (5, 25), (7, 14), (8, 15), (11, 1), (11, 11),
            (12, 25),
        ].map { CivilDate(year: 2026, month: $0.0, day: $0.1) }
        let first = CivilDate(year: 2026, month: 1, day: 1).daysSinceEpoch
        let found = (first..<(first + 365)).map { CivilDate(daysSinceEpoch: $0) }
            .filter(FrenchHolidays.contains)
        #expect(found == expected)
    }

    @Test(arguments: [(2000, 4, 23), (2008, 3, 23), (2024, 3, 31), (2025, 4, 20), (2038, 4, 25)])
    func easter(_ year: Int, _ month: Int, _ day: Int) {
        #expect(
            FrenchHolidays.easter(year: year) == CivilDate(year: year, month: month, day: day))
    }
}
