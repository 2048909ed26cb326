// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// One line of the officer's check list, and the rules that prove it.
struct OfficerLine: Sendable {
    /// The headings of the list.
    enum Group: CaseIterable, Sendable {
        case governance, licences, access, persons, log, restitution

        var title: LocalizedText {
            switch self {
            case .governance: LocalizedText(fr: "Gouvernance", en: "Governance")
            case .licences: LocalizedText(fr: "Licences", en: "Licences")
            case .access: LocalizedText(fr: "Accès", en: "Accesses")
            case .persons: LocalizedText(fr: "Personnes", en: "Persons")
            case .log: LocalizedText(fr: "Journal", en: "Log")
            case .restitution: LocalizedText(fr: "Restitution", en: "Reporting")
            }
        }
    }

    let group: Group
    let title: LocalizedText
    /// The rules; none where only papers can prove the line.
    let rules: [String]

    private init(_ group: Group, _ french: String, _ english: String, _ rules: [String]) {
        self.group = group
        title = LocalizedText(fr: french, en: english)
        self.rules = rules
    }

    /// The thirty-two lines, in order.
    static let all: [OfficerLine] = [
        OfficerLine(
            .governance,
            "Base légale et finalités écrites, trois usages et eux seuls",
            "Lawful basis and purposes written; the three uses and no other",
            ["R01"]),
        OfficerLine(
            .governance,
            "Fiche de registre du pilote et fiche du journal lui-même",
            "Entry of the pilot in the register, and of the log itself",
            []),
        OfficerLine(
            .governance,
            "AIPD signée, chaque mesure reliée à un contrôle qui tourne",
            "DPIA signed, each measure linked to a running control",
            ["R38"]),
        OfficerLine(
            .governance,
            "Rôle de LinkedIn par opération, contrat, articles 26 et 28",
            "Role of LinkedIn for each operation, contract, articles 26 and 28",
            ["X09"]),
        OfficerLine(
            .governance,
            "Outil de transfert valide",
            "A valid tool of transfer",
            ["X09"]),
        OfficerLine(
            .governance,
            "CSE central et CSE d’établissement consultés, dates, avis, suites",
            "Works councils consulted: dates, opinions, answers",
            ["R21"]),
        OfficerLine(
            .governance,
            "Agents informés individuellement",
            "Each member of staff informed",
            ["R21"]),
        OfficerLine(
            .licences,
            "Nombre de licences sous 500, plafond par établissement",
            "At most 500 licences, and the cap of each establishment",
            ["R30"]),
        OfficerLine(
            .licences,
            "Volontariat, charte, formation avant tout usage",
            "Volunteering, charter and training before any use",
            ["R12"]),
        OfficerLine(
            .licences,
            "Départs, mobilités, retraits désactivés sous 24 h",
            "Departures, moves and withdrawals deactivated in 24 hours",
            ["R24"]),
        OfficerLine(
            .licences,
            "Réattributions sans transfert de données",
            "Reassignments without transfer of data",
            ["R16"]),
        OfficerLine(
            .licences,
            "Revue trimestrielle des habilitations",
            "Quarterly review of entitlements",
            ["X03"]),
        OfficerLine(
            .licences,
            "Rapprochement des sièges facturés et attribués",
            "Billed seats against granted seats",
            ["X04"]),
        OfficerLine(
            .access,
            "Aucune donnée de demandeur sous P1 ou P2",
            "No job-seeker data under P1 or P2",
            ["R02"]),
        OfficerLine(
            .access,
            "Aucune catégorie interdite",
            "No forbidden category",
            ["R03"]),
        OfficerLine(
            .access,
            "Accès hors portefeuille expliqués",
            "Accesses outside the portfolio explained",
            ["R15"]),
        OfficerLine(
            .access,
            "Bris de glace justifiés sous 48 h",
            "Break-glass justified in 48 hours",
            ["R26"]),
        OfficerLine(
            .access,
            "Pics de volume et exports",
            "Peaks of volume, and exports",
            ["R31", "R32", "R33"]),
        OfficerLine(
            .access,
            "Refus bien journalisés",
            "Refusals recorded",
            ["X11"]),
        OfficerLine(
            .persons,
            "Information faite, accord valable, retrait propagé",
            "Notice given, agreement valid, withdrawal passed on",
            ["R13", "R14", "R25"]),
        OfficerLine(
            .persons,
            "Oppositions respectées",
            "Objections respected",
            ["R18"]),
        OfficerLine(
            .persons,
            "Demandes de droits dans le mois",
            "Rights requests answered in a month",
            ["R27"]),
        OfficerLine(
            .persons,
            "Rapport «\u{A0}qui a consulté mes données\u{A0}» conforme à C-579/21",
            "Report “who consulted my data” as C-579/21 asks",
            []),
        OfficerLine(
            .log,
            "Chaîne intacte, tête ancrée hors du système",
            "Chain intact, head anchored outside the system",
            ["R35"]),
        OfficerLine(
            .log,
            "Pas de trou ni de retard",
            "No gap and no delay",
            ["R36"]),
        OfficerLine(
            .log,
            "Champs de la CNIL présents, pas de compte générique",
            "The fields of the CNIL present, no generic account",
            ["R37"]),
        OfficerLine(
            .log,
            "Lecture du journal tracée",
            "Reading of the log recorded",
            ["R37"]),
        OfficerLine(
            .log,
            "Conservation de 6 à 12 mois, purge prouvée",
            "Kept 6 to 12 months, purge proved",
            ["R29"]),
        OfficerLine(
            .restitution,
            "Synthèses du CSE\u{202F}: seuils, secret secondaire, différenciation",
            "Summaries for the council: thresholds, suppression, differencing",
            ["R39", "R40"]),
        OfficerLine(
            .restitution,
            "Dérogations en cours, échéances, responsables",
            "Waivers in force, their ends and owners",
            ["W01", "W02", "W03", "W04"]),
        OfficerLine(
            .restitution,
            "Contrôle nocturne exécuté et signé",
            "Nightly check run and signed",
            ["R36"]),
        OfficerLine(
            .restitution,
            "Violations\u{202F}: qualification, 72 h",
            "Breaches: qualification, 72 hours",
            ["R28"]),
    ]

    /// What a run says of a line.
    enum State: Hashable, Sendable {
        /// The rules were evaluated and found nothing.
        case kept
        /// They found something, some of it covered by waivers.
        case broken(count: Int, covered: Int)
        /// No rule of the policy set looks at it.
        case notControlled
        /// Papers alone can tell.
        case onPaper
        /// The log is not intact, or the run not complete, so that finding nothing proves nothing.
        case notProved
    }

    /// The state of the line, by a run and the rules that the policy set has.
    func state(_ run: RunRecord, known: Set<String>) -> State {
        // The chain is verified before any rule is asked.
        if rules.contains("R35") {
            return run.isIntact ? .kept : .broken(count: max(1, run.violationCount), covered: 0)
        }
        let own = run.findings.filter { rules.contains($0.rule) }
        if !own.isEmpty {
            return .broken(count: own.count, covered: own.count { $0.isCovered })
        }
        if rules.isEmpty { return .onPaper }
        // The rules for waivers are the program's own, whatever the policy set has.
        guard rules.allSatisfy({ $0.hasPrefix("W") || known.contains($0) }) else {
            return .notControlled
        }
        return run.isIntact && run.isComplete ? .kept : .notProved
    }
}
