// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What the words of a summary mean.
extension SummaryWords {
    static let definitions: [(LocalizedText, LocalizedText)] = [
        (
            pair("Finalités", "Purposes"),
            pair(
                "Les trois usages permis de l’outil. P1 Prospection\u{202F}: trouver de nouveaux "
                    + "employeurs. P2 Offres\u{202F}: consulter les offres d’emploi. P3 Promotion\u{202F}: "
                    + "promouvoir le profil d’un demandeur d’emploi pour une offre\u{202F}; seule celle-ci "
                    + "touche des données de demandeurs d’emploi.",
                "The three permitted uses of the tool. P1 Prospecting: find new employers. P2 Offers: "
                    + "consult job offers. P3 Promotion: promote a job seeker’s profile for an offer; "
                    + "it alone touches data of job seekers.")
        ),
        (
            pair("Accès", "Access"),
            pair(
                "Un acte d’un conseiller dans l’outil, effectué sous l’une des trois finalités. Les refus "
                    + "sont comptés à part\u{202F}; un acte sans finalité permise est un écart.",
                "One act of an adviser in the tool that took place under one of the three purposes. "
                    + "Refusals are counted apart; an act under no permitted purpose is a finding.")
        ),
        (
            pair("Contributeur", "Contributor"),
            pair(
                "Une personne dont les actes forment un chiffre. Quarante consultations par un seul "
                    + "conseiller sont un chiffre à un contributeur.",
                "A person whose acts make up a figure. Forty views by one adviser are a figure of "
                    + "one contributor.")
        ),
        (
            pair("Masqué (secret)", "Masked (secret)"),
            pair(
                "Le chiffre existe et n’est pas montré\u{202F}: il est sensible, ou il livrerait un "
                    + "chiffre sensible. Rien n’indique lequel des deux.",
                "The figure exists and is not shown: it is sensitive, or it would give a sensitive "
                    + "figure away. Nothing says which.")
        ),
        (
            pair("Hors du pilote", "Outside the pilot"),
            pair(
                "Actes de personnes qui ne travaillent dans aucune région du pilote, ou dont le journal "
                    + "ne dit pas le lieu.",
                "Acts of persons who work in no region of the pilot, or of whom the log does not say "
                    + "where.")
        ),
        (
            pair("Volontaire prêt", "Volunteer who is ready"),
            pair(
                "Un conseiller inscrit au pilote, formé, dont la charte signée est encore valable.",
                "An adviser enrolled in the pilot, trained, whose signed charter is still valid.")
        ),
        (
            pair("Profil inscrit, profil externe", "Registered profile, external profile"),
            pair(
                "Inscrit\u{202F}: celui d’un demandeur d’emploi suivi par le service public. Externe\u{202F}: "
                    + "celui d’un membre de la plateforme LinkedIn, inscrit ou non comme demandeur.",
                "Registered: that of a job seeker whom the public service supports. External: that of "
                    + "a member of the platform LinkedIn, registered as a job seeker or not.")
        ),
        (
            pair("Écart", "Finding"),
            pair(
                "Une différence entre ce que le journal rapporte et ce que les règles permettent. Les "
                    + "règles portent un numéro (R01 à R40, X01 à X13)\u{202F}; le délégué à la protection "
                    + "des données en tient la liste.",
                "A difference between what the log reports and what the rules permit. Rules have a "
                    + "number (R01 to R40, X01 to X13); the data-protection officer keeps the list."
            )
        ),
        (
            pair("Délai médian", "Median delay"),
            pair(
                "La moitié des cas a pris ce temps ou moins.",
                "Half of the cases took this time or less.")
        ),
        (
            pair("Dérogation", "Waiver"),
            pair(
                "Une permission datée de laisser en l’état certains écarts à une règle, pour 90 jours au "
                    + "plus. Elle n’efface rien.",
                "A dated permission to leave some findings of a rule as they are, for at most 90 days. "
                    + "It deletes nothing.")
        ),
        (
            pair("Intervalle", "Interval"),
            pair(
                "La fourchette que l’auteur de la mesure donne autour de la valeur\u{202F}: deux fourchettes "
                    + "qui se recouvrent ne montrent pas de différence.",
                "The range that the author of a measure gives around its value: two ranges that "
                    + "overlap show no difference.")
        ),
        (
            pair("Journal, entrée, empreinte de tête", "Log, entry, hash of the head"),
            pair(
                "Le journal consigne chaque acte en une entrée numérotée, qui ne peut plus être changée. "
                    + "L’empreinte de tête est un nombre calculé sur toutes les entrées\u{202F}: si l’une "
                    + "d’elles change, il change.",
                "The log records each act as a numbered entry, which cannot be changed any more. The "
                    + "hash of the head is a number computed over all entries: if one of them changes, "
                    + "it changes.")
        ),
    ]

    /// The two indicators that the pilot announced, by the names that the log registers.
    static let indicators: [String: (name: LocalizedText, definition: LocalizedText)] = [
        "taux-de-pourvoi": (
            pair("Taux de pourvoi des offres", "Rate of offers filled"),
            pair(
                "Offres pourvues, rapportées aux offres closes dans la période.",
                "Offers filled, of the offers closed in the period.")
        ),
        "taux-de-recours": (
            pair("Taux de recours à France Travail", "Rate of recourse to France Travail"),
            pair(
                "Employeurs ayant déposé une offre, rapportés aux employeurs ayant déclaré une embauche. "
                    + "L’ancienne «\u{A0}part de marché\u{A0}» rapportait deux ensembles qui ne se "
                    + "recouvrent pas tout à fait (travail temporaire).",
                "Employers who filed an offer, of the employers who declared a hire. The older “market "
                    + "share” compared two sets that do not fully match (temporary work).")
        ),
    ]

    /// The pilot, and what it is compared with.
    static let groups: [String: LocalizedText] = [
        "pilote": pair("pilote", "pilot"),
        "comparaison": pair("comparaison", "comparison"),
    ]
}
