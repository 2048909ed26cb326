// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// The sentence of a rule over time as a lawyer reads it.
///
/// What events and fields are called by people stands in place of their names. The exact sentence
/// stands beside it, and decides.
struct PlainSentence {
    let language: Language

    /// A sentence, its parameters filled in, in words.
    func text(_ sentence: String) -> String {
        var (result, rest) = ("", Substring(sentence))
        while let start = rest.firstIndex(where: \.isLetter) {
            result += rest[..<start]
            let name = rest[start...].prefix { $0.isLetter || $0.isNumber || "._".contains($0) }
            let called = String(name.last == "." ? name.dropLast() : name)
            rest = rest[start...].dropFirst(called.count)
            let hasFields = rest.first == "("
            guard hasFields || called.contains("."), let term = EventGlossary.term(called) else {
                result += Self.words[called]?[language] ?? called
                continue
            }
            result += quoted(term[language])
            guard hasFields, let end = rest.firstIndex(of: ")") else { continue }
            result += fields(rest[..<end].dropFirst())
            rest = rest[end...].dropFirst()
        }
        return result + rest
    }

    private func quoted(_ text: String) -> String {
        language == .french ? "«\u{A0}\(text)\u{A0}»" : "“\(text)”"
    }

    private func fields(_ list: Substring) -> String {
        let parts = list.split(separator: ",").map { field(String($0.drop { $0 == " " })) }
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }

    /// One field: a variable that it binds, or what it must be.
    private func field(_ text: String) -> String {
        if let known = Self.conditions[text] { return known[language] }
        if let colon = text.firstIndex(of: ":"), !text[..<colon].contains(" ") {
            let label = Self.labels[String(text[..<colon])]?[language]
            return (label ?? String(text[..<colon])) + text[colon...].dropFirst()
        }
        let words = text.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3, let label = Self.labels[words[0]],
            let comparison = Self.comparisons[words[1]]
        else { return text }
        return [label[language], comparison[language], words[2]].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    /// Names that stand alone, and words of the pattern that need others around them.
    private static let words: [String: LocalizedText] = [
        "aware_at": LocalizedText(
            fr: "la prise de connaissance (aware_at)", en: "the moment of awareness (aware_at)"),
        "total": LocalizedText(fr: "au total des", en: "in total of the"),
    ]

    private static let comparisons: [String: LocalizedText] = [
        ">": LocalizedText(fr: "de plus de", en: "of more than"),
        ">=": LocalizedText(fr: "d’au moins", en: "of at least"),
        "<": LocalizedText(fr: "de moins de", en: "of less than"),
        "<=": LocalizedText(fr: "d’au plus", en: "of at most"),
        "=": LocalizedText(fr: "", en: ""),
        "!=": LocalizedText(fr: "autre que", en: "other than"),
    ]

    private static let labels: [String: LocalizedText] = [
        "actor": LocalizedText(fr: "agent", en: "adviser"),
        "holder": LocalizedText(fr: "titulaire", en: "holder"),
        "from": LocalizedText(fr: "ancien titulaire", en: "former holder"),
        "to": LocalizedText(fr: "nouveau titulaire", en: "new holder"),
        "subject": LocalizedText(fr: "personne", en: "person"),
        "reference": LocalizedText(fr: "référence", en: "reference"),
        "measure": LocalizedText(fr: "mesure", en: "measure"),
        "observation": LocalizedText(fr: "observation", en: "observation"),
        "indicator": LocalizedText(fr: "indicateur", en: "indicator"),
        "source": LocalizedText(fr: "source", en: "source"),
        "count": LocalizedText(fr: "nombre de personnes", en: "number of persons"),
        "attempts": LocalizedText(fr: "tentatives", en: "attempts"),
        "lag": LocalizedText(fr: "retard", en: "delay"),
        "ahead": LocalizedText(fr: "avance", en: "advance"),
        "skew": LocalizedText(fr: "écart, en millisecondes,", en: "offset, in milliseconds,"),
        "open_for": LocalizedText(fr: "durée prévue", en: "planned length"),
        "outcome_code": LocalizedText(fr: "conclusion", en: "conclusion"),
    ]

    private static let conditions: [String: LocalizedText] = [
        "licensed = 1": LocalizedText(
            fr: "avec une licence active", en: "with an active licence"),
        "in_portfolio = 0": LocalizedText(fr: "hors du portefeuille", en: "outside the portfolio"),
        "known_control = 0": LocalizedText(
            fr: "le contrôle n’est aucune règle d’ici", en: "the control is no rule here"),
        "strict_enough = 1": LocalizedText(
            fr: "sous les seuils d’ici", en: "under the thresholds here"),
        "strict_enough = 0": LocalizedText(
            fr: "sous des seuils plus bas", en: "under laxer thresholds"),
        "outcome = done": LocalizedText(fr: "effectué", en: "done"),
        "outcome != done": LocalizedText(fr: "non effectué", en: "not done"),
        "effect = deny": LocalizedText(fr: "refusé", en: "denied"),
        "evidence absent": unsaid, "evidence missing": unsaid,
        "evidence != declared": LocalizedText(
            fr: "non déclaré après coup", en: "not declared afterwards"),
        "offer présent": offered, "offer present": offered,
        "no_match_ref absent": unsought, "no_match_ref missing": unsought,
        "hors 07:30 à 19:30": outside("07:30", "19:30"),
        "outside 07:30 to 19:30": outside("07:30", "19:30"),
    ]

    private static let unsaid = LocalizedText(
        fr: "sans dire s’il est observé, importé ou déclaré",
        en: "not saying whether it was observed, imported or declared")
    private static let offered = LocalizedText(fr: "pour une offre", en: "for an offer")
    private static let unsought = LocalizedText(
        fr: "sans preuve qu’aucun inscrit ne convient",
        en: "without proof that no one registered fits")

    private static func outside(_ start: String, _ end: String) -> LocalizedText {
        LocalizedText(
            fr: "hors \(start) à \(end), fins de semaine et jours fériés compris",
            en: "outside \(start) to \(end), week-ends and public holidays included")
    }
}
