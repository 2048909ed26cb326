// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension SummaryWords {
    /// What the parameters of disclosure are called in the annex.
    static let parameters: [String: LocalizedText] = [
        "summary_agents_min": pair("Conseillers, au moins", "Advisers, at least"),
        "summary_persons_min": pair("Demandeurs d’emploi, au moins", "Job seekers, at least"),
        "summary_employers_min": pair("Employeurs, au moins", "Employers, at least"),
        "summary_agent_share_max": pair(
            "Part d’un conseiller, au plus (en %)", "Share of one adviser, at most (%)"),
        "summary_employer_share_max": pair(
            "Part d’un employeur, au plus (en %)", "Share of one employer, at most (%)"),
        "summary_subject_percent_min": pair(
            "Part des actes qui concernent quelqu’un, pour que le chiffre parle de personnes (en %)",
            "Share of the acts that concern somebody, for a figure to be about persons (%)"),
        "summary_group_min": pair(
            "Effectif sous lequel 0\u{202F}% ou 100\u{202F}% est masqué",
            "Group below which 0% or 100% is masked"),
        "summary_width_min": pair(
            "Incertitude laissée sur une case masquée, au moins",
            "Uncertainty left about a masked cell, at least"),
        "summary_width_percent": pair(
            "La même, en part de la valeur (en %)", "The same, as a share of the value (%)"),
        "summary_lateness_days": pair(
            "Attente des événements tardifs (en jours)", "Wait for late events (days)"),
        "summary_epsilon_milli": pair(
            "Bruit\u{202F}: ε par mesure et par semaine, en millièmes (0\u{202F}: aucun bruit)",
            "Noise: ε for each measure and week, in thousandths (0: no noise)"),
        "summary_noise_bound": pair(
            "Bruit\u{202F}: actes d’un conseiller comptés par semaine, au plus",
            "Noise: acts of one adviser counted in a week, at most"),
        "summary_epsilon_year_milli": pair(
            "Bruit\u{202F}: budget d’un CSE par an, en millièmes d’ε",
            "Noise: budget of a council in a year, in thousandths of ε"),
    ]

    /// Where a parameter comes from, in words.
    static let provenances: [String: LocalizedText] = [
        "press": pair("presse", "press"), "law": pair("loi", "law"), "cnil": pair("CNIL", "CNIL"),
        "contract": pair("contrat", "contract"), "cse": pair("CSE", "works council"),
        "assumption": pair("hypothèse du projet", "assumption of the project"),
    ]
}
