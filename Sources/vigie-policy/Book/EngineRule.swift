// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What the program itself judges, for which a policy set gives the title and the basis alone; and the
/// parameters that the facts of policies depend on.
enum EngineRule {
    /// What such a rule demands.
    static func text(_ id: String) -> LocalizedText? {
        switch id {
        case "R04":
            LocalizedText(
                fr: "Ce qu’aucune autorisation ci-dessus ne permet est refusé.",
                en: "What none of the permissions above allows is denied.")
        case "R09":
            LocalizedText(
                fr: "Chaque accès porte la version de la politique en vigueur à son instant.",
                en: "Each access carries the version of the policies in force at its moment.")
        case "R10":
            LocalizedText(
                fr: "Aucun NIR, courriel ni numéro de téléphone n’entre au journal.",
                en: "No NIR, e-mail address or telephone number enters the log.")
        case "R36":
            LocalizedText(
                fr: "Les numéros de chaque source se suivent, sans trou ni répétition.",
                en: "The numbers of each source follow each other, without gap or repetition.")
        case "R37":
            LocalizedText(
                fr: """
                    Chaque entrée est d’un type connu et porte ses champs obligatoires\u{202F}; aucun \
                    accès ne vient d’un compte générique.
                    """,
                en: """
                    Each entry is of a known type and holds its mandatory fields; no access comes from \
                    a generic account.
                    """)
        case "M01":
            LocalizedText(
                fr: "Personne n’est refusé quand la politique en vigueur permet.",
                en: "Nobody is refused what the policies in force permit.")
        case "M02":
            LocalizedText(
                fr: "Chaque version de la politique citée par le journal est retrouvée.",
                en: "Each version of the policies that the log names can be found.")
        case "M03":
            LocalizedText(
                fr:
                    "Chaque règle peut être évaluée\u{202F}; une règle en défaut ne passe jamais inaperçue.",
                en: "Each rule can be evaluated; one that fails never goes unnoticed.")
        case "X05":
            LocalizedText(
                fr:
                    "Chaque règle dans la durée a quelque chose à juger tous les $dead_rule_days jours.",
                en: "Each rule over time has something to judge every $dead_rule_days days.")
        default: nil
        }
    }

    /// The parameters that a policy depends on without naming them: through its facts, or because its
    /// condition repeats their values.
    static func parameters(_ id: String) -> [String] {
        switch id {
        case "R01": ["purposes"]
        case "R03": ["forbidden_inside"]
        case "R07": ["allowed_to_employer", "forbidden_inside"]
        case "R07-contact", "R14": ["agreement_months"]
        case "R15":
            [
                "appointment_days", "handover_days", "outside_portfolio_high",
                "outside_portfolio_days",
            ]
        case "R19": ["resolve_hours"]
        case "R39":
            [
                "summary_agents_min", "summary_persons_min", "summary_employers_min",
                "summary_agent_share_max", "summary_employer_share_max", "summary_group_min",
            ]
        case "R40": ["summary_width_min", "summary_width_percent", "summary_lateness_days"]
        default: []
        }
    }
}
