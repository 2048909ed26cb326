// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cedar
import CedarAnalysis
import Diagnostics
import Reporting
import TemporalRules

/// One rule of the book: what it demands in words, on what it rests, and its exact text.
struct RuleArticle {
    let book: RuleBook
    let id: String
    /// The sheet of a rule over time; nil for the others.
    let sheet: RuleSheet?

    private var language: Language { book.language }
    private var policy: Policy? { sheet == nil ? book.set.policySet.policy(id) : nil }

    /// The parameters that the rule depends on, in order.
    var parameters: [String] {
        let named = sheet.map { PolicySetFolder.parameterNames(in: $0.sentence[language]) } ?? []
        let engine =
            EngineRule.text(id).map { PolicySetFolder.parameterNames(in: $0[language]) } ?? []
        var found: [String] = []
        for name in named + engine + EngineRule.parameters(id)
        where !found.contains(name) && book.set.parameters[name] != nil {
            found.append(name)
        }
        return found
    }

    /// The article.
    var html: String {
        guard let rule = book.set.rules[id] else { return "" }
        return """
            <article id="\(HTMLText.escaped(id))" class="\(rule.severity.rawValue)">
            <h3>\(HTMLText.escaped("\(id) – \(rule.title[language])"))</h3>
            \(demand)<dl>
            \(pair("Gravité", "Severity", HTMLText.escaped(Label(rule.severity).text[language])))
            \(pair("Fondement", "Legal basis", HTMLText.escaped(rule.basis)))
            \(pair("Origine", "Origin", book.origin(rule.provenance)))
            \(values)\(examples)</dl>
            \(exact)</article>

            """
    }

    private func pair(_ french: String, _ english: String, _ value: String) -> String {
        "<dt>\(book.words(french, english))</dt><dd>\(value)</dd>"
    }

    // MARK: What it demands

    private var demand: String {
        if let sheet { return paragraph(sheet.sentence) + terms(of: sheet) }
        if let policy { return said(policy) }
        return EngineRule.text(id).map(paragraph) ?? ""
    }

    private func paragraph(_ text: LocalizedText) -> String {
        "<p>\(HTMLText.escaped(book.set.filled(text[language])))</p>\n"
    }

    /// What the names in a sentence stand for.
    private func terms(of sheet: RuleSheet) -> String {
        let terms = EventGlossary.terms(in: sheet.sentence[language])
        guard !terms.isEmpty else { return "" }
        let items = terms.map { term in
            "<li>\(HTMLText.escaped(term.name))\(book.colon) "
                + "\(HTMLText.escaped(language == .french ? term.french : term.english))</li>\n"
        }
        return "<ul>\n\(items.joined())</ul>\n"
    }

    /// What a Cedar policy says: of which acts, and when.
    private func said(_ policy: Policy) -> String {
        let words = ConditionWords(glossary: FactGlossary.terms)
        let phrase = ConditionPhrase.all(
            policy.conditions.map { words.phrase($0.expression, is: !$0.isUnless) }
        ).simplified()
        let effect =
            policy.effect == .permit
            ? book.words("Sont permis", "These are permitted")
            : book.words("Sont interdits", "These are forbidden")
        let text = "<p>\(effect)\(book.colon) \(acts(policy))"
        if case .all(let parts) = phrase, parts.isEmpty { return text + ".</p>\n" }
        let when = book.words("quand", "when")
        return "\(text), \(when)\(book.colon)</p>\n<ul>\n\(items(phrase))</ul>\n"
    }

    private func items(_ phrase: ConditionPhrase) -> String {
        switch phrase {
        case .atom(let text, _): "<li>\(HTMLText.escaped(plain(text[language])))</li>\n"
        case .all(let parts):
            parts.map { part in
                if case .any(let inner) = part {
                    return "<li>\(book.words("l’un au moins", "at least one of"))\(book.colon)\n"
                        + "<ul>\n\(inner.map(items).joined())</ul></li>\n"
                }
                return items(part)
            }.joined()
        case .any(let parts):
            "<li>\(book.words("l’un au moins", "at least one of"))\(book.colon)\n"
                + "<ul>\n\(parts.map(items).joined())</ul></li>\n"
        }
    }

    private func acts(_ policy: Policy) -> String {
        let actions = policy.scope.action.actions.map(\.id)
        guard !actions.isEmpty else { return book.words("tous les actes", "all acts") }
        return actions.map { HTMLText.escaped(act($0)) }.joined(separator: ", ")
    }

    /// What an act or a group of acts is called.
    private func act(_ name: String) -> String {
        let groups: [String: LocalizedText] = [
            "access": LocalizedText(fr: "tous les accès", en: "all accesses"),
            "jobSeekerAccess": LocalizedText(
                fr: "tous les accès à des données de demandeurs d’emploi",
                en: "all accesses to job-seeker data"),
            "promotion": LocalizedText(
                fr: "toutes les promotions de profils", en: "all promotions of profiles"),
            "export": LocalizedText(fr: "tous les exports", en: "all exports"),
            "act": LocalizedText(
                fr: "tous les actes de gouvernance", en: "all acts of governance"),
            "nominativeAct": LocalizedText(
                fr: "tous les actes nominatifs", en: "all acts that name an adviser"),
        ]
        return groups[name]?[language] ?? name
    }

    /// A phrase with the names of acts in place of Cedar's.
    private func plain(_ text: String) -> String {
        var parts = text.components(around: "Action::\"")
        for place in parts.indices.dropFirst() {
            let name = String(parts[place].prefix { $0 != "\"" })
            parts[place] = act(name) + parts[place].dropFirst(name.count + 1)
        }
        return parts.joined()
    }

    // MARK: What it rests on

    private var values: String {
        guard !parameters.isEmpty else { return "" }
        let items = parameters.compactMap { name -> String? in
            guard let parameter = book.set.parameters[name] else { return nil }
            let text = "\(name) = \(parameter.text) – "
            return "<li>\(HTMLText.escaped(text))\(book.origin(parameter.provenance))\(book.colon) "
                + "\(HTMLText.escaped(parameter.basis))</li>\n"
        }
        return pair("Paramètres", "Parameters", "<ul>\n\(items.joined())</ul>")
    }

    private var examples: String {
        guard let sheet, !sheet.examples.isEmpty else { return "" }
        let items = sheet.examples.map { example in
            let verdict =
                example.violated.isEmpty
                ? example.pending.isEmpty
                    ? book.words("respectée", "kept") : book.words("en attente", "pending")
                : book.words("constat", "finding")
            return "<li>\(HTMLText.escaped(example.name))\(book.colon) \(verdict)</li>\n"
        }
        return pair(
            "Exemples, qui sont des tests", "Examples, which are tests",
            "<ul>\n\(items.joined())</ul>")
    }

    /// The text that decides: Cedar, or the formula that the sentence stands for.
    private var exact: String {
        var text = policy?.text ?? ""
        if let sheet { text = book.set.overTime.formula(of: sheet.rule.id) ?? "" }
        guard !text.isEmpty else { return "" }
        let title =
            policy == nil
            ? book.words("La formule", "The formula")
            : book.words("Le texte Cedar", "The Cedar text")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { HTMLText.escaped(String($0)) }
        return """
            <details><summary>\(title)</summary>
            <pre>\(lines.joined(separator: "\n"))</pre></details>

            """
    }
}

extension String {
    /// The parts between the places where another text stands.
    fileprivate func components(around separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
