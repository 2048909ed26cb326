// SPDX-License-Identifier: Apache-2.0

import Auditing
public import Diagnostics

extension Report {
    /// The report as a table for a terminal, without its last line, the verdict.
    public func table(in language: Language, width: Int, color: Bool) -> String {
        var text = ""
        let summary = summary(in: language)
        let labelWidth = summary.map(\.label.count).max() ?? 0
        for line in summary {
            text += "\(WrappedText.padded(line.label, labelWidth))  \(line.value)\n"
        }
        text += "\n"
        if let damage { return text + lines(of: damage, in: language) }
        let open = closing(in: language)
        guard !findings.isEmpty else {
            return text + "\(Label.noFinding.text[language])\n\n" + open
        }
        let columns = TableColumns(findings, language: language, width: width, color: color)
        text += columns.header
        for finding in findings { text += columns.row(finding) }
        return text + open
    }

    /// The report as paragraphs, one a finding, for a screen reader; without the verdict.
    public func plain(in language: Language) -> String {
        let colon = language == .french ? "\u{202F}:" : ":"
        var text = summary(in: language).map { "\($0.label)\(colon) \($0.value).\n" }.joined()
        text += "\n"
        if let damage { return text + lines(of: damage, in: language) }
        let open = closing(in: language)
        guard !findings.isEmpty else {
            return text + "\(Label.noFinding.text[language])\n\n" + open
        }
        for (position, finding) in findings.enumerated() {
            let number = "\(Label.findings.text[language]) \(position + 1)/\(findings.count)"
            text += "\(number)\(colon) \(paragraph(finding, colon, language))\n\n"
        }
        return text + open
    }

    /// What comes after the findings: open deadlines, precision of the rules, statistics.
    private func closing(in language: Language) -> String {
        var text = OpenMatters(matters: result?.open ?? [], language: language).text
        if !precisions.isEmpty {
            let heading = Label.precision.text[language]
            text += "\(heading)\n\(PrecisionTable(precisions, language).text)\n"
        }
        if tellsStatistics, let result {
            let table = RuleUseTable(
                rules: result.rules, stateByteCount: stateByteCount, language: language)
            text += table.text
        }
        return text
    }

    private func paragraph(_ finding: Finding, _ colon: String, _ language: Language) -> String {
        let instant = ShownInstant(finding.occurredAt)
        let head: [(Label, String)] = [
            (.severity, Label(finding.severity).text[language]), (.rule, finding.rule),
            (.entry, String(finding.entry.index)),
            (.date, "\(instant.paris(in: language)) (\(instant.utc))"),
            (.region, RegionName.shown(finding.region)),
        ]
        let details = FindingDetails(finding: finding, language: language)
        var sentences = [VisibleText(finding.title[language]).text]
        sentences += head.map { "\($0.0.text[language])\(colon) \($0.1)" }
        sentences.append(
            details.explanation.hasSuffix(".")
                ? String(details.explanation.dropLast()) : details.explanation)
        sentences += details.facts.map { "\($0.label)\(colon) \($0.value)" }
        if !details.templates.isEmpty {
            let between = language == .french ? "\u{202F}; " : "; "
            let tried = details.templates.joined(separator: between)
            sentences.append("\(Label.templates.text[language])\(colon) \(tried)")
        }
        return sentences.joined(separator: ". ") + "."
    }

    private func lines(of damage: Damage, in language: Language) -> String {
        let shown = damage.violations.prefix(20).map { $0.rendered(in: language) }
        let rest = damage.count > shown.count ? ["… (\(damage.count))"] : []
        return (shown + rest).map { VisibleText($0, keepsLineFeeds: true).text + "\n" }.joined()
            + "\n\(Label.nothingJudged.text[language])\n"
    }
}

/// The columns of the table: a line of cells a finding, and its explanation under it.
private struct TableColumns {
    let language: Language
    let width: Int
    let color: Bool
    let entryWidth: Int
    let severityWidth: Int
    let ruleWidth: Int

    init(_ findings: [Finding], language: Language, width: Int, color: Bool) {
        self.language = language
        self.width = width
        self.color = color
        let labels = Finding.Severity.allCases.map { Label($0).text[language].count }
        severityWidth = max(labels.max() ?? 0, Label.severity.text[language].count)
        ruleWidth = max(5, Label.rule.text[language].count)
        entryWidth = max(
            Label.entry.text[language].count,
            findings.map { String($0.entry.index).count }.max() ?? 0)
    }

    var header: String {
        let line = cells(
            Label.severity.text[language], Label.rule.text[language], Label.entry.text[language],
            Label.date.text[language], Label.dateUTC.text[language], Label.region.text[language])
        return "\(line)\n\(String(repeating: "─", count: min(width, max(line.count, 40))))\n"
    }

    func row(_ finding: Finding) -> String {
        let instant = ShownInstant(finding.occurredAt)
        let severity = Label(finding.severity).text[language]
        var text = cells(
            severity, finding.rule, String(finding.entry.index),
            instant.paris(in: language), instant.utc, RegionName.shown(finding.region))
        if color {
            text = painted(severity, finding.severity) + text.dropFirst(severity.count)
        }
        text += "\n"
        let details = FindingDetails(finding: finding, language: language)
        text += block(VisibleText(finding.title[language]).text, indent: 4, isBold: true)
        text += block(details.explanation, indent: 4)
        for line in details.templates { text += block(line, indent: 6) }
        let colon = language == .french ? "\u{202F}:" : ":"
        let basis = Label.basis.text[language] + colon + " " + VisibleText(finding.basis).text
        if !finding.basis.isEmpty { text += block(basis, indent: 4) }
        if let waiver = finding.waiver {
            let label = Label.waived.text[language]
            text += block("\(label)\(colon) \(VisibleText(waiver.id).text)", indent: 4)
        }
        return text + "\n"
    }

    private func cells(
        _ severity: String, _ rule: String, _ entry: String, _ paris: String, _ utc: String,
        _ region: String
    ) -> String {
        let first = [
            WrappedText.padded(severity, severityWidth), WrappedText.padded(rule, ruleWidth),
            WrappedText.padded(entry, entryWidth, figures: true), WrappedText.padded(paris, 19),
        ].joined(separator: "  ")
        let second = width >= 96 ? "  " + WrappedText.padded(utc, 24) : ""
        return first + second + "  " + region
    }

    private func block(_ text: String, indent: Int, isBold: Bool = false) -> String {
        let margin = String(repeating: " ", count: indent)
        return WrappedText.lines(text, width: max(20, width - indent)).map { line in
            margin + (isBold && color ? "\u{1B}[1m\(line)\u{1B}[0m" : line) + "\n"
        }.joined()
    }

    private func painted(_ word: String, _ severity: Finding.Severity) -> String {
        let code =
            switch severity {
            case .critical: "1;31"
            case .high: "31"
            case .medium: "33"
            case .low: "36"
            }
        return "\u{1B}[\(code)m\(word)\u{1B}[0m"
    }
}
