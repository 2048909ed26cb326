// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// The codes of the log in words: categories of data, roles, purposes and kinds of access.
public enum CodeName {
    /// A category of data, by its code; the code itself where it is unknown.
    public static func category(_ code: String) -> LocalizedText { name(code, categories) }

    /// A role, by its code; the code itself where it is unknown.
    public static func role(_ code: String) -> LocalizedText { name(code, roles) }

    /// A purpose, by its code; the code itself where it is unknown.
    public static func purpose(_ code: String) -> LocalizedText { name(code, purposes) }

    /// What an access does, by the type of its event; the type itself where it is unknown.
    public static func access(_ type: String) -> LocalizedText { name(type, accesses) }

    /// A body of the staff: `CSEC`, or `CSE-` and the code of a region; the code where it is unknown.
    public static func body(_ code: String) -> LocalizedText {
        guard code.hasPrefix("CSE-") else { return name(code, bodies) }
        let region = RegionName.name(String(code.dropFirst(4)))
        return LocalizedText(fr: "CSE \(region)", en: "works council \(region)")
    }

    /// What a council thinks, by its code; the code itself where it is unknown.
    public static func opinion(_ code: String) -> LocalizedText { name(code, opinions) }

    /// What a transfer out of the Union rests on, by its code; the code itself where it is unknown.
    public static func transferTool(_ code: String) -> LocalizedText { name(code, transferTools) }

    private static func name(_ code: String, _ table: [String: LocalizedText]) -> LocalizedText {
        let shown = VisibleText(code).text
        return table[code] ?? LocalizedText(fr: shown, en: shown)
    }

    /// Every name, for the test of the typography.
    public static var all: [LocalizedText] {
        [categories, roles, purposes, accesses, bodies, opinions, transferTools].flatMap(\.values)
    }

    private static func pair(_ french: String, _ english: String) -> LocalizedText {
        LocalizedText(fr: french, en: english)
    }

    private static let categories: [String: LocalizedText] = [
        "ID": pair("identité", "identity"),
        "CT": pair("coordonnées", "contact details"),
        "CV": pair("expérience et parcours", "experience"),
        "QU": pair("diplômes, qualifications, permis", "degrees, qualifications, licences"),
        "CO": pair("compétences et langues", "skills and languages"),
        "PR": pair("métier recherché et mobilité", "occupation sought and mobility"),
        "LK": pair("profil LinkedIn", "LinkedIn profile"),
        "PH": pair("photo", "photograph"),
        "ST": pair("situation d’inscription", "registration status"),
        "AL": pair("allocations", "benefits"),
        "BK": pair("coordonnées bancaires et fiscales", "bank and tax data"),
        "NI": pair("numéro de sécurité sociale", "national identity number"),
        "SA": pair("santé et handicap", "health and disability"),
        "FA": pair("situation familiale", "family situation"),
        "NO": pair("notes d’entretien", "interview notes"),
        "SC": pair("contrôle et sanctions", "checks and sanctions"),
        "JU": pair("placement sous main de justice", "judicial supervision"),
        "NT": pair("nationalité et titre de séjour", "nationality and residence permit"),
        "MA": pair("score d’appariement", "matching score"),
        "EM": pair("employeur et offre", "employer and offer"),
    ]

    private static let roles: [String: LocalizedText] = [
        "CONS_PRO": pair("conseiller entreprise", "employer adviser"),
        "CONS_EMPLOI": pair("conseiller emploi", "employment adviser"),
        "RESP": pair("responsable d’équipe", "team manager"),
        "REF_PILOTE": pair("référent régional du pilote", "regional pilot lead"),
        "DPO": pair("délégué à la protection des données", "data-protection officer"),
        "DPO_ADJ": pair(
            "délégué adjoint à la protection des données", "deputy data-protection officer"),
        "AUDIT": pair("audit interne", "internal audit"),
        "RSSI": pair("sécurité des systèmes d’information", "information security"),
        "ADM_LIC": pair("administrateur de licences", "licence administrator"),
        "ADM_SYS": pair("administrateur système", "system administrator"),
        "CSE_ELU": pair("élu d’un CSE d’établissement", "member of a regional works council"),
        "CSEC_ELU": pair("élu du CSE central", "member of the central works council"),
        "CSE_EXPERT": pair("expert du CSE", "expert of the works council"),
        "DG": pair("direction générale", "executive board"),
        "PLATEFORME": pair("opérateur de la plateforme", "operator of the platform"),
        "EMPLOYEUR": pair("employeur destinataire", "employer who receives a profile"),
        "DE": pair("demandeur d’emploi", "job seeker"),
        "ROBOT": pair("contrôle nocturne", "nightly control"),
    ]

    private static let bodies: [String: LocalizedText] = [
        "CSEC": pair("CSE central", "central works council"),
        "CSE": pair("CSE", "works council"),
    ]

    private static let opinions: [String: LocalizedText] = [
        "FAVORABLE": pair("favorable", "in favour"),
        "DEFAVORABLE": pair("défavorable", "against"),
        "RESERVE": pair("réservé", "with reservations"),
        "SANS-AVIS": pair("sans avis", "none given"),
    ]

    private static let transferTools: [String: LocalizedText] = [
        "DPF": pair(
            "cadre de protection des données UE – États-Unis", "EU–US data privacy framework"),
        "CCT": pair("clauses contractuelles types", "standard contractual clauses"),
        "SCC": pair("clauses contractuelles types", "standard contractual clauses"),
        "BCR": pair("règles d’entreprise contraignantes", "binding corporate rules"),
    ]

    private static let purposes: [String: LocalizedText] = [
        "P1-PROSPECTION": pair("trouver de nouveaux employeurs", "find new employers"),
        "P2-OFFRES": pair("consulter les offres d’emploi", "consult job offers"),
        "P3-PROMOTION": pair(
            "promouvoir un profil pour une offre", "promote a profile against an offer"),
    ]

    private static let accesses: [String: LocalizedText] = [
        "profile.search": pair("recherche de profils", "search of profiles"),
        "profile.view": pair("consultation du profil", "view of the profile"),
        "profile.match": pair("rapprochement avec une offre", "match with an offer"),
        "profile.promote": pair("promotion du profil", "promotion of the profile"),
        "profile.share": pair("envoi du profil à un employeur", "profile sent to an employer"),
        "contact.reveal": pair(
            "communication des coordonnées", "contact details given to an employer"),
        "export.request": pair("demande d’export", "request of an export"),
        "export.perform": pair("export", "export"),
        "employer.search": pair("recherche d’employeurs", "search of employers"),
        "employer.view": pair("consultation d’un employeur", "view of an employer"),
        "employer.prospect": pair("démarchage d’un employeur", "approach of an employer"),
        "offer.search": pair("recherche d’offres", "search of offers"),
        "offer.view": pair("consultation d’une offre", "view of an offer"),
        "linkedin.search": pair("recherche sur LinkedIn", "search on LinkedIn"),
        "linkedin.profile.view": pair(
            "consultation d’un profil LinkedIn", "view of a LinkedIn profile"),
        "linkedin.message": pair("message LinkedIn", "LinkedIn message"),
        "linkedin.export": pair("export de LinkedIn", "export from LinkedIn"),
    ]
}
