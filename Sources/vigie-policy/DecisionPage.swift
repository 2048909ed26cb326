// SPDX-License-Identifier: Apache-2.0

import Cedar
import Diagnostics

/// Why a request was decided as it was, for a person to read.
struct DecisionPage {
    let policies: PolicySet
    let language: Language

    func text(
        _ parts: [PolicyExplanation], _ isDenied: Bool, _ change: Counterfactual?
    ) -> String {
        var text = parts.map(block).joined(separator: "\n")
        guard isDenied else { return text }
        text += (text.isEmpty ? "" : "\n") + changeBlock(change)
        return text
    }

    private func say(_ french: String, _ english: String) -> String {
        language == .french ? french : english
    }

    private func block(_ part: PolicyExplanation) -> String {
        let policy = policies.policy(part.policyID)
        let title = policy?.annotation(say("title_fr", "title_en")) ?? ""
        let shownTitle =
            title.isEmpty ? "" : say(" «\u{A0}\(title)\u{A0}»", " “\(title)”")
        let place = policy.map { " (\($0.source.file):\($0.line))" } ?? ""
        let effect =
            part.effect == .permit ? say("autorisation", "permit") : say("interdiction", "forbid")
        var text = "\(effect) \(part.policyID)\(shownTitle)\(place)\(colon) "
        switch part.outcome {
        case .satisfied:
            text += say("s’applique", "applies")
            if part.clauses.isEmpty { text += say(", sans condition", ", without condition") }
        case .notSatisfied: text += say("ne s’applique pas", "does not apply")
        case .failed(let error):
            text += say("en erreur, donc sans effet", "fails, and so has no effect")
            text += "\n  \(error.message[language])"
        }
        text += "\n"
        for clause in part.clauses { text += lines(clause) }
        return text
    }

    private var colon: String { say("\u{202F}:", ":") }

    private func lines(_ clause: PolicyExplanation.Clause) -> String {
        let mark =
            clause.value.map { $0 ? say("vrai", "true") : say("faux", "false") }
            ?? say("erreur", "error")
        let flat = clause.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        var text = "  [\(mark)] \(flat)\n"
        for seen in clause.observations {
            let value = seen.value?.cedarText ?? say("absent", "absent")
            text += "      \(seen.text) = \(value)\n"
        }
        return text
    }

    private func changeBlock(_ change: Counterfactual?) -> String {
        guard let change else {
            return say(
                "Aucun changement simple trouvé qui l’autoriserait.\n",
                "No simple change was found that would allow it.\n")
        }
        var text = say(
            "Le plus petit changement trouvé qui l’autoriserait, par \(change.permitID)\u{202F}:\n",
            "The smallest change found that would allow it, by \(change.permitID):\n")
        for step in change.changes { text += "  – \(step.words[language])\n" }
        return text
    }
}
