// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Diagnostics

/// The findings as a table that a spreadsheet opens by double click.
///
/// UTF-8 with a byte order mark and `;`, which is what a French office suite expects; lines end in
/// CR LF (RFC 4180). A text that a spreadsheet would compute gets an apostrophe before it: what a
/// log holds comes from outside.
struct CSVDocument {
    let report: Report
    let language: Language

    var text: String {
        var text = "\u{FEFF}" + Self.line(Self.columns)
        for finding in report.findings { text += Self.line(cells(finding)) }
        return text
    }

    private static let columns = [
        "id", "rule", "severity", "kind", "title", "basis", "entry_index", "leaf_hash",
        "occurred_at_utc", "occurred_at_paris", "region", "event_type", "actor", "subject",
        "policies", "recorded_decision", "replayed_decision", "explanation", "evidence",
        "waiver", "fingerprint",
    ]

    private func cells(_ finding: Finding) -> [String] {
        let instant = ShownInstant(finding.occurredAt)
        return [
            finding.id, finding.rule, finding.severity.rawValue, finding.kind.rawValue,
            finding.title[language], finding.basis, "\(finding.entry.index)",
            finding.entry.leafHash.hex, instant.utc, instant.paris(in: language),
            finding.region ?? "", finding.eventType, shown(finding.actor), shown(finding.subject),
            finding.policies.joined(separator: ", "), finding.recordedDecision?.rawValue ?? "",
            finding.replayedDecision?.rawValue ?? "", finding.explanation[language],
            finding.evidence.map(String.init).joined(separator: ", "),
            finding.waiver?.id ?? "", finding.fingerprint.hex,
        ]
    }

    private func shown(_ pseudonym: Finding.Pseudonym) -> String {
        switch pseudonym {
        case .none: ""
        case .masked: Label.masked.text[language]
        case .shown(let pid): pid
        }
    }

    private static func line(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ";") + "\r\n"
    }

    /// A cell that no spreadsheet computes and no content ends early.
    static func cell(_ content: String) -> String {
        var text = VisibleText(content).text
        if let first = text.unicodeScalars.first, isComputed(first) { text = "'" + text }
        let isQuoted = text.utf8.contains { byte in
            byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",")
                || byte == UInt8(ascii: "'")
        }
        guard isQuoted else { return text }
        let pieces = text.split(separator: "\"", omittingEmptySubsequences: false)
        return "\"" + pieces.joined(separator: "\"\"") + "\""
    }

    /// Whether a cell that begins so is a formula to some spreadsheet, in full width too.
    private static func isComputed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\u{2212}", "|",
            "%":
            true
        default: false
        }
    }
}
