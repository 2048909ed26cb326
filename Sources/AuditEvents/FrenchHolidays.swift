// SPDX-License-Identifier: Apache-2.0

/// The public holidays of metropolitan France (Code du travail, L3133-1).
public enum FrenchHolidays {
    /// Easter Sunday, by the Gregorian computus (Meeus, Jones and Butcher).
    public static func easter(year: Int) -> CivilDate {
        let golden = year % 19
        let century = year / 100
        let rest = year % 100
        let moon =
            (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15)
        let epact = moon % 30
        let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7
        let correction = (golden + 11 * epact + 22 * weekday) / 451
        let sum = epact + weekday - 7 * correction + 114
        return CivilDate(year: year, month: sum / 31, day: sum % 31 + 1)
    }

    /// Whether a date is a public holiday.
    public static func contains(_ date: CivilDate) -> Bool {
        switch (date.month, date.day) {
        case (1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25): return true
        default: break
        }
        // Easter Monday, Ascension Day, Whit Monday.
        let distance = date.daysSinceEpoch - easter(year: date.year).daysSinceEpoch
        return distance == 1 || distance == 39 || distance == 50
    }

    /// Whether a date is neither on a week-end nor a public holiday.
    public static func isWorkingDay(_ date: CivilDate) -> Bool {
        date.weekday <= 5 && !contains(date)
    }
}
