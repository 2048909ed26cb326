// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cedar
import CedarAnalysis
import Cryptography
import Diagnostics
import Reporting
import TemporalRules

/// The rules of a policy set as a page for people: what each asks, on what basis, and the values
/// that can be argued about.
struct RuleBook {
    let set: PolicySetFolder
    let language: Language

    func words(_ french: String, _ english: String) -> String {
        HTMLText.escaped(LocalizedText(fr: french, en: english)[language])
    }

    var colon: String { language == .french ? "\u{202F}:" : ":" }

    /// A part of the page: the rules of one nature.
    private struct Part {
        var title: (String, String)
        var note: (String, String)
        var articles: [RuleArticle]
    }

    /// The page.
    var html: String {
        let parts = parts
        let sections = parts.enumerated().map { number, part in
            """
            <h2>\(number + 1). \(words(part.title.0, part.title.1))</h2>
            <p>\(words(part.note.0, part.note.1))</p>
            \(part.articles.map(\.html).joined())
            """
        }
        return HTMLText.document(
            title: set.title[language], language: language,
            body: """
                <main>
                <h1>\(HTMLText.escaped(set.title[language]))</h1>
                <p>\(words("Version", "Version")) \(HTMLText.escaped(set.label)), \
                \(words("empreinte", "hash")) \(set.version.hex)</p>
                \(introduction)
                <h2>\(words("Sommaire des règles", "The rules at a glance"))</h2>
                \(overview(parts.flatMap(\.articles)))
                \(sections.joined())
                <h2>\(parts.count + 1). \(words("Valeurs", "Values"))</h2>
                \(table(parts.flatMap(\.articles)))
                </main>
                """)
    }

    private var introduction: String {
        """
        <p>\(words(
            "Cette page est produite à partir des règles mêmes que le programme applique\u{202F}: ce "
                + "qu’il contrôle est écrit ici, et rien d’autre. L’empreinte ci-dessus désigne "
                + "exactement ce texte\u{202F}; le journal l’inscrit à chaque mise en vigueur.",
            "This page is made from the very rules that the program applies: what it checks is "
                + "written here, and nothing else. The hash above names exactly this text; the log "
                + "records it each time it is put in force."))</p>
        <p>\(words(
            "Chaque valeur dont on peut débattre est un paramètre, avec son origine. «\u{A0}Hypothèse, "
                + "à confirmer\u{A0}» signale un choix de conception sans texte à l’appui\u{202F}: il "
                + "revient au responsable de traitement de le confirmer ou de le changer.",
            "Each value that can be argued about is a parameter, with its origin. “Assumption, to be "
                + "confirmed” marks a choice of design that no text supports: the controller is to "
                + "confirm or to change it."))</p>
        <p>\(words(
            "Un constat n’est pas une faute\u{202F}: il est examiné dans un dossier, par une personne "
                + "extérieure à la ligne hiérarchique de l’agent, et l’agent est entendu. Aucune règle ne "
                + "mesure le travail de quelqu’un.",
            "A finding is not a fault: it is reviewed in a case, by somebody outside the adviser's "
                + "line, and the adviser is heard. No rule measures anybody's work."))</p>
        """
    }

    private var parts: [Part] {
        let sheets = Dictionary(
            set.overTime.sheets.map { ($0.rule.id, $0) }, uniquingKeysWith: { first, _ in first })
        let ids = set.rules.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        func articles(_ isWanted: (String) -> Bool) -> [RuleArticle] {
            ids.filter(isWanted).map { RuleArticle(book: self, id: $0, sheet: sheets[$0]) }
        }
        func effect(_ id: String) -> Effect? {
            sheets[id] == nil ? set.policySet.policy(id)?.effect : nil
        }
        return [
            Part(
                title: ("Ce qui est permis", "What is permitted"),
                note: (
                    "Un acte qu’aucune de ces autorisations ne permet est refusé.",
                    "An act that none of these permissions allows is denied."
                ), articles: articles { effect($0) == .permit }),
            Part(
                title: ("Ce qui est interdit", "What is forbidden"),
                note: (
                    "Une interdiction l’emporte sur toute autorisation.",
                    "A prohibition prevails over any permission."
                ), articles: articles { effect($0) == .forbid }),
            Part(
                title: ("Ce qui se juge dans la durée", "What is judged over time"),
                note: (
                    "Ces règles regardent ce qui précède, ce qui suit, et combien en combien de "
                        + "temps. Une échéance qui n’est pas passée est dite en attente, jamais en "
                        + "défaut. Entre guillemets, ce qui arrive\u{202F}; une lettre (a, p, r) désigne "
                        + "la même personne ou la même chose dans toute la phrase. MAD\u{202F}: écart "
                        + "absolu médian.",
                    "These rules look at what came before, what comes after, and how much in how "
                        + "long. A deadline that has not passed is told as pending, never as missed. What "
                        + "happens stands in quotation marks; a letter (a, p, r) is the same person or "
                        + "thing throughout a sentence. MAD: median absolute deviation."
                ), articles: articles { sheets[$0] != nil }),
            Part(
                title: (
                    "Ce que le programme contrôle de lui-même", "What the program itself checks"
                ),
                note: (
                    "Ces règles n’ont pas de texte à part\u{202F}: elles sont dans le programme. "
                        + "S’y ajoute l’intégrité du journal (R35)\u{202F}: la chaîne, l’arbre et les "
                        + "signatures sont vérifiés avant tout jugement.",
                    "These rules have no text of their own: they are in the program. To them is added "
                        + "the integrity of the log (R35): chain, tree and signatures are verified "
                        + "before anything is judged."
                ), articles: articles { sheets[$0] == nil && effect($0) == nil }),
        ]
    }

    func origin(_ provenance: Finding.Provenance) -> String {
        switch provenance {
        case .press: words("presse", "press")
        case .law: words("loi ou règlement", "law or regulation")
        case .cnil: words("CNIL", "CNIL")
        case .contract: words("contrat", "contract")
        case .cse: words("document du CSE", "document of the works council")
        case .assumption: words("hypothèse, à confirmer", "assumption, to be confirmed")
        }
    }
}

// MARK: Tables

extension RuleBook {
    private func table(_ caption: String, _ heads: [String], _ rows: [[String]]) -> String {
        let columns = heads.map { "<th scope=\"col\">\($0)</th>" }.joined()
        let lines = rows.map { row in
            "<tr>\(row.map { "<td>\($0)</td>" }.joined())</tr>\n"
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(caption)">
            <table>
            <caption>\(caption)</caption>
            <thead><tr>\(columns)</tr></thead>
            <tbody>
            \(lines.joined())</tbody>
            </table>
            </div>
            """
    }

    private func overview(_ articles: [RuleArticle]) -> String {
        let rows = articles.compactMap { article -> [String]? in
            guard let rule = set.rules[article.id] else { return nil }
            let id = HTMLText.escaped(article.id)
            return [
                "<a href=\"#\(id)\">\(id)</a>", HTMLText.escaped(rule.title[language]),
                HTMLText.escaped(Label(rule.severity).text[language]),
                HTMLText.escaped(rule.basis), origin(rule.provenance),
            ]
        }
        return table(
            words("Règles", "Rules"),
            [
                words("Règle", "Rule"), words("Titre", "Title"), words("Gravité", "Severity"),
                words("Fondement", "Legal basis"), words("Origine", "Origin"),
            ], rows)
    }

    private func table(_ articles: [RuleArticle]) -> String {
        let parameters = set.parameters.sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        let rows = parameters.map { name, parameter in
            let users = articles.filter { $0.parameters.contains(name) }.map(\.id)
            return [
                HTMLText.escaped(name), HTMLText.escaped(parameter.text),
                origin(parameter.provenance), HTMLText.escaped(parameter.basis),
                HTMLText.escaped(users.isEmpty ? "–" : users.joined(separator: ", ")),
            ]
        }
        return table(
            words("Valeurs", "Values"),
            [
                words("Nom", "Name"), words("Valeur", "Value"), words("Origine", "Origin"),
                words("Raison", "Reason"), words("Règles", "Rules"),
            ], rows)
    }
}
