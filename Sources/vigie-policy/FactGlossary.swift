// SPDX-License-Identifier: Apache-2.0

import CedarAnalysis
import Diagnostics

/// What people call the facts that an audit gives to policies (`docs/rules.md`).
enum FactGlossary {
    /// The terms by path.
    static let terms: [String: GlossaryTerm] = {
        var terms: [String: GlossaryTerm] = [:]
        for (name, french, english) in values {
            terms["context." + name] = GlossaryTerm(subject: LocalizedText(fr: french, en: english))
        }
        for (name, yes, no) in truths + acts {
            terms["context." + name] = GlossaryTerm(true: yes, false: no)
        }
        return terms
    }()

    private static let values = [
        ("role", "le rôle", "the role"), ("purpose", "la finalité", "the purpose"),
        ("region", "la région", "the region"),
        ("categories", "la liste des catégories de données", "the list of data categories"),
        ("recordedEffect", "la décision inscrite", "the recorded decision"),
        ("outcome", "l’issue inscrite", "the recorded outcome"),
        ("pilotRegions", "la liste des régions du pilote", "the list of the pilot's regions"),
        ("perimeter", "le périmètre demandé", "the perimeter asked for"),
        ("mandate", "le mandat", "the mandate"),
    ]

    private static func fact(
        _ name: String, _ frenchYes: String, _ frenchNo: String, _ englishYes: String,
        _ englishNo: String
    ) -> (String, LocalizedText, LocalizedText) {
        (
            name, LocalizedText(fr: frenchYes, en: englishYes),
            LocalizedText(fr: frenchNo, en: englishNo)
        )
    }

    private static let truths = [
        fact(
            "versionInForce", "l’accès porte la version de la politique en vigueur",
            "l’accès ne porte pas la version de la politique en vigueur",
            "the access carries the policy version in force",
            "the access does not carry the policy version in force"),
        fact(
            "directIdentifier", "l’entrée contient un identifiant direct",
            "l’entrée ne contient aucun identifiant direct", "the entry holds a direct identifier",
            "the entry holds no direct identifier"),
        fact(
            "pilotRunning", "le pilote est en cours", "le pilote n’est pas en cours",
            "the pilot is running", "the pilot is not running"),
        fact(
            "licenceActive", "la licence est active", "aucune licence active",
            "the licence is active", "no licence is active"),
        fact(
            "volunteer", "l’agent est volontaire", "l’agent n’est pas volontaire",
            "the agent is a volunteer", "the agent is no volunteer"),
        fact(
            "charterInForce", "la charte signée est en vigueur",
            "aucune charte signée n’est en vigueur", "a signed charter is in force",
            "no signed charter is in force"),
        fact(
            "trained", "la formation est faite", "la formation n’est pas faite",
            "the training is complete", "the training is not complete"),
        fact(
            "caseNamed", "l’accès porte un dossier", "l’accès ne porte aucun dossier",
            "the access carries a case", "the access carries no case"),
        fact(
            "offerOpen", "l’accès nomme une offre ouverte", "l’accès ne nomme aucune offre ouverte",
            "the access names an open offer", "the access names no open offer"),
        fact(
            "personNamed", "l’accès nomme une personne", "l’accès ne nomme aucune personne",
            "the access names a person", "the access names no person"),
        fact(
            "personInformed", "la personne a été informée", "la personne n’a pas été informée",
            "the person was informed", "the person was not informed"),
        fact(
            "agreementInForce", "un accord de la personne couvre cette offre",
            "aucun accord de la personne ne couvre cette offre",
            "an agreement of the person covers this offer",
            "no agreement of the person covers this offer"),
        fact(
            "contactAgreement", "un accord couvre les coordonnées",
            "aucun accord ne couvre les coordonnées", "an agreement covers contact details",
            "no agreement covers contact details"),
        fact(
            "objection", "la personne s’oppose à sa promotion",
            "la personne ne s’oppose pas à sa promotion", "the person objects to promotion",
            "the person does not object to promotion"),
        fact(
            "restricted", "les données de la personne sont limitées ou effacées",
            "les données de la personne ne sont ni limitées ni effacées",
            "the person's data are restricted or erased",
            "the person's data are neither restricted nor erased"),
        fact(
            "declaredLink", "l’agent a déclaré un lien avec la personne",
            "l’agent n’a déclaré aucun lien avec la personne",
            "the agent declared a link with the person",
            "the agent declared no link with the person"),
        fact(
            "explained",
            "l’accès est expliqué (portefeuille, rendez-vous, offre, candidature, mandat, demande, "
                + "dossier, passation ou bris de glace)",
            "rien n’explique l’accès",
            "the access is explained (portfolio, appointment, offer, application, mandate, request, "
                + "case, handover or break-glass)",
            "nothing explains the access"),
    ]

    private static let acts = [
        fact(
            "approvedByRequester", "qui approuve est qui demande",
            "qui approuve n’est pas qui demande", "who approves is who asks",
            "who approves is not who asks"),
        fact(
            "dataTransferred", "la réattribution transfère des données",
            "la réattribution ne transfère aucune donnée", "the reassignment carries data",
            "the reassignment carries no data"),
        fact(
            "extensionPrepared", "l’évaluation et la consultation ont eu lieu",
            "l’évaluation ou la consultation manque",
            "evaluation and consultation have taken place",
            "evaluation or consultation is missing"),
        fact(
            "scopeWidened", "le périmètre s’étend", "le périmètre ne s’étend pas",
            "the scope is widened", "the scope is not widened"),
        fact(
            "scopePresented", "la version a été présentée au CSE",
            "la version n’a pas été présentée au CSE", "the version was presented to the council",
            "the version was not presented to the council"),
        fact(
            "nominativeControlAllowed", "le CSE central a été consulté et le personnel informé",
            "le CSE central n’a pas été consulté ou le personnel pas informé",
            "the central council was consulted and the staff informed",
            "the central council was not consulted or the staff not informed"),
        fact(
            "resolutionRequested", "la levée de pseudonymat est demandée et approuvée",
            "la levée de pseudonymat n’est pas demandée et approuvée",
            "the re-identification is requested and approved",
            "the re-identification is not requested and approved"),
        fact(
            "resolutionInTime", "la levée de pseudonymat est dans le délai",
            "la levée de pseudonymat est hors délai", "the re-identification is in time",
            "the re-identification is out of time"),
    ]
}
