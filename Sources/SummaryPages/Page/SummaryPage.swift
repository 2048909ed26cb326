// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import Diagnostics
import Disclosure
import Reporting

/// A summary as one HTML file: it loads nothing, and opens by a double click.
public struct SummaryPage: Sendable {
    let document: SummaryDocument
    let language: Language

    /// Makes the page of a document in a language.
    public init(_ document: SummaryDocument, _ language: Language) {
        self.document = document
        self.language = language
    }

    /// What the page shows, as a browser writes it back: the inside of its `main` element.
    public var body: String {
        let parts: [Markup] = [
            Chart.patterns, heading, identity, essentials, access, uses, protection, findings,
            changes, practice, indicators, observations, limits, annex,
        ]
        return Markup.join(parts.flatMap { [Markup.line, $0] } + [Markup.line]).text
    }

    func text(_ text: LocalizedText) -> Markup { Markup(text[language]) }

    func paragraph(_ text: LocalizedText) -> Markup { Markup("p", [], self.text(text)) }

    func section(_ number: Int, _ content: [Markup]) -> Markup {
        Markup(
            "section", [("aria-labelledby", "s\(number)")],
            [Markup("h2", [("id", "s\(number)")], text(SummaryWords.sections[number]))] + content)
    }

    func pair(_ french: String, _ english: String) -> LocalizedText {
        LocalizedText(fr: french, en: english)
    }

    /// A place or a month by its name.
    func name(_ heading: TableLayout.Heading) -> String {
        if heading.id.hasPrefix("region:"), heading.id != "region:?", !heading.isTotal {
            return RegionName.name(String(heading.id.dropFirst(7)))
        }
        return PeriodName.heading(heading.title[language], language) ?? heading.title[language]
    }

    /// A column of a table by month, without its total.
    func months(
        of table: SummaryDocument.Table, column: Int
    ) -> [(name: String, value: Int64?)] {
        let rows = table.layout.rows.indices
        return rows.filter { rows.count == 1 || !table.layout.rows[$0].isTotal }
            .map { (name(table.layout.rows[$0]), table.values[$0][column]) }
    }

    /// A number as people read it; below zero where noise has made it so.
    func number(_ value: Int64) -> String {
        (value < 0 ? "−" : "") + Sentence.count(value.magnitude, language)
    }

    /// A share in per cent, rounded to the nearest.
    func share(_ part: Int64?, _ whole: Int64?) -> String? {
        guard let part, let whole, whole > 0 else { return nil }
        let percent = (part * 200 + whole) / (2 * whole)
        return language == .french ? "\(percent)\u{202F}%" : "\(percent)%"
    }
}

// MARK: - Tables

extension SummaryPage {
    /// A table of figures, in a box that scrolls where the page is narrow.
    func table(_ table: SummaryDocument.Table) -> Markup {
        let layout = table.layout
        let corner = Markup("td", [])
        let head = layout.columns.map { Markup("th", [("scope", "col")], Markup(name($0))) }
        let rows = layout.rows.enumerated().map { place, row in
            Markup(
                "tr", row.isTotal ? [("class", "total")] : [],
                [Markup("th", [("scope", "row")], Markup(name(row)))]
                    + table.values[place].map { cell($0) })
        }
        let label = layout.title[language]
        return Markup(
            "div",
            [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", label)],
            Markup(
                "table", [], Markup("caption", [], Markup(label)),
                Markup("thead", [], Markup("tr", [], [corner] + head)), Markup("tbody", [], rows)))
    }

    private func cell(_ value: Int64?) -> Markup {
        guard let value else {
            return Markup("td", [("class", "masked")], text(SummaryWords.masked))
        }
        return Markup("td", [("class", "figure")], Markup(number(value)))
    }

    func figure(_ title: String, _ drawing: Markup) -> Markup {
        Chart.figure(title, drawing, language)
    }

    /// A table and the drawing of the same figures.
    func drawn(_ id: String, _ draw: (SummaryDocument.Table, String) -> Markup) -> [Markup] {
        guard let found = document.table(id) else { return [] }
        let title = found.layout.title[language]
        return [figure(title, draw(found, title)), table(found)]
    }

    /// Bars of a table: its rows without the total, its columns without theirs.
    func bars(_ table: SummaryDocument.Table, _ title: String) -> Markup {
        let columns = table.layout.columns.indices.filter { !table.layout.columns[$0].isTotal }
        let isDivided = columns.count > 1
        let rows = table.layout.rows.indices.filter { !table.layout.rows[$0].isTotal }
        return Chart.bars(
            title, language,
            rows: rows.map { row in
                (
                    name(table.layout.rows[row]),
                    isDivided
                        ? columns.map { table.values[row][$0] }
                        : [table.values[row].last ?? nil]
                )
            },
            series: isDivided ? columns.map { name(table.layout.columns[$0]) } : [])
    }

    /// Facts as pairs of a term and its value.
    func facts(_ facts: [(LocalizedText, String)]) -> Markup {
        Markup(
            "dl", [],
            facts.flatMap {
                [Markup("dt", [], text($0.0)), Markup("dd", [], Markup($0.1))]
            })
    }

    /// A plain table of texts.
    func list(_ caption: LocalizedText, _ head: [LocalizedText], _ rows: [[String]]) -> Markup {
        Markup(
            "div",
            [
                ("class", "scroll"), ("tabindex", "0"), ("role", "region"),
                ("aria-label", caption[language]),
            ],
            Markup(
                "table", [], Markup("caption", [], text(caption)),
                Markup(
                    "thead", [],
                    Markup("tr", [], head.map { Markup("th", [("scope", "col")], text($0)) })),
                Markup(
                    "tbody", [],
                    rows.map { row in
                        // Dates and numbers stay on one line.
                        Markup(
                            "tr", [],
                            row.map {
                                Markup("td", $0.count <= 12 ? [("class", "short")] : [], Markup($0))
                            })
                    })))
    }
}
