// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What the events and the fields in sentences of rules over time are called by people.
enum EventGlossary {
    /// A name as sentences write it, and what it is.
    typealias Term = (name: String, french: String, english: String)

    /// The terms that a sentence uses, in the order of the list.
    static func terms(in sentence: String) -> [Term] {
        let words = Set(
            sentence.split { !($0.isLetter || $0.isNumber || $0 == "." || $0 == "_") }
                .map(String.init))
        return all.filter { words.contains($0.name) }
    }

    /// What an event is called; nil for another name.
    static func term(_ name: String) -> LocalizedText? {
        (people + platform + record).first { $0.name.utf8.elementsEqual(name.utf8) }
            .map { LocalizedText(fr: $0.french, en: $0.english) }
    }

    private static let all: [Term] = people + platform + record + fields

    private static let people: [Term] = [
        ("access", "accès", "access"),
        ("profile.view", "consultation d’un profil", "a profile is viewed"),
        ("profile.search", "recherche de profils", "profiles are searched"),
        ("access.person", "accès aux données d’une personne", "access to a person's data"),
        ("adviser.enrol", "un agent se porte volontaire", "an adviser volunteers"),
        ("adviser.leave", "un agent quitte l’établissement", "an adviser leaves"),
        ("adviser.move", "un agent change de poste", "an adviser changes post"),
        ("adviser.withdraw", "un agent retire son volontariat", "an adviser withdraws"),
        ("agreement.withdraw", "une personne retire son accord", "a person withdraws agreement"),
        ("contact.reveal", "des coordonnées sont communiquées", "contact details are passed on"),
        ("profile.promote", "un profil est promu", "a profile is promoted"),
        ("profile.share", "un profil est communiqué", "a profile is shared"),
        ("export.perform", "des profils sont exportés", "profiles are exported"),
        ("recipient.delete", "un destinataire efface les données", "a recipient deletes the data"),
        ("erasure.perform", "des données sont effacées", "data are erased"),
        ("portfolio.assign", "une personne entre au portefeuille", "a person joins the portfolio"),
        ("portfolio.release", "une personne quitte la liste", "a person leaves the list"),
        ("dsr.receive", "une demande de droits arrive", "a rights request arrives"),
        ("dsr.extend", "son délai est prolongé", "its time limit is extended"),
        ("dsr.answer", "il y est répondu", "it is answered"),
        ("breakglass.open", "un bris de glace est ouvert", "a break-glass is opened"),
        ("breakglass.review", "un bris de glace est revu", "a break-glass is reviewed"),
        ("incident.detect", "une violation de données est connue", "a data breach is known"),
        ("incident.qualify", "la violation est qualifiée", "the breach is qualified"),
        ("incident.notify", "la violation est notifiée à la CNIL", "the breach is notified"),
        ("cse.observation", "le CSE fait une observation", "the council makes an observation"),
        ("cse.answer", "il est répondu au CSE", "the council is answered"),
    ]

    private static let platform: [Term] = [
        ("access.platform", "usage de la plateforme LinkedIn", "use of the LinkedIn platform"),
        ("licence.activate", "une licence est activée", "a licence is activated"),
        ("licence.assign", "une licence est attribuée", "a licence is assigned"),
        ("licence.reassign", "une licence change de titulaire", "a licence changes hands"),
        ("licence.restore", "une licence est rétablie", "a licence is restored"),
        ("licence.suspend", "une licence est suspendue", "a licence is suspended"),
        (
            "licence.end", "une licence est révoquée, rendue ou échue",
            "a licence is revoked, returned or over"
        ),
        ("linkedin.message", "un message part sur LinkedIn", "a message is sent on LinkedIn"),
        ("linkedin.export", "un export est fait sur LinkedIn", "an export is made on LinkedIn"),
        (
            "linkedin.deletion_notice", "LinkedIn annonce la fermeture d’un compte",
            "LinkedIn tells that an account was closed"
        ),
        ("session.open", "une session s’ouvre", "a session opens"),
        ("session.close", "une session se ferme", "a session closes"),
        ("auth.fail", "une authentification échoue", "an authentication fails"),
        ("auth.lock", "un compte est verrouillé", "an account is locked"),
        ("transfer.authorise", "un transfert est encadré", "a transfer is authorised"),
        ("entitlement.review", "les habilitations sont revues", "entitlements are reviewed"),
    ]

    private static let record: [Term] = [
        ("check.start", "le contrôle nocturne commence", "the nightly check starts"),
        ("check.complete", "le contrôle nocturne s’achève", "the nightly check ends"),
        ("clock.sync", "l’écart d’une horloge est mesuré", "a clock's offset is measured"),
        ("control.link", "un contrôle est relié à une mesure", "a control is linked to a measure"),
        ("dpia.measure", "l’AIPD annonce une mesure", "the DPIA announces a measure"),
        ("indicator.report", "un indicateur est relevé", "an indicator is reported"),
        ("heartbeat", "une source dit qu’elle est là", "a source says that it is there"),
        ("log.anchor", "l’empreinte du journal est ancrée", "the head of the log is anchored"),
        ("log.seal", "le journal est scellé", "the log is sealed"),
        ("retention.purge", "des entrées sont purgées", "entries are purged"),
        ("source.register", "une source est déclarée", "a source is registered"),
        ("summary.compute", "une synthèse est calculée", "a summary is computed"),
        ("summary.correct", "une synthèse est corrigée", "a summary is corrected"),
        ("summary.release", "une synthèse est diffusée", "a summary is released"),
        ("pilot.extend", "le pilote est étendu", "the pilot is extended"),
        (
            "policy.activate", "une version des règles est mise en vigueur",
            "a version of the rules is put in force"
        ),
        ("pseudonym.resolve", "un pseudonyme est levé", "a pseudonym is resolved"),
        ("summary.request", "une synthèse est demandée", "a summary is asked for"),
        (
            "summary.rows", "un extrait pseudonymisé est demandé",
            "a pseudonymised extract is asked for"
        ),
        ("entry", "entrée du journal", "entry of the log"),
    ]

    private static let fields: [Term] = [
        ("licensed", "1 si l’agent a une licence active", "1 if the adviser has an active licence"),
        (
            "in_portfolio", "1 si la personne est au portefeuille de l’agent",
            "1 if the person is in the adviser's portfolio"
        ),
        (
            "lag", "retard de l’inscription au journal, en secondes",
            "how late it was recorded, in seconds"
        ),
        (
            "ahead", "avance sur l’inscription au journal, en secondes",
            "how far ahead of its recording, in seconds"
        ),
        ("skew", "écart d’horloge, en millisecondes", "clock offset, in milliseconds"),
        ("open_for", "durée prévue, en secondes", "planned length, in seconds"),
        (
            "known_control", "1 si le contrôle est une règle d’ici",
            "1 if the control is a rule here"
        ),
        (
            "strict_enough", "1 si les seuils valent ceux d’ici",
            "1 if the thresholds are no laxer than here"
        ),
        (
            "no_match_ref", "preuve qu’aucun inscrit ne convient",
            "proof that no one registered fits"
        ),
        ("outcome", "issue : done (fait), denied (refusé)", "outcome: done or denied"),
        ("effect", "décision : allow (permis), deny (refusé)", "decision: allow or deny"),
        (
            "evidence", "observed (observé), imported (importé), declared (déclaré)",
            "how it is known"
        ),
    ]
}
