// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import TransparencyLog

/// A verification as a person reads it.
public struct VerificationPage: Sendable {
    private static let listedMax = 20

    private let report: VerificationReport
    private let log: String

    /// Makes the page of a verification.
    public init(_ report: VerificationReport, log: String) {
        self.report = report
        self.log = log
    }

    /// The page, without its verdict.
    public func text(in language: Language) -> String {
        var lines = VerificationSentence.log(log, origin: report.head?.origin)
        if let head = report.head { lines.append(VerificationSentence.head(head)) }
        if let period = report.recordedAt { lines.append(VerificationSentence.recorded(period)) }
        if report.uncoveredEntryCount > 0 {
            lines.append(VerificationSentence.uncovered(report.uncoveredEntryCount))
        }
        lines += report.purged.prefix(Self.listedMax).map {
            VerificationSentence.purged($0.entries, by: $0.index)
        }
        if let standing = report.standing { lines.append(VerificationSentence.left(standing)) }
        if let witnesses = report.witnesses { lines += WitnessLines(report: witnesses).lines }
        if let anchors = report.anchors { lines += AnchorLines(report: anchors).lines }
        var pieces = lines.map { $0[language] } + faults(in: language)
        pieces += report.findings.map { $0.diagnostic.rendered(in: language) }
        pieces += report.sourceFindings.map { VerificationSentence.source($0)[language] }
        return pieces.map { VisibleText($0, keepsLineFeeds: true).text + "\n" }.joined()
    }

    /// What is wrong, where it begins, and up to where the log is still good.
    private func faults(in language: Language) -> [String] {
        guard report.violationCount > 0 else { return [] }
        let listed = report.violations.prefix(Self.listedMax)
        let diagnostics = listed.map { $0.diagnostic.rendered(in: language) }
        var lines: [LocalizedText] = []
        if report.violationCount > listed.count {
            lines.append(VerificationSentence.more(report.violationCount - listed.count))
        }
        if let first = report.firstBadIndex, let last = report.lastBadIndex {
            lines.append(VerificationSentence.damaged(first: first, last: last))
        }
        lines += [VerificationSentence.lastGood(report.lastGoodHead), VerificationSentence.next]
        return diagnostics + lines.map { $0[language] }
    }
}
