// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Diagnostics
import Reporting

/// The rules of a policy set as a page for people: what each asks, on what basis, and the values
/// that can be argued about.
struct RuleBook {
    let set: PolicySetFolder
    let language: Language

    private func words(_ french: String, _ english: String) -> String {
        HTMLText.escaped(LocalizedText(fr: french, en: english)[language])
    }

    /// The page.
    var html: String {
        let rules = set.rules.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let parameters = set.parameters.sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        return HTMLText.document(
            title: set.title[language], language: language,
            body: """
                <main>
                <h1>\(HTMLText.escaped(set.title[language]))</h1>
                <p>\(words("Version", "Version")) \(HTMLText.escaped(set.label)) – \
                \(set.version.hex)</p>
                <h2>\(words("Règles", "Rules"))</h2>
                \(rules.map { article($0.key, $0.value) }.joined())
                <h2>\(words("Valeurs", "Values"))</h2>
                \(table(parameters))
                </main>
                """)
    }

    private func article(_ id: String, _ rule: PolicySetFolder.Rule) -> String {
        let sentence = set.overTime.sentence(of: id).map { text in
            "<p>\(HTMLText.escaped(filled(text[language])))</p>\n"
        }
        return """
            <article id="\(HTMLText.escaped(id))" class="\(rule.severity.rawValue)">
            <h3>\(HTMLText.escaped("\(id) – \(rule.title[language])"))</h3>
            \(sentence ?? "")<dl>
            <dt>\(words("Gravité", "Severity"))</dt>\
            <dd>\(HTMLText.escaped(Label(rule.severity).text[language]))</dd>
            <dt>\(words("Fondement", "Legal basis"))</dt><dd>\(HTMLText.escaped(rule.basis))</dd>
            <dt>\(words("Origine", "Origin"))</dt><dd>\(origin(rule.provenance))</dd>
            </dl>
            </article>

            """
    }

    private func origin(_ provenance: Finding.Provenance) -> String {
        switch provenance {
        case .press: words("presse", "press")
        case .law: words("loi ou règlement", "law or regulation")
        case .cnil: words("CNIL", "CNIL")
        case .contract: words("contrat", "contract")
        case .cse: words("document du CSE", "document of the works council")
        case .assumption: words("hypothèse, à confirmer", "assumption, to be confirmed")
        }
    }

    /// A sentence with its parameters' values in place of their names.
    private func filled(_ sentence: String) -> String {
        var text = ""
        for (place, part) in sentence.split(separator: "$", omittingEmptySubsequences: false)
            .enumerated()
        {
            guard place > 0 else {
                text += part
                continue
            }
            let name = part.prefix { $0 == "_" || $0.isLetter || $0.isNumber }
            text += set.parameters[String(name)].map(value) ?? "$\(name)"
            text += part.dropFirst(name.count)
        }
        return text
    }

    private func value(_ parameter: PolicySetFolder.Parameter) -> String {
        parameter.number.map(String.init) ?? parameter.codes.joined(separator: ", ")
    }

    private func table(_ parameters: [(key: String, value: PolicySetFolder.Parameter)]) -> String {
        let rows = parameters.map { name, parameter in
            """
            <tr><td>\(HTMLText.escaped(name))</td><td>\(HTMLText.escaped(value(parameter)))</td>\
            <td>\(origin(parameter.provenance))</td>\
            <td>\(HTMLText.escaped(parameter.basis))</td></tr>

            """
        }
        let heads = [
            words("Nom", "Name"), words("Valeur", "Value"), words("Origine", "Origin"),
            words("Raison", "Reason"),
        ]
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(words("Valeurs", "Values"))">
            <table>
            <caption>\(words("Valeurs", "Values"))</caption>
            <thead><tr>\(heads.map { "<th scope=\"col\">\($0)</th>" }.joined())</tr></thead>
            <tbody>
            \(rows.joined())</tbody>
            </table>
            </div>
            """
    }
}
