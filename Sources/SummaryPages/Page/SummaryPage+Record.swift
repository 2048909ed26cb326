// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Diagnostics
import Disclosure
import Reporting

/// What the log itself covers: its integrity, day by day, and each source's.
extension SummaryPage {
    var coverage: [Markup] {
        let days = (document.period.firstDay..<document.period.endDay).map { Int32(clamping: $0) }
        guard !days.isEmpty, !document.sourceDays.isEmpty else { return [] }
        let sources = document.sourceDays.sorted { $0.key < $1.key }
        let log = sources.reduce(into: Set<Int32>()) { $0.formUnion($1.value) }
        let title = pair("Intégrité du journal et couverture des sources", "Integrity and coverage")
        let name = pair("Journal (intègre)", "Log (intact)")[language]
        let rows =
            [(name, days.map { log.contains($0) ? true : nil as Bool? })]
            + sources.map { source in
                (source.key, days.map { source.value.contains($0) as Bool? })
            }
        let ends = document.period.milliseconds
        let drawing = Chart.strip(
            title[language], language, rows: rows.map { (name: $0.0, states: $0.1) },
            ends: (
                ShownInstant(ends.lowerBound).date(in: language),
                ShownInstant(ends.upperBound - 1).date(in: language)
            ))
        let head = [
            pair("Source", "Source"), pair("Jours avec entrées", "Days with entries"),
            pair("Jours sans entrée", "Days without"),
            pair("Premier jour sans", "First day without"),
        ]
        let lines = rows.map { row -> [String] in
            let present = row.1.count { $0 == true }
            let first = row.1.firstIndex { $0 != true }.map { place -> String in
                let time = ParisTime.milliseconds(
                    CivilDate(daysSinceEpoch: Int(days[place])), millisecondOfDay: 0)
                return ShownInstant(time).date(in: language)
            }
            return [
                row.0, number(Int64(present)), number(Int64(days.count - present)), first ?? "–",
            ]
        }
        return [figure(title[language], drawing), list(title, head, lines)]
    }
}
