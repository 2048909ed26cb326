// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import Diagnostics
public import TransparencyLog

/// A verification as a person reads it.
public struct VerificationPage: Sendable {
    private let report: VerificationReport
    private let log: String

    /// Makes the page of a verification.
    public init(_ report: VerificationReport, log: String) {
        self.report = report
        self.log = log
    }

    /// The page, without its verdict.
    public func text(in language: Language) -> String {
        var lines: [LocalizedText] = [LocalizedText(fr: "Journal : \(log)", en: "Log: \(log)")]
        if let head = report.head {
            lines.append(LocalizedText(fr: "Nom : \(head.origin)", en: "Name: \(head.origin)"))
            lines.append(
                LocalizedText(
                    fr: "Tête : \(head.treeSize) entrées, racine \(head.rootHash.hex)",
                    en: "Head: \(head.treeSize) entries, root \(head.rootHash.hex)"))
        }
        if let period = report.recordedAt {
            let first = Timestamp.format(period.lowerBound)
            let last = Timestamp.format(period.upperBound)
            lines.append(
                LocalizedText(
                    fr: "Enregistré du \(first) au \(last)",
                    en: "Recorded from \(first) to \(last)"))
        }
        if report.uncoveredEntryCount > 0 {
            lines.append(
                LocalizedText(
                    fr: "Pas encore couvertes par la tête : \(report.uncoveredEntryCount) entrées",
                    en: "Not covered by the head yet: \(report.uncoveredEntryCount) entries"))
        }
        for range in report.purged.prefix(20) {
            let (first, last) = (range.entries.lowerBound, range.entries.upperBound - 1)
            lines.append(
                LocalizedText(
                    fr: "Purgées : entrées \(first) à \(last), par l’entrée \(range.index)",
                    en: "Purged: entries \(first) to \(last), by entry \(range.index)"))
        }
        if let witnesses = report.witnesses { lines += WitnessLines(report: witnesses).lines }
        var pieces = lines.map { $0[language] } + faults(in: language)
        pieces += report.findings.map { $0.diagnostic.rendered(in: language) }
        for finding in report.sourceFindings { pieces.append(Self.text(finding)[language]) }
        return pieces.map { VisibleText($0, keepsLineFeeds: true).text }
            .map { language == .french ? Self.spaced($0) : $0 }.joined(separator: "\n") + "\n"
    }

    /// What is wrong, where it begins, and up to where the log is still good.
    private func faults(in language: Language) -> [String] {
        guard report.violationCount > 0 else { return [] }
        var pieces = report.violations.prefix(20).map { $0.diagnostic.rendered(in: language) }
        if report.violationCount > 20 {
            let rest = report.violationCount - 20
            pieces.append(
                LocalizedText(fr: "… et \(rest) autres", en: "… and \(rest) more")[language])
        }
        if let first = report.firstBadIndex, let last = report.lastBadIndex {
            pieces.append(
                LocalizedText(
                    fr: "Première entrée fautive : \(first) ; dernière : \(last)",
                    en: "First bad entry: \(first); last: \(last)")[language])
        }
        let good = report.lastGoodHead
        pieces.append(
            LocalizedText(
                fr: good.map {
                    "Dernière tête saine : \($0.treeSize) entrées, racine \($0.rootHash.hex)"
                }
                    ?? "Aucune tête saine parmi celles du journal",
                en: good.map { "Last good head: \($0.treeSize) entries, root \($0.rootHash.hex)" }
                    ?? "No good head among those of the log")[language])
        pieces.append(
            LocalizedText(
                fr:
                    "À faire : n’écrivez plus, gardez une copie, comparez avec une tête que d’autres ont gardée.",
                en: "Next: write nothing more, keep a copy, compare with a head that others kept.")[
                    language])
        return pieces
    }

    private static func text(_ finding: SourceFinding) -> LocalizedText {
        let (first, last) = (finding.numbers.lowerBound, finding.numbers.upperBound)
        switch finding.kind {
        case .gap:
            return LocalizedText(
                fr:
                    "Entrée \(finding.index) : la source `\(finding.source)` a sauté \(first) à \(last)",
                en: "Entry \(finding.index): source `\(finding.source)` skipped \(first) to \(last)"
            )
        case .repetition:
            return LocalizedText(
                fr:
                    "Entrée \(finding.index) : la source `\(finding.source)` répète \(first) à \(last)",
                en:
                    "Entry \(finding.index): source `\(finding.source)` repeats \(first) to \(last)"
            )
        }
    }

    /// French puts a narrow no-break space before the high punctuation.
    private static func spaced(_ text: String) -> String {
        String(
            text.split(separator: " ;", omittingEmptySubsequences: false)
                .joined(separator: "\u{202F};")
                .split(separator: " : ", omittingEmptySubsequences: false)
                .joined(separator: "\u{202F}: "))
    }

    /// The last line.
    public static func verdict(_ report: VerificationReport) -> LocalizedText {
        guard report.isIntact else {
            return report.isComplete
                ? LocalizedText(
                    fr: "Verdict\u{202F}: journal ALTÉRÉ.", en: "Verdict: the log was ALTERED.")
                : LocalizedText(
                    fr: "Verdict\u{202F}: journal illisible en partie, non vérifié.",
                    en: "Verdict: the log is unreadable in part, not verified.")
        }
        if let witnesses = report.witnesses, !witnesses.head.isQuorum {
            return LocalizedText(
                fr: "Verdict\u{202F}: journal intègre, mais sa tête n’a pas encore ses témoins.",
                en: "Verdict: the log is intact, but its head does not have its witnesses yet.")
        }
        guard report.findingCount == 0 else {
            return LocalizedText(
                fr:
                    "Verdict\u{202F}: journal intègre, avec \(report.findingCount) constat(s) sur lui-même.",
                en:
                    "Verdict: the log is intact, with \(report.findingCount) finding(s) about itself."
            )
        }
        guard report.sourceFindingCount == 0 else {
            return LocalizedText(
                fr:
                    "Verdict\u{202F}: journal intègre, mais une source a des trous ou des répétitions.",
                en: "Verdict: the log is intact, but a source has gaps or repetitions.")
        }
        return LocalizedText(
            fr: "Verdict\u{202F}: journal intègre, \(report.entryCount) entrées.",
            en: "Verdict: the log is intact, \(report.entryCount) entries.")
    }
}
