// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What the codes in policies stand for: roles, uses, categories of data, decisions.
enum CodeGlossary {
    /// A code, and what it is.
    typealias Term = (code: String, text: LocalizedText)

    /// The codes that a text names, in the order of the list.
    static func terms(in text: String) -> [Term] {
        let words = Set(
            text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }.map(String.init))
        return all.filter { words.contains($0.code) }
    }

    private static func term(_ code: String, _ french: String, _ english: String) -> Term {
        (code, LocalizedText(fr: french, en: english))
    }

    private static let all: [Term] = roles + uses + categories + decisions

    private static let roles: [Term] = [
        term(
            "CONS_PRO", "conseiller entreprise de France Travail Pro",
            "employer adviser of France Travail Pro"),
        term(
            "CONS_EMPLOI", "conseiller emploi, qui tient un portefeuille",
            "employment adviser, who holds a portfolio"),
        term("RESP", "responsable d’équipe", "team lead"),
        term("REF_PILOTE", "référent régional du pilote", "regional referent of the pilot"),
        term("DPO", "délégué à la protection des données", "data-protection officer"),
        term("DPO_ADJ", "son adjoint", "the officer's deputy"),
        term("AUDIT", "audit interne", "internal audit"),
        term(
            "RSSI", "responsable de la sécurité des systèmes d’information",
            "information-security officer"),
        term("CSE_ELU", "élu d’un CSE d’établissement", "member of an establishment council"),
        term("CSEC_ELU", "élu du CSE central", "member of the central council"),
        term("CSE_EXPERT", "expert mandaté par le CSE", "expert mandated by the council"),
        term("all", "l’ensemble du pilote", "the whole pilot"),
    ]

    private static let uses: [Term] = [
        term("P1-PROSPECTION", "identifier de nouveaux employeurs", "to find new employers"),
        term(
            "P2-OFFRES", "consulter les offres d’emploi du réseau",
            "to look at the network's offers"),
        term(
            "P3-PROMOTION", "promouvoir des profils en fonction des offres",
            "to promote profiles for offers"),
    ]

    private static let categories: [Term] = [
        term("ID", "identité", "identity"), term("CT", "coordonnées", "contact details"),
        term("CV", "expérience et parcours", "experience"),
        term("QU", "diplômes, qualifications, permis", "degrees, qualifications, licences"),
        term("CO", "compétences, savoir-être, langues", "skills and languages"),
        term(
            "PR", "métier recherché, mobilité, disponibilité",
            "occupation sought, mobility, availability"),
        term("LK", "adresse du profil LinkedIn", "address of the LinkedIn profile"),
        term("EM", "employeur et offre", "employer and offer"), term("PH", "photo", "photograph"),
        term("AL", "allocations et montants", "benefits and amounts"),
        term("BK", "données bancaires et fiscales", "bank and tax data"),
        term("NI", "NIR", "social-security number"),
        term("SA", "santé et handicap", "health and disability"),
        term(
            "FA", "situation familiale, freins personnels, logement",
            "family, personal obstacles, housing"),
        term("NO", "notes et comptes rendus d’entretien", "notes of interviews"),
        term(
            "SC", "contrôle de la recherche, sanctions, radiation, fraude",
            "checks of job search, sanctions, removal, fraud"),
        term("JU", "placement sous main de justice", "judicial custody"),
        term("NT", "nationalité, titre de séjour", "nationality, residence permit"),
    ]

    private static let decisions: [Term] = [
        term("deny", "refus", "denial"), term("done", "effectué", "done"),
    ]
}
