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
            \(gravity(rule.severity))\(pair("Fondement", "Legal basis", HTMLText.escaped(rule.basis)))
            \(pair("Origine", "Origin", book.origin(rule.provenance)))
            \(values)\(examples)</dl>
            \(sheet.map(exactSentence) ?? "")\(exact)</article>

            """
    }

    /// How grave it is to break the rule; a permission is not broken.
    private func gravity(_ severity: Finding.Severity) -> String {
        if policy?.effect == .permit { return "" }
        return pair("Gravité", "Severity", HTMLText.escaped(Label(severity).text[language])) + "\n"
    }

    private func pair(_ french: String, _ english: String, _ value: String) -> String {
        "<dt>\(book.words(french, english))</dt><dd>\(value)</dd>"
    }

    // MARK: What it demands

    private var demand: String {
        if let sheet { return "<p>\(HTMLText.escaped(plain(sheet)))</p>\n" }
        if let policy { return said(policy) }
        return EngineRule.text(id).map(paragraph) ?? ""
    }

    private func paragraph(_ text: LocalizedText) -> String {
        "<p>\(HTMLText.escaped(book.set.filled(text[language])))</p>\n"
    }

    /// The sentence of a rule over time in the words of people.
    private func plain(_ sheet: RuleSheet) -> String {
        let text = PlainSentence(language: language).text(
            book.set.filled(sheet.sentence[language]))
        return text.prefix(1).uppercased() + text.dropFirst() + "."
    }

    /// The sentence as it is, and what the names in it stand for; nothing where it is in plain words.
    private func exactSentence(_ sheet: RuleSheet) -> String {
        let sentence = book.set.filled(sheet.sentence[language])
        let terms = EventGlossary.terms(in: sentence)
        guard !terms.isEmpty else { return "" }
        let items = terms.map { term in
            "<li>\(HTMLText.escaped(term.name))\(book.colon) "
                + "\(HTMLText.escaped(language == .french ? term.french : term.english))</li>\n"
        }
        return """
            <details><summary>\(book.words("La phrase exacte", "The exact sentence"))</summary>
            <p>\(HTMLText.escaped(sentence))</p>
            <ul>
            \(items.joined())</ul></details>

            """
    }

    /// What the codes in a policy stand for.
    private func codes(_ policy: Policy) -> String {
        let lines = policy.text.split(separator: "\n").filter { !$0.hasPrefix("@") }
        let terms = CodeGlossary.terms(in: lines.joined(separator: "\n"))
        guard !terms.isEmpty else { return "" }
        let items = terms.map { term in
            HTMLText.escaped("\(term.code)\(book.colon) \(term.text[language])")
        }
        return "<p class=\"codes\">\(items.joined(separator: " – "))</p>\n"
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
        var when = book.words("quand", "when")
        if case .all(let parts) = phrase, parts.count > 1 {
            when = book.words("quand, à la fois", "when, at once")
        }
        return "\(text), \(when)\(book.colon)</p>\n<ul>\n\(items(phrase))</ul>\n\(codes(policy))"
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
        if let group = groups[name] { return group[language] }
        guard let term = EventGlossary.term(name) else { return name }
        return "\(term[language]) (\(name))"
    }

    /// A phrase with the names of acts in place of Cedar's.
    private func plain(_ text: String) -> String {
        var parts = text.components(around: "Action::\"")
        for place in parts.indices.dropFirst() {
            let name = String(parts[place].prefix { $0 != "\"" })
            parts[place] = act(name) + parts[place].dropFirst(name.count + 1)
        }
        var words = parts.joined()
        for (cedar, plain) in Self.oneOf { words = words.replacing(cedar, with: plain) }
        return words
    }

    /// What Cedar says of a group of acts, and what people say.
    private static let oneOf = [
        ("l’action n’est pas dans tous les ", "l’acte n’est pas l’un des "),
        ("l’action n’est pas dans toutes les ", "l’acte n’est pas l’une des "),
        ("l’action est dans tous les ", "l’acte est l’un des "),
        ("l’action est dans toutes les ", "l’acte est l’une des "),
        ("the action is not in all ", "the act is not one of the "),
        ("the action is in all ", "the act is one of the "),
    ]

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
