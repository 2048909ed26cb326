// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import Disclosure
import Reporting
import TransparencyLog

extension SummaryPage {
    func date(_ time: Int64) -> String { ShownInstant(time).date(in: language) }

    var none: Markup {
        paragraph(
            pair(
                "Le journal ne contient rien à ce sujet pour la période.",
                "The log holds nothing on this for the period."))
    }

    var indicators: Markup {
        let all = IndicatorSheet.sheets(document.chronicle, until: document.period)
        guard !all.isEmpty else { return section(8, [none]) }
        let (found, undefined) = (
            all.filter { $0.registered != .never }, all.filter { $0.registered == .never }
        )
        var content: [Markup] = []
        if !undefined.isEmpty {
            content.append(
                facts([
                    (
                        pair(
                            "Définition jamais enregistrée, mesures non montrées",
                            "Definition never registered, measures not shown"),
                        undefined.map(\.name).joined(separator: ", ")
                    )
                ]))
        }
        for sheet in found {
            let name = SummaryWords.indicators[sheet.name]?.name[language] ?? sheet.name
            content.append(Markup("h3", [], Markup(name)))
            if let definition = SummaryWords.indicators[sheet.name]?.definition {
                content.append(paragraph(definition))
            }
            content.append(
                facts([
                    (pair("Définition enregistrée", "Definition registered"), registration(sheet)),
                    (pair("Méthode", "Method"), sheet.method.isEmpty ? "–" : sheet.method),
                ]))
            let title = pair("Valeurs et intervalles", "Values and intervals")
            let rows = sheet.values.map {
                ("\(date($0.time)) \(group($0.group))", $0.low, $0.value, $0.high)
            }
            let caption = "\(name) – \(title[language])"
            content.append(figure(caption, Chart.intervals(caption, language, rows: rows)))
            content.append(
                list(
                    pair(caption, caption),
                    [
                        pair("Date", "Date"), pair("Valeur", "Value"),
                        pair("Intervalle", "Interval"), pair("Effectif", "Sample"),
                        pair("Groupe", "Group"),
                    ],
                    sheet.values.map {
                        [
                            date($0.time), percent($0.value),
                            pair(
                                "de \(percent($0.low)) à \(percent($0.high))",
                                "\(percent($0.low)) to \(percent($0.high))")[language],
                            number($0.count), group($0.group),
                        ]
                    }))
        }
        return section(8, content)
    }

    /// The pilot, or what it is compared with.
    private func group(_ code: String) -> String { SummaryWords.groups[code]?[language] ?? code }

    private func place(_ index: UInt64) -> String { number(Int64(clamping: index)) }

    private func registration(_ sheet: IndicatorSheet) -> String {
        switch sheet.registered {
        case .before(let time, let index):
            pair(
                "le \(date(time)), entrée \(place(index)), avant toute mesure",
                "on \(date(time)), entry \(place(index)), before any measure")[language]
        case .after(let time, let index):
            pair(
                "NON\u{202F}: enregistrée le \(date(time)), entrée \(place(index)), après une mesure",
                "NO: registered on \(date(time)), entry \(place(index)), after a measure")[language]
        case .never:
            pair("NON\u{202F}: jamais enregistrée", "NO: never registered")[language]
        }
    }

    /// Ten-thousandths as a percentage with two decimals.
    func percent(_ value: Int64) -> String { Percent.text(hundredths: value, language) }

    var observations: Markup {
        let items = document.chronicle.items(
            ["cse.observation", "cse.answer"],
            in: Int64.min..<document.period.milliseconds.upperBound)
        let asked = items.filter { $0.type == "cse.observation" }
        guard !asked.isEmpty else { return section(9, [none]) }
        let rows = asked.prefix(200).map { item -> [String] in
            let reference = item.values["observation_ref"] ?? ""
            let answer = items.first {
                $0.type == "cse.answer" && $0.values["observation_ref"] == reference
            }
            let due = item.values["due_at"].flatMap { Timestamp.parse($0) }
            return [
                reference, item.values["body"].map { CodeName.body($0)[language] } ?? "–",
                date(item.time), due.map { date($0) } ?? "–",
                answer.map { date($0.time) } ?? "–",
                state(of: answer?.time, due: due)[language],
            ]
        }
        return section(
            9,
            [
                list(
                    pair("Observations et suites", "Observations and answers"),
                    [
                        pair("Observation", "Observation"), pair("Instance", "Body"),
                        pair("Reçue le", "Received"), pair("À répondre avant le", "Due"),
                        pair("Répondue le", "Answered"), pair("État", "State"),
                    ], Array(rows))
            ])
    }

    /// Whether an observation was answered in time, as far as the period tells.
    private func state(of answer: Int64?, due: Int64?) -> LocalizedText {
        let end = document.period.milliseconds.upperBound
        let isLate = due.map { (answer ?? end) > $0 } ?? false
        guard answer != nil else {
            return isLate
                ? pair("en attente, échéance passée", "open, overdue") : pair("en attente", "open")
        }
        return isLate
            ? pair("répondue en retard", "answered late")
            : pair("répondue dans le délai", "answered in time")
    }

    var limits: Markup {
        section(
            10,
            [Markup("ul", [], SummaryWords.notShown.map { Markup("li", [], text($0)) })])
    }

    var annex: Markup {
        let thresholds = list(
            pair("Seuils appliqués, avec leur provenance", "Thresholds applied, with provenance"),
            [
                pair("Paramètre", "Parameter"), pair("Valeur", "Value"),
                pair("Provenance", "Provenance"), pair("Fondement", "Basis"),
            ],
            document.parameters.map { parameter in
                let title = SummaryWords.parameters[parameter.name]
                let origin = SummaryWords.provenances[parameter.provenance]
                return [
                    title?[language] ?? parameter.name, String(parameter.value),
                    origin?[language] ?? parameter.provenance, parameter.basis,
                ]
            })
        let verify = pair(
            "Pour vérifier ce fichier sur votre propre machine, avec la clé qui vous a été remise en "
                + "main propre\u{202F}:",
            "To verify this file on your own machine, with the key that was handed to you in person:"
        )
        let late = pair(
            "Événements arrivés trop tard pour une période close et comptés dans une suivante\u{202F}: "
                + "\(number(document.lateCount)).",
            "Events that came too late for a closed period and count in a later one: "
                + "\(number(document.lateCount)).")
        return Markup(
            "section", [("aria-labelledby", "annex")],
            [
                Markup("h2", [("id", "annex")], text(SummaryWords.annex)),
                facts(SummaryWords.definitions.map { ($0.0, $0.1[language]) }), thresholds,
                paragraph(late), paragraph(verify),
                Markup(
                    "p", [("class", "hash")],
                    text(
                        pair(
                            "vigie summary verify FICHIER --key CLÉ",
                            "vigie summary verify FILE --key KEY"))),
            ])
    }
}
