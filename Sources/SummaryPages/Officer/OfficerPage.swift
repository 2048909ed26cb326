// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Auditing
public import Diagnostics
public import Disclosure
import Reporting

/// The officer's report of a saved run: the check list, the cases, the days.
public struct OfficerPage: Sendable {
    let run: RunRecord
    let rules: Set<String>
    let sources: SourceDays?
    let language: Language

    /// Makes the report.
    ///
    /// - Parameters:
    ///   - run: The saved run.
    ///   - rules: The rules that the policy set has.
    ///   - sources: On which days each source told anything, if the log was at hand.
    ///   - language: The language of the page.
    public init(
        _ run: RunRecord, rules: Set<String>, sources: SourceDays? = nil, _ language: Language
    ) {
        (self.run, self.rules, self.sources, self.language) = (run, rules, sources, language)
    }

    func pair(_ french: String, _ english: String) -> LocalizedText {
        LocalizedText(fr: french, en: english)
    }

    private var title: LocalizedText {
        pair("Rapport du délégué à la protection des données", "Report of the DPO")
    }

    /// The page: one file that loads nothing and runs nothing.
    public var html: String {
        let sections = [identity, checklist, cases, precision, waivers, strips]
        let body = Markup.join(
            [Chart.patterns, Markup("h1", [], Markup(title[language]))] + sections)
        let policy =
            "default-src 'none'; style-src \(HTMLText.policyHash(PageStyle.text)); "
            + "base-uri 'none'; form-action 'none'"
        return """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(Markup(title[language]).text)</title>
            <style>\(PageStyle.text)</style>
            </head>
            <body>
            <main>\(body.text)</main>
            </body>
            </html>

            """
    }

    /// The check list as text, one line a line.
    public var text: String {
        OfficerLine.all.enumerated().map { place, line in
            let proof = line.rules.isEmpty ? "" : " [\(line.rules.joined(separator: ", "))]"
            return "\(place + 1). \(line.title[language])\(proof) – \(words(line))\n"
        }.joined()
    }

    /// How many lines something was found against.
    public var brokenCount: Int {
        OfficerLine.all.count {
            if case .broken = $0.state(run, known: rules) { true } else { false }
        }
    }

    func section(_ id: String, _ title: LocalizedText, _ content: [Markup]) -> Markup {
        Markup(
            "section", [("aria-labelledby", id)],
            [Markup("h2", [("id", id)], Markup(title[language]))] + content)
    }

    func table(
        _ caption: String, _ head: [LocalizedText], _ rows: [[String]]
    ) -> Markup {
        let columns = head.map { Markup("th", [("scope", "col")], Markup($0[language])) }
        let lines = rows.map { row in
            Markup("tr", [], row.map { Markup("td", [], Markup($0)) })
        }
        return Markup(
            "div",
            [
                ("class", "scroll"), ("tabindex", "0"), ("role", "region"),
                ("aria-label", pair("Tableau\u{202F}: ", "Table: ")[language] + caption),
            ],
            Markup(
                "table", [], Markup("caption", [], Markup(caption)),
                Markup("thead", [], Markup("tr", [], columns)), Markup("tbody", [], lines)))
    }

    private func words(_ line: OfficerLine) -> String {
        switch line.state(run, known: rules) {
        case .kept: pair("conforme", "kept")[language]
        case .broken(let count, let covered):
            pair(
                "constats\u{202F}: \(count), dont couverts par dérogation\u{202F}: \(covered)",
                "findings: \(count), covered by a waiver: \(covered)")[language]
        case .notControlled:
            pair("non contrôlé par ce jeu de règles", "not controlled by this rule set")[language]
        case .onPaper: pair("à vérifier sur pièces", "to be checked on paper")[language]
        case .notProved:
            pair("non établi\u{202F}: audit incomplet", "not proved: audit incomplete")[language]
        }
    }
}

// MARK: - Sections

extension OfficerPage {
    private var identity: Markup {
        let yes = pair("oui", "yes")[language]
        let no = pair("NON", "NO")[language]
        let facts: [(LocalizedText, String)] = [
            (pair("Journal", "Log"), run.origin),
            (pair("Entrées", "Entries"), Sentence.count(run.treeSize, language)),
            (pair("Période", "Period"), period),
            (pair("Empreinte de tête", "Hash of the head"), run.rootHash),
            (pair("Intègre", "Intact"), run.isIntact ? yes : no),
            (pair("Audit complet", "Audit complete"), run.isComplete ? yes : no),
            (pair("Version de la politique", "Policy version"), run.policyVersion),
            (pair("Constats", "Findings"), Sentence.count(UInt64(run.findings.count), language)),
            (
                pair("Dérogations au journal", "Waivers in the log"),
                Sentence.count(UInt64(run.waivers.count), language)
            ),
        ]
        return section(
            "identity", pair("Carte d’identité", "Identity card"),
            [
                Markup(
                    "dl", [],
                    facts.flatMap {
                        [Markup("dt", [], Markup($0.0[language])), Markup("dd", [], Markup($0.1))]
                    })
            ])
    }

    private var period: String {
        guard let first = run.first, let last = run.last else { return "–" }
        let ends = [first, last].map { ShownInstant($0).date(in: language) }
        return pair("du \(ends[0]) au \(ends[1])", "\(ends[0]) to \(ends[1])")[language]
    }

    private var checklist: Markup {
        let head = [
            pair("N°", "No."), pair("Point de contrôle", "Point"), pair("Règles", "Rules"),
            pair("État", "State"),
        ]
        let tables = OfficerLine.Group.allCases.map { group in
            table(
                group.title[language], head,
                OfficerLine.all.enumerated().filter { $0.element.group == group }.map {
                    [
                        "\($0.offset + 1)", $0.element.title[language],
                        $0.element.rules.isEmpty
                            ? "–" : $0.element.rules.joined(separator: ", "), words($0.element),
                    ]
                })
        }
        return section("list", pair("Liste de vérification", "Check list"), tables)
    }

    private var cases: Markup {
        let found = OfficerCase.cases(run.findings)
        let title = pair("Dossiers", "Cases")
        let note = pair(
            "Un dossier réunit les constats d’un même agent, d’une même semaine et d’une même "
                + "famille. Il ne dit pas de qui il s’agit\u{202F}: la levée d’un pseudonyme demande "
                + "deux personnes.",
            "A case joins the findings of one actor, one week and one family. It does not say "
                + "whom it is about: re-identification takes two people.")
        let rows = found.prefix(500).enumerated().map { place, item in
            [
                "\(place + 1)", item.shownWeek[language], item.family.title[language],
                severity(item.rank), rules(of: item),
                item.findings.prefix(12).map { Sentence.count($0.index, language) }
                    .joined(separator: ", ") + (item.findings.count > 12 ? " …" : ""),
            ]
        }
        let more =
            found.count > 500
            ? pair(" (500 sur \(found.count))", " (500 of \(found.count))")[language] : ""
        return section(
            "cases", title,
            [
                Markup("p", [], Markup(note[language])),
                table(
                    title[language] + more,
                    [
                        pair("N°", "No."), pair("Semaine", "Week"), pair("Famille", "Family"),
                        pair("Gravité", "Severity"), pair("Règles", "Rules"),
                        pair("Entrées", "Entries"),
                    ], Array(rows)),
            ])
    }

    /// The rules of a case, each with its title.
    private func rules(of item: OfficerCase) -> String {
        let titles = Dictionary(item.findings.map { ($0.rule, $0.titles) }) { first, _ in first }
        return titles.sorted { $0.key < $1.key }.map { rule, title in
            "\(rule) \(language == .french ? title.french : title.english)"
        }.joined(separator: language == .french ? "\u{202F}; " : "; ")
    }

    private var precision: Markup {
        let title = pair(
            "Précision des règles, d’après les dossiers tranchés",
            "Precision of the rules, by the cases that were decided")
        let note = pair(
            "Part des constats examinés qui ont été confirmés, règle par règle. Une précision basse "
                + "demande de revoir la règle, et ne dit rien de personne.",
            "The share of reviewed findings that were confirmed, rule by rule. Where it is low, the "
                + "rule is to be looked at again; it says nothing of anybody.")
        guard !run.precisions.isEmpty else {
            let none = pair(
                "Aucun dossier n’est encore tranché.", "No case has been decided yet.")
            return section("precision", title, [Markup("p", [], Markup(none[language]))])
        }
        let cells = PrecisionTable(run.precisions, language)
        let head = cells.header.map { LocalizedText(fr: $0, en: $0) }
        return section(
            "precision", title,
            [
                Markup("p", [], Markup(note[language])), table(title[language], head, cells.rows),
            ])
    }

    private func severity(_ rank: Int) -> String {
        [
            pair("faible", "low"), pair("moyenne", "medium"), pair("élevée", "high"),
            pair("critique", "critical"),
        ][rank][language]
    }
}
