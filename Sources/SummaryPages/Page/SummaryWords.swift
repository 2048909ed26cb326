// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// The fixed texts of a summary, side by side.
enum SummaryWords {
    static func pair(_ french: String, _ english: String) -> LocalizedText {
        LocalizedText(fr: french, en: english)
    }

    static let title = pair(
        "Synthèse pour le comité social et économique", "Summary for the works council")
    static let mention = pair(
        "Document d’information du CSE, données agrégées\u{202F}; ne peut servir à évaluer un agent.",
        "Information document for the works council, aggregated data; it cannot serve to assess a member of staff."
    )
    static let masked = pair("masqué (secret)", "masked (secret)")

    static let sections = [
        pair("0. Carte d’identité", "0. Identity card"),
        pair("1. L’essentiel en cinq phrases", "1. The essentials in five sentences"),
        pair("2. Qui a accès", "2. Who has access"),
        pair("3. À quoi l’outil a servi", "3. What the tool was used for"),
        pair("4. Comment les profils sont protégés", "4. How profiles are protected"),
        pair("5. Écarts constatés", "5. Findings"),
        pair(
            "6. Ce qui a changé depuis la dernière séance", "6. What changed since the last meeting"
        ),
        pair("7. Effets sur les pratiques", "7. Effects on practice"),
        pair("8. Les deux indicateurs", "8. The two indicators"),
        pair(
            "9. Suites données aux observations du CSE", "9. Answers to the council’s observations"),
        pair(
            "10. Ce que ce document ne montre pas, et pourquoi",
            "10. What this document does not show, and why"),
    ]
    static let annex = pair(
        "Annexe\u{202F}: définitions, seuils, vérification",
        "Annex: definitions, thresholds, verification")

    static let unchecked = pair(
        "Ce fichier ne s’est pas vérifié lui-même\u{202F}: cela demande JavaScript. Pour le vérifier "
            + "vraiment, utilisez la commande de l’annexe.",
        "This file has not checked itself: that takes JavaScript. To really verify it, use the "
            + "command in the annex.")

    static let notShown: [LocalizedText] = [
        pair(
            "Aucun nom, aucun pseudonyme, aucun chiffre par conseiller, aucune heure de travail\u{202F}: "
                + "le journal contrôle l’accès aux données, il ne mesure pas le travail.",
            "No name, no pseudonym, no figure for one adviser, no working hours: the log controls "
                + "access to data, it does not measure work."),
        pair(
            "Aucune case derrière laquelle se trouvent trop peu de personnes, ni celles qui la "
                + "feraient retrouver par soustraction\u{202F}: elles portent «\u{A0}masqué (secret)\u{A0}», ce "
                + "qui n’est pas zéro.",
            "No cell with too few people behind it, nor those that would give it away by "
                + "subtraction: they read “masked (secret)”, which is not zero."),
        pair(
            "Rien sur un demandeur d’emploi ni sur un employeur en particulier, et aucun texte libre.",
            "Nothing about one job seeker or one employer, and no free text."),
        pair(
            "Aucune période hors du menu (semaine, mois, trimestre, suite de mois)\u{202F}: deux périodes "
                + "presque égales livreraient leur différence.",
            "No period outside the menu (week, month, quarter, run of months): two almost equal "
                + "periods would give their difference away."),
    ]
}
