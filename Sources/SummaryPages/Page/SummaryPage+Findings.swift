// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Disclosure
import Reporting

/// The fifth section: what the audit found, what became of it, and how long that took.
extension SummaryPage {
    var findings: Markup {
        let note = pair(
            "Les écarts sont comptés par famille de règles. Un écart n’est pas une faute\u{202F}: la "
                + "personne est entendue avant toute confirmation.",
            "Findings are counted by family of rules. A finding is not a fault: the person is heard "
                + "before anything is confirmed.")
        let content =
            [paragraph(note)] + drawn("findings") { bars($0, $1) }
            + drawn("findings-by-severity") { bars($0, $1) } + explained + reviews + delays
        return section(5, content + coverage)
    }

    /// What became of findings; known for the whole pilot alone.
    private var reviews: [Markup] {
        guard document.perimeter.region != nil, document.table("reviews") == nil else {
            return drawn("reviews") { bars($0, $1) }
        }
        return [
            paragraph(
                pair(
                    "Les suites données aux écarts ne disent pas leur lieu, et les délais d’une région sont "
                        + "ceux de quelques personnes\u{202F}: voyez la synthèse de l’ensemble du pilote.",
                    "What became of findings does not say where they were made, and the delays of one "
                        + "region are those of a few: see the summary of the whole pilot."))
        ]
    }

    /// The share of accesses to registered profiles that something explains, by month.
    private var explained: [Markup] {
        guard let unexplained = document.table("unexplained-by-month"),
            let uses = document.table("uses-by-month")
        else { return document.table("unexplained-by-month").map { [table($0)] } ?? [] }
        let title = pair(
            "Part expliquée des accès à des profils inscrits",
            "Explained share of the accesses to registered profiles")
        let rows = unexplained.layout.rows.map { row in
            (
                row: row, whole: uses.value(row.id, "P3"),
                bare: unexplained.value(row.id, Topic.unexplained.name)
            )
        }
        func share(_ whole: Int64?, _ bare: Int64?) -> Int64? {
            guard let whole, let bare, whole > 0 else { return nil }
            return max(0, (whole - bare) * 10_000 / whole)
        }
        func said(_ value: Int64?) -> String {
            value.map { number($0) } ?? SummaryWords.masked[language]
        }
        let shown = rows.filter { rows.count == 1 || !$0.row.isTotal }
        let drawing = Chart.curve(
            title[language], language,
            points: shown.map { (name($0.row), share($0.whole, $0.bare)) },
            CurveStyle(shareUnit: 100))
        let lines = rows.map { row in
            [
                name(row.row), said(row.whole), said(row.bare),
                share(row.whole, row.bare).map { percent($0) } ?? "–",
            ]
        }
        let note = pair(
            "Un accès à un profil inscrit est expliqué si le portefeuille, un rendez-vous, une offre, une "
                + "candidature ou un autre motif du journal le justifie\u{202F}; sinon il est un écart "
                + "(règle R15).",
            "An access to a registered profile is explained if the portfolio, an appointment, an "
                + "offer, an application or another reason in the log accounts for it; else it is a "
                + "finding (rule R15).")
        return [
            paragraph(note), figure(title[language], drawing),
            list(
                title,
                [
                    pair("Mois", "Month"), pair("Accès (P3)", "Accesses (P3)"),
                    Topic.unexplained.title, pair("Part expliquée", "Explained share"),
                ], lines),
        ]
    }

    /// Each delay as a cumulative curve with its deadline, and its median class.
    private var delays: [Markup] {
        guard let found = document.table("delays") else { return [] }
        let drawings = DelayKind.all.compactMap { kind -> Markup? in
            guard let values = cumulated(kind, found) else { return nil }
            var style = CurveStyle(shareUnit: 1)
            style.deadline = kind.deadline.map { ($0, pair("délai prévu", "deadline")[language]) }
            let title = pair(
                "\(kind.title.french), en part cumulée", "\(kind.title.english), cumulative")
            let points = zip(kind.classes, values).map { (name: $0[language], value: $1) }
            return figure(
                title[language], Chart.curve(title[language], language, points: points, style))
        }
        return drawings + [table(found)] + medians(found)
    }

    /// The shares up to the end of each class; nil where there is nothing to share.
    private func cumulated(_ kind: DelayKind, _ table: SummaryDocument.Table) -> [Int64?]? {
        let column = table.layout.columns[0].id
        guard table.layout.rows.contains(where: { $0.id == kind.name }) else { return nil }
        let whole = table.value(kind.name, column)
        guard whole != 0 else { return nil }
        var sum: Int64? = 0
        return kind.categories.map { category in
            sum = table.value(category, column).flatMap { value in sum.map { $0 + value } }
            guard let sum, let whole else { return nil }
            return sum * 100 / whole
        }
    }

    private func medians(_ table: SummaryDocument.Table) -> [Markup] {
        let lines = DelayKind.all.compactMap { kind -> (LocalizedText, String)? in
            guard let values = cumulated(kind, table) else { return nil }
            let place = values.firstIndex { $0.map { $0 >= 50 } ?? true }
            let shown = place.flatMap { values[$0] == nil ? nil : kind.classes[$0][language] }
            return (kind.title, shown ?? SummaryWords.masked[language])
        }
        guard !lines.isEmpty else { return [] }
        return [paragraph(pair("Délai médian\u{202F}:", "Median delay:")), facts(lines)]
    }
}
