// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Diagnostics

/// Why a request was decided as it was, for a person to read.
struct DecisionPage {
    let question: DecisionOptions.Question
    let language: Language
    /// Whether the sub-expressions that decided are shown in Cedar's syntax too.
    let isVerbose: Bool

    private var policies: PolicySet { question.policies }

    /// How many permits are named after the nearest one.
    private static let otherPermits = 3

    func text(
        _ parts: [PolicyExplanation], _ isDenied: Bool, _ gaps: [PermitGap],
        _ change: Counterfactual?
    ) -> String {
        var blocks = parts.map(block)
        if isDenied {
            blocks.append(permitBlock(gaps))
            blocks.append(changeBlock(change))
        }
        return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// What the nearest permit lacked, and the next ones by name.
    private func permitBlock(_ gaps: [PermitGap]) -> String {
        guard let nearest = gaps.first else {
            let hasPermits = policies.policies.contains { $0.effect == .permit }
            return hasPermits
                ? ""
                : say(
                    "Aucune politique n’autorise quoi que ce soit.\n",
                    "No policy permits anything.\n")
        }
        var text =
            say(
                "Aucune autorisation ne s’applique. À la plus proche, ",
                "No permit applies. The nearest, ")
            + title(nearest.policyID) + say(", il manque\u{202F}:\n", ", lacks:\n")
        text += nearest.lacking.list(in: language, indent: 2)
        let others = gaps.dropFirst().prefix(Self.otherPermits).map { gap in
            title(gap.policyID)
        }
        if !others.isEmpty {
            text +=
                say("Puis viennent\u{202F}: ", "Next come: ") + others.joined(separator: ", ")
                + "\n"
        }
        return text
    }

    /// A policy by name, title and place.
    private func title(_ id: PolicyID) -> String {
        let names = PolicyNames(language: language)
        guard let policy = policies.policy(id) else { return id }
        return "\(names.name(policy)) (\(names.place(policy)))"
    }

    private func say(_ french: String, _ english: String) -> String {
        language == .french ? french : english
    }

    private func block(_ part: PolicyExplanation) -> String {
        let names = PolicyNames(language: language)
        var text = "\(names.effect(part.effect)) \(title(part.policyID))\(names.colon) "
        switch part.outcome {
        case .satisfied:
            text += say("s’applique", "applies") + reasons(part.policyID)
        case .notSatisfied: text += say("ne s’applique pas", "does not apply")
        case .failed(let error):
            text += say("en erreur, donc sans effet", "fails, and so has no effect")
            text += "\n  \(error.message[language])"
        }
        text += "\n"
        if isVerbose || part.outcome != .satisfied {
            for clause in part.clauses { text += lines(clause) }
        }
        return text
    }

    /// What made a policy apply, in words.
    private func reasons(_ id: PolicyID) -> String {
        let whole = policies.policy(id).map {
            question.words.reasons($0, question.request, question.entities)
        }
        guard let whole, case .all(let parts) = whole, !parts.isEmpty else {
            return say(", sans condition", ", without condition")
        }
        let list = whole.list(in: language, indent: 2)
        return say(", car\u{202F}:\n", ", because:\n") + String(list.dropLast())
    }

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
        for step in change.changes { text += "  – \(words(step))\n" }
        return text
    }

    /// A change, with what people call the fact where it is one.
    private func words(_ change: Change) -> String {
        let text = change.words[language]
        guard case .value(let place, let value, _) = change,
            let term = question.words.glossary[place.text]
        else { return text }
        switch value {
        case .bool(true): return "\(term.whenTrue?[language] ?? text) – \(text)"
        case .bool(false): return "\(term.whenFalse?[language] ?? text) – \(text)"
        default: return "\(term.subject[language]) – \(text)"
        }
    }
}
