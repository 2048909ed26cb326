// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Diagnostics
import Disclosure
import Reporting

/// The last section: integrity by day, and each source's days.
extension OfficerPage {
    /// The days of the log, and those on which something was found against it or its sources.
    var strips: Markup {
        let title = pair("Intégrité et couverture, jour par jour", "Integrity and coverage by day")
        guard let first = run.first, let last = run.last, first <= last else {
            return section(
                "days", title, [Markup("p", [], Markup(pair("Sans objet.", "None.")[language]))])
        }
        func day(_ time: Int64) -> Int { ParisTime(milliseconds: time).date.daysSinceEpoch }
        let days = day(first)...min(day(last), day(first) + 800)
        let strips: [(LocalizedText, [String])] = [
            (pair("Intégrité [R35]", "Integrity [R35]"), ["R35"]),
            (pair("Sources [R36]", "Sources [R36]"), ["R36"]),
            (pair("Champs, lectures [R37]", "Fields, reading [R37]"), ["R37"]),
        ]
        let rows = strips.map { strip -> (name: String, states: [Bool?]) in
            let broken = Set(
                run.findings.filter { strip.1.contains($0.rule) }.map { day($0.time) })
            let isKnown = run.isIntact && rules.union(["R35"]).isSuperset(of: strip.1)
            return (
                strip.0[language],
                days.map { broken.contains($0) ? false : isKnown ? true : nil }
            )
        }
        let ends = (
            first: ShownInstant(first).date(in: language),
            last: ShownInstant(last).date(in: language)
        )
        let coverage = coverage(days, ends)
        let figures = rows.map { row in
            [
                row.name, "\(days.count)", "\(row.states.count { $0 == false })",
                "\(row.states.count { $0 == nil })",
            ]
        }
        return section(
            "days", title,
            [
                Chart.figure(
                    title[language],
                    Chart.strip(title[language], language, rows: rows, ends: ends), language),
                table(
                    title[language],
                    [
                        pair("Contrôle", "Control"), pair("Jours", "Days"),
                        pair("Jours avec constat", "Days with a finding"),
                        pair("Jours non établis", "Days not proved"),
                    ], figures),
            ] + coverage)
    }

    /// The days on which each source told anything, and those on which it was silent.
    private func coverage(
        _ days: ClosedRange<Int>, _ ends: (first: String, last: String)
    ) -> [Markup] {
        guard let sources else {
            return [
                Markup(
                    "p", [],
                    Markup(
                        pair(
                            "La couverture de chaque source se lit dans le journal\u{202F}: redonnez ce "
                                + "rapport avec `--log` et `--key`.",
                            "The coverage of each source is in the log: make this report with "
                                + "`--log` and `--key`.")[language]))
            ]
        }
        let title = pair("Couverture, source par source", "Coverage, source by source")
        let rows = sources.days.sorted { $0.key < $1.key }.map { source in
            (
                name: source.key,
                states: days.map { source.value.contains(Int32(clamping: $0)) as Bool? }
            )
        }
        let lines = rows.map { row in
            let silent = row.states.firstIndex(of: false).map { place in
                let time = ParisTime.milliseconds(
                    CivilDate(daysSinceEpoch: days.lowerBound + place), millisecondOfDay: 0)
                return ShownInstant(time).date(in: language)
            }
            return [
                row.name, "\(row.states.count { $0 == true })",
                "\(row.states.count { $0 == false })", silent ?? "–",
            ]
        }
        return [
            Chart.figure(
                title[language], Chart.strip(title[language], language, rows: rows, ends: ends),
                language),
            table(
                title[language],
                [
                    pair("Source", "Source"), pair("Jours avec entrées", "Days with entries"),
                    pair("Jours sans entrée", "Days without"),
                    pair("Premier jour sans", "First day without"),
                ], lines),
        ]
    }
}
