// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import TemporalRules

/// What a verdict of a rule over time says, in a sentence.
struct RuleWords {
    let sheet: RuleSheet
    let verdict: RuleVerdict

    var text: LocalizedText {
        let said = pattern
        guard let measure = verdict.measure, !isNamedWithOwnWords else { return said }
        return LocalizedText(
            fr:
                "\(said.french) Relevé\u{202F}: \(measure.observed)\u{202F}; limite\u{202F}: \(measure.limit).",
            en: "\(said.english) Observed: \(measure.observed); limit: \(measure.limit).")
    }

    private var isNamedWithOwnWords: Bool {
        if case .named(let rule) = sheet.rule.pattern {
            rule.name == .silentRefusals
        } else {
            false
        }
    }

    /// The deadline, or the end of what was searched.
    private var limit: LocalizedText {
        ((verdict.searched?.upperBound ?? verdict.time) * 1_000).writtenDate
    }

    private var start: LocalizedText {
        ((verdict.searched?.lowerBound ?? verdict.time) * 1_000).writtenDate
    }

    private var pattern: LocalizedText {
        guard sheet.formulaFile == nil else {
            return LocalizedText(
                fr: "La formule de la règle est vraie de cette entrée.",
                en: "The formula of the rule is true of this entry.")
        }
        return words(of: sheet.rule.pattern)
    }

    private func words(of pattern: RulePattern) -> LocalizedText {
        switch pattern {
        case .never:
            LocalizedText(
                fr: "Un tel événement ne doit jamais se produire.",
                en: "Such an event must never happen.")
        case .deadline:
            LocalizedText(
                fr: "Ce qui devait suivre n’est pas venu avant le \(limit.french).",
                en: "What had to follow did not come before \(limit.english).")
        case .required:
            LocalizedText(
                fr:
                    "Ce qui doit précéder manque\u{202F}: cherché en vain depuis le \(start.french).",
                en: "What must come before is missing: searched in vain since \(start.english).")
        case .forbidden, .exclusive:
            LocalizedText(
                fr: "L’événement en suit un autre qui l’exclut (entrée \(other)).",
                en: "The event follows another that rules it out (entry \(other)).")
        case .quota, .concurrency:
            LocalizedText(
                fr: "La limite est dépassée à cette entrée.",
                en: "The limit is exceeded at this entry.")
        case .baseline:
            LocalizedText(
                fr: "Le jour dépasse nettement l’habitude de la même personne.",
                en: "The day is far above what is usual for the same person.")
        case .named(let rule): words(of: rule.name)
        }
    }

    private var other: String {
        verdict.witnesses.first { $0 != verdict.index }.map(String.init) ?? "–"
    }

    private func words(of name: NamedRule.Name) -> LocalizedText {
        switch name {
        case .propagation:
            let count = verdict.witnesses.count - 1
            return LocalizedText(
                fr: """
                    Destinataires qui n’ont pas effacé les données avant le \(limit.french)\u{202F}: \
                    \(count).
                    """,
                en: "Recipients that had not deleted the data by \(limit.english): \(count).")
        case .seatCap:
            return LocalizedText(
                fr: "Cette licence dépasse le plafond.", en: "This licence is beyond the cap.")
        case .seatBill:
            return LocalizedText(
                fr: "Les sièges facturés ne sont pas ceux qui sont attribués.",
                en: "The seats that are billed are not those that are granted.")
        case .retention:
            return LocalizedText(
                fr: "La durée de conservation, en jours, n’est pas respectée.",
                en: "The retention, in days, is not kept to.")
        case .arrangement:
            return LocalizedText(
                fr: "Premier usage sans encadrement valable, depuis le \(start.french).",
                en: "First use without a valid arrangement, since \(start.english).")
        case .silentRefusals:
            return LocalizedText(
                fr: """
                    La source n’a rapporté aucun refus depuis le \(start.french), alors qu’une autre \
                    en rapporte.
                    """,
                en: "The source has reported no refusal since \(start.english), and another does.")
        case .steadyClock:
            return LocalizedText(
                fr: "L’horloge de la source a reculé (en secondes).",
                en: "The clock of the source went back (in seconds).")
        case .afterLeaving:
            return LocalizedText(
                fr: "La personne avait quitté la liste depuis plus longtemps (entrée \(other)).",
                en: "The person had left the list longer ago than that (entry \(other)).")
        case .releases:
            return LocalizedText(
                fr:
                    "La différence avec une synthèse diffusée (entrée \(other)) peut révéler quelqu’un.",
                en: "The difference with a released summary (entry \(other)) can reveal somebody.")
        }
    }
}
