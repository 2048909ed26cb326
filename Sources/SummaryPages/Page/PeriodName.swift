// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Diagnostics
import Disclosure

/// Periods in words: *octobre 2026 à mars 2027*, where the menu says `2026-10..2027-03`.
enum PeriodName {
    private static let months: [LocalizedText] = [
        LocalizedText(fr: "janvier", en: "January"), LocalizedText(fr: "février", en: "February"),
        LocalizedText(fr: "mars", en: "March"), LocalizedText(fr: "avril", en: "April"),
        LocalizedText(fr: "mai", en: "May"), LocalizedText(fr: "juin", en: "June"),
        LocalizedText(fr: "juillet", en: "July"), LocalizedText(fr: "août", en: "August"),
        LocalizedText(fr: "septembre", en: "September"),
        LocalizedText(fr: "octobre", en: "October"),
        LocalizedText(fr: "novembre", en: "November"),
        LocalizedText(fr: "décembre", en: "December"),
    ]

    /// The period in words, with the text of the menu where that says more.
    static func words(_ period: ReportingPeriod, _ language: Language) -> String {
        guard let first = period.months.first, let last = period.months.last else {
            let word = LocalizedText(fr: "semaine", en: "week")[language]
            return "\(word) \(period.text)"
        }
        let (from, to) = (month(first, language), month(last, language))
        return first == last ? from : "\(from) \(language == .french ? "à" : "to") \(to)"
    }

    /// One month in words.
    private static func month(_ period: ReportingPeriod, _ language: Language) -> String {
        let date = CivilDate(daysSinceEpoch: period.firstDay)
        return "\(months[date.month - 1][language]) \(date.year)"
    }

    /// A heading that is a month, in words; nil for another.
    static func heading(_ text: String, _ language: Language) -> String? {
        guard text.utf8.count == 7, let period = try? ReportingPeriod(parsing: text),
            period.months.count == 1
        else { return nil }
        let date = CivilDate(daysSinceEpoch: period.firstDay)
        let digits = (date.month < 10 ? "0" : "") + "\(date.month)"
        return language == .french ? "\(digits)/\(date.year)" : "\(date.year)-\(digits)"
    }
}
