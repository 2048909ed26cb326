// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Diagnostics

/// A comparison of two policy sets, for a person to read.
struct ComparisonPage {
    let report: ComparisonReport
    let names: PolicyNames

    var text: String {
        var text = ""
        for part in report.parts where report.parts.count > 1 || part.comparison == nil {
            text += schemaLine(part)
        }
        for change in [PolicyComparison.Change.denied, .allowed] {
            let differences = report.differences.filter { $0.change == change }
            if differences.isEmpty { continue }
            text += heading(change) + "\n"
            for difference in differences { text += block(difference) }
            text += "\n"
        }
        return text + undecidedBlock
    }

    private func say(_ french: String, _ english: String) -> String { names.say(french, english) }

    private func schemaLine(_ part: ComparisonReport.Part) -> String {
        let owner =
            part.isOld
            ? (part.isNew ? say("commun", "common") : say("de l’ancien jeu", "of the old set"))
            : say("du nouveau jeu", "of the new set")
        guard let comparison = part.comparison else {
            return say(
                "Schéma \(owner)\u{202F}: non comparé, l’un des jeux n’y est pas valide.\n",
                "Schema \(owner): not compared, one of the sets is not valid under it.\n")
        }
        let count = comparison.requestKindCount
        return say(
            "Schéma \(owner)\u{202F}: \(count) sortes de demandes.\n",
            "Schema \(owner): \(count) kinds of request.\n")
    }

    private func heading(_ change: PolicyComparison.Change) -> String {
        change == .allowed
            ? say("Ce qui devient AUTORISÉ", "What becomes ALLOWED")
            : say("Ce qui devient REFUSÉ", "What becomes DENIED")
    }

    private func block(_ difference: PolicyComparison.Difference) -> String {
        let set = difference.isNew ? report.new : report.old
        let origin =
            difference.isNew
            ? say("du nouveau jeu", "of the new set") : say("de l’ancien jeu", "of the old set")
        let effect = set.policy(difference.policyID).map { names.effect($0.effect) } ?? ""
        var text = "  \(effect) \(names.name(difference.policyID, in: set)), \(origin)\n"
        text += "    \(kinds(difference))\n"
        return text + example(difference.cases[0])
    }

    /// The kinds of request, those with the same types on one line.
    private func kinds(_ difference: PolicyComparison.Difference) -> String {
        var lines: [(types: String, actions: [String])] = []
        for found in difference.cases.map(\.types) {
            let types = "\(found.principal) → \(found.resource)"
            if let known = lines.firstIndex(where: { $0.types.utf8.elementsEqual(types.utf8) }) {
                lines[known].actions.append(found.action.id)
            } else {
                lines.append((types, [found.action.id]))
            }
        }
        return lines.map { "\($0.types)\(names.colon) \($0.actions.joined(separator: ", "))" }
            .joined(separator: "\n    ")
    }

    private func example(_ found: PolicyComparison.Case) -> String {
        let request = found.example.request
        var text = "    " + say("exemple\u{202F}: ", "example: ")
        text += "\(request.principal), \(request.action), \(request.resource)\n"
        for (name, value) in facts(found) { text += "      \(name) = \(value)\n" }
        let before = names.decision(found.before)
        let after = names.decision(found.after)
        text += "      " + say("avant\u{202F}: \(before)", "before: \(before)") + "\n"
        return text + "      " + say("après\u{202F}: \(after)", "after: \(after)") + "\n"
    }

    /// What the policies saw that decided before or after, or that would have decided.
    private func facts(_ found: PolicyComparison.Case) -> [(String, String)] {
        var facts: [(String, String)] = []
        let variables: Set<String> = ["principal", "action", "resource"]
        for set in [report.old, report.new] {
            let parts = Authorizer(set).explain(found.example.request, found.example.entities)
            for seen in parts.flatMap(\.clauses).flatMap(\.observations)
            where !variables.contains(seen.text)
                && !facts.contains(where: { $0.0.utf8.elementsEqual(seen.text.utf8) })
            {
                let absent = say("absent", "absent")
                facts.append((seen.text, seen.value?.cedarText ?? absent))
            }
        }
        return facts
    }

    private var undecidedBlock: String {
        let open = report.parts.flatMap { $0.comparison?.undecided ?? [] }
        if open.isEmpty { return "" }
        var text = say("Non décidé\n", "Not decided\n")
        for one in open {
            let change =
                one.change == .allowed
                ? say("autorisations nouvelles", "new permissions")
                : say("refus nouveaux", "new denials")
            let types = one.types
            text +=
                "  \(types.action), \(types.principal) → \(types.resource), \(change)\(names.colon) "
            text += names.reason(one.reason) + "\n"
        }
        return text + "\n"
    }
}

extension PolicyNames {
    /// Why a question stayed open.
    func reason(_ reason: UndecidedReason) -> String {
        switch reason {
        case .tooManySteps:
            say(
                "trop de cas pour le nombre de pas admis (`--steps`)",
                "too many cases for the steps admitted (`--steps`)")
        case .beyondMethod:
            say(
                "les politiques calculent avec des valeurs d’une façon que la recherche ne parcourt "
                    + "qu’en partie",
                "the policies compute with values in a way of which the search tries only some")
        }
    }
}
