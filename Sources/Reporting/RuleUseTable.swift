// SPDX-License-Identifier: Apache-2.0

import Auditing
import Diagnostics

/// What each rule over time did and what its state holds: what `--stats` prints.
struct RuleUseTable {
    let rules: [AuditResult.RuleUse]
    /// The bytes of the state that the run leaves; nil where it leaves none.
    let stateByteCount: Int?
    let language: Language

    private func said(_ french: String, _ english: String) -> String {
        LocalizedText(fr: french, en: english)[language]
    }

    var text: String {
        let header = [
            Label.rule.text[language], said("Jugés", "Judged"), said("Respectés", "Kept"),
            said("Violés", "Violated"), said("Inconnus", "Unknown"), said("En attente", "Pending"),
            said("Clés", "Keys"), said("Événements gardés", "Events held"),
            said("Octets d’état", "Bytes of state"),
        ]
        let lines = rules.map { rule in
            [
                rule.policy, number(rule.evaluated), number(rule.satisfied),
                number(rule.violated), number(rule.unknown), number(rule.pending),
                number(rule.keyCount), number(rule.heldCount), number(rule.byteCount),
            ]
        }
        let total = number(rules.reduce(0) { $0 + $1.byteCount })
        var text = "\(said("Règles dans le temps", "Rules over time"))\n"
        text += TextTable.rendered([header] + lines)
        text += said(
            "État des règles en mémoire\u{202F}: \(total) octets.\n",
            "State of the rules in memory: \(total) bytes.\n")
        if let stateByteCount {
            let count = number(stateByteCount)
            text += said(
                "État laissé à la prochaine exécution\u{202F}: \(count) octets.\n",
                "State left for the next run: \(count) bytes.\n")
        }
        return text + "\n"
    }

    private func number(_ count: Int) -> String { Sentence.count(UInt64(max(0, count)), language) }
}

extension JSONNode {
    /// What a rule over time did and holds.
    init(_ rule: AuditResult.RuleUse) {
        let counts = [
            ("evaluated", rule.evaluated), ("satisfied", rule.satisfied),
            ("violated", rule.violated), ("unknown", rule.unknown), ("pending", rule.pending),
            ("keys", rule.keyCount), ("events_held", rule.heldCount),
            ("state_bytes", rule.byteCount),
        ]
        self = .object(
            [("policy", .string(rule.policy))] + counts.map { ($0, .integer(Int64($1))) })
    }
}
