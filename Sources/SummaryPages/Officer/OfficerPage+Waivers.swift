// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Reporting

/// The waivers of the log: what they leave as it is, until when, and how much.
extension OfficerPage {
    var waivers: Markup {
        let title = pair("Dérogations", "Waivers")
        guard !run.waivers.isEmpty else {
            let none = pair("Le journal n’en accorde aucune.", "The log grants none.")
            return section("waivers", title, [Markup("p", [], Markup(none[language]))])
        }
        let note = pair(
            "Une dérogation n’efface aucun constat. Son responsable se lit dans l’entrée qui l’accorde.",
            "A waiver deletes no finding. Its owner is in the entry that grants it.")
        let rows = run.waivers.prefix(500).map { waiver in
            [
                waiver.rule, ShownInstant(waiver.start).date(in: language),
                ShownInstant(waiver.end).date(in: language), state(of: waiver)[language],
                Sentence.count(waiver.coveredCount, language),
                Sentence.count(waiver.index, language),
            ]
        }
        return section(
            "waivers", title,
            [
                Markup("p", [], Markup(note[language])),
                table(
                    title[language],
                    [
                        pair("Règle", "Rule"), pair("Du", "From"), pair("Au", "Until"),
                        pair("État à la fin du journal", "State at the end of the log"),
                        pair("Constats couverts", "Findings covered"), pair("Entrée", "Entry"),
                    ], rows),
            ])
    }

    private func state(of waiver: RunRecord.Waiver) -> LocalizedText {
        if waiver.isRevoked { return pair("révoquée", "revoked") }
        guard let last = run.last else { return pair("–", "–") }
        if last >= waiver.end { return pair("échue", "ended") }
        return last >= waiver.start
            ? pair("en cours", "in force") : pair("pas encore en vigueur", "not yet in force")
    }
}
