// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
public import Diagnostics

extension Report {
    /// The report as one HTML file that loads nothing and runs nothing.
    public func html(in language: Language) -> String {
        HTMLPage(report: self, language: language).text
    }
}

/// The page of a report.
private struct HTMLPage {
    let report: Report
    let language: Language

    private func label(_ label: Label) -> String { HTMLText.escaped(label.text[language]) }
    private var colon: String { language == .french ? "\u{202F}:" : ":" }

    var text: String {
        HTMLText.document(
            title: "\(Label.title.text[language]) – \(report.origin)", language: language,
            body: """
                <main>
                <h1>\(label(.title))</h1>
                <p class="verdict">\(HTMLText.escaped(report.verdict[language]))</p>
                <h2>\(label(.summary))</h2>
                \(summary)
                <h2>\(label(.findings))</h2>
                \(body)
                </main>
                <footer><p>\(label(.footnote))</p></footer>
                """)
    }

    private var summary: String {
        let lines = report.summary(in: language).map {
            "<dt>\(HTMLText.escaped($0.label))</dt><dd>\(HTMLText.escaped($0.value))</dd>\n"
        }
        return "<dl>\n\(lines.joined())</dl>"
    }

    private var body: String {
        if let damage = report.damage {
            let items = damage.violations.map { diagnostic in
                let rendered = diagnostic.rendered(in: language).split(separator: "\n")
                return "<li>"
                    + rendered.map { HTMLText.escaped(String($0)) }.joined(separator: "<br>")
                    + "</li>\n"
            }
            return "<ul>\n\(items.joined())</ul>\n<p>\(label(.nothingJudged))</p>"
        }
        let open =
            OpenMatters(matters: report.result?.open ?? [], language: language).html
            + precisionTable
        guard !report.findings.isEmpty else { return "<p>\(label(.noFinding))</p>" + open }
        return tallyTable + findingsTable + report.findings.map(article).joined() + open
    }

    private var precisionTable: String {
        guard !report.precisions.isEmpty else { return "" }
        let table = PrecisionTable(report.precisions, language)
        let cells = table.header.map { "<th scope=\"col\">\(HTMLText.escaped($0))</th>" }
        let rows = table.rows.map { row in
            let figures = row.dropFirst().map {
                "<td class=\"figure\">\(HTMLText.escaped($0))</td>"
            }
            return
                "<tr><th scope=\"row\">\(HTMLText.escaped(row[0]))</th>\(figures.joined())</tr>\n"
        }
        return """
            <h2>\(label(.precision))</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="\(label(.precision))">
            <table>
            <caption>\(label(.precision))</caption>
            <thead><tr>\(cells.joined())</tr></thead>
            <tbody>
            \(rows.joined())</tbody>
            </table>
            </div>

            """
    }

    private var tallyTable: String {
        let rows = report.tally.map {
            "<tr><th scope=\"row\">\(label(Label($0.severity)))</th><td>\($0.count)</td></tr>\n"
        }
        return """
            <table class="tally">
            <caption>\(label(.severity))</caption>
            <tbody>
            \(rows.joined())</tbody>
            </table>

            """
    }

    private var findingsTable: String {
        let headings: [Label] = [.severity, .rule, .ruleTitle, .entry, .date, .dateUTC, .region]
        let cells = headings.map { "<th scope=\"col\">\(label($0))</th>" }
        let rows = report.findings.map { finding in
            let instant = ShownInstant(finding.occurredAt)
            let id = HTMLText.escaped(finding.id)
            return """
                <tr class="\(finding.severity.rawValue)"><td>\(label(Label(finding.severity)))</td>\
                <td><a href="#\(id)">\(HTMLText.escaped(finding.rule))</a></td>\
                <td>\(HTMLText.escaped(finding.title[language]))</td>\
                <td class="figure">\(finding.entry.index)</td>\
                <td>\(instant.paris(in: language))</td><td>\(instant.utc)</td>\
                <td>\(HTMLText.escaped(RegionName.shown(finding.region)))</td></tr>

                """
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(label(.findings))">
            <table>
            <caption>\(label(.findings))</caption>
            <thead><tr>\(cells.joined())</tr></thead>
            <tbody>
            \(rows.joined())</tbody>
            </table>
            </div>

            """
    }

    private func article(_ finding: Finding) -> String {
        let details = FindingDetails(finding: finding, language: language)
        let instant = ShownInstant(finding.occurredAt)
        let rule = "\(finding.rule) – \(finding.title[language])"
        let facts =
            details.facts + [
                (Label.entry.text[language], place(finding)),
                (Label.fingerprint.text[language], finding.fingerprint.hex),
            ]
        let lines = facts.map {
            "<dt>\(HTMLText.escaped($0.label))</dt><dd>\(HTMLText.escaped($0.value))</dd>\n"
        }
        return """
            <article id="\(HTMLText.escaped(finding.id))" class="\(finding.severity.rawValue)">
            <h3>\(HTMLText.escaped(rule))</h3>
            <p><strong>\(label(Label(finding.severity)))</strong> – \(instant.paris(in: language)) \
            (\(instant.utc))</p>
            <p>\(HTMLText.escaped(details.explanation))</p>
            \(list(.templates, details.templates))\(list(.values, details.values))<dl>
            \(lines.joined())</dl>
            </article>

            """
    }

    private func place(_ finding: Finding) -> String {
        let offset = Label.offset.text[language]
        return "\(finding.entry.index) (\(offset) \(finding.entry.byteOffset)) "
            + finding.entry.leafHash.hex
    }

    private func list(_ heading: Label, _ items: [String]) -> String {
        guard !items.isEmpty else { return "" }
        let lines = items.map { "<li>\(HTMLText.escaped($0))</li>\n" }.joined()
        return "<p>\(label(heading))\(colon)</p>\n<ul>\n\(lines)</ul>\n"
    }
}

/// The style of the page: system fonts, light and dark, and print.
enum StyleSheet {
    static let text = """
        :root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--line:#767676;--soft:#f3f3f3;\
        --critical:#8b0000;--high:#a33b00;--medium:#6b5300;--low:#00527a;--link:#00409f}
        @media (prefers-color-scheme:dark){:root{--ink:#eee;--paper:#161616;--line:#8f8f8f;\
        --soft:#262626;--critical:#ff9a9a;--high:#ffb48a;--medium:#f0d060;--low:#8fd0ff;\
        --link:#9cc2ff}}
        body{font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);\
        margin:0 auto;padding:1rem;max-width:72rem}
        h1,h2,h3{line-height:1.2}a{color:var(--link)}p{overflow-wrap:anywhere}
        .verdict{font-weight:700;border:2px solid var(--line);padding:.75rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}
        dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
        .scroll{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0}
        caption{text-align:left;font-weight:600}
        th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}
        thead th{background:var(--soft)}.figure{text-align:right}
        article{border-left:.4rem solid var(--line);padding:.1rem 1rem;margin:1.5rem 0}
        article.critical{border-color:var(--critical)}article.high{border-color:var(--high)}
        article.medium{border-color:var(--medium)}article.low{border-color:var(--low)}
        @media print{body{max-width:none;font-size:10pt}article{break-inside:avoid}\
        .scroll{overflow:visible}a{color:inherit;text-decoration:none}}
        """
}
