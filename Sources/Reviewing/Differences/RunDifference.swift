// SPDX-License-Identifier: Apache-2.0

import Auditing
public import Diagnostics
public import Reporting

/// What changed between two audits of one log, finding by finding.
///
/// Findings are the same if their fingerprints are: the rule, and the hash of the entry.
public struct RunDifference: Sendable {
    /// What became of a finding.
    public enum State: String, CaseIterable, Hashable, Sendable {
        /// In the second run alone.
        case new
        /// In the first run alone.
        case fixed
        /// In both.
        case open

        /// The state in words.
        var text: LocalizedText {
            switch self {
            case .new: LocalizedText(fr: "Nouveaux", en: "New")
            case .fixed: LocalizedText(fr: "Disparus", en: "Fixed")
            case .open: LocalizedText(fr: "Toujours ouverts", en: "Still open")
            }
        }
    }

    /// The findings of each state, in the order of their reports.
    public let claims: [State: [RunReport.Claim]]
    /// Whether both runs judged everything that they were asked.
    public let isComplete: Bool

    /// Compares two runs.
    ///
    /// - Throws: ``ReviewError`` if they are of different logs.
    public init(from old: RunReport, to new: RunReport) throws(ReviewError) {
        guard old.origin.utf8.elementsEqual(new.origin.utf8) else {
            throw ReviewError(.otherLog)
        }
        let before = Set(old.claims.map(\.fingerprint))
        let after = Set(new.claims.map(\.fingerprint))
        claims = [
            .new: new.claims.filter { !before.contains($0.fingerprint) },
            .fixed: old.claims.filter { !after.contains($0.fingerprint) },
            .open: new.claims.filter { before.contains($0.fingerprint) },
        ]
        isComplete = old.isComplete && new.isComplete
    }

    /// The number of findings of a state.
    public func count(_ state: State) -> Int { claims[state]?.count ?? 0 }

    /// The difference as a table.
    public func table(in language: Language) -> String {
        var text = ""
        for state in State.allCases {
            let claims = claims[state] ?? []
            text += "\(state.text[language]) (\(claims.count))\n"
            for claim in claims {
                let waived = claim.isWaived ? "  (\(Label.waived.text[language]))" : ""
                let cells = [
                    Label(claim.severity).text[language], VisibleText(claim.id).text,
                    VisibleText(claim.occurredAt).text, RegionName.shown(claim.region),
                ]
                text += "  \(cells.joined(separator: "  "))\(waived)\n"
                text += "      \(VisibleText(claim.title[language]).text)\n"
            }
        }
        return text
    }

    /// The difference as JSON: `schema_version`, `exit_code`, `complete`, then a list a state.
    public func json(exitCode: Int) -> JSONNode {
        let head: [(String, JSONNode)] = [
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(exitCode))),
            ("complete", .boolean(isComplete)),
        ]
        let lists = State.allCases.map { state in
            (state.rawValue, JSONNode.array((claims[state] ?? []).map(Self.node)))
        }
        return .object(head + lists)
    }

    private static func node(_ claim: RunReport.Claim) -> JSONNode {
        .object([
            ("id", .string(claim.id)), ("fingerprint", .string(claim.fingerprint)),
            ("rule", .string(claim.rule)), ("severity", .string(claim.severity.rawValue)),
            (
                "title",
                .object([("fr", .string(claim.title.french)), ("en", .string(claim.title.english))])
            ),
            ("entry_index", .integer(Int64(clamping: claim.index))),
            ("occurred_at", .string(claim.occurredAt)),
            ("region", claim.region.map { .string($0) } ?? .null),
            ("waived", .boolean(claim.isWaived)),
        ])
    }
}
