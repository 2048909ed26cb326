// SPDX-License-Identifier: Apache-2.0

import Auditing
public import Diagnostics
import Reporting

extension Case {
    /// The case on a page: what it is about, its findings, its steps.
    public func page(in language: Language) -> String {
        let colon = language == .french ? "\u{202F}:" : ":"
        func line(_ label: LocalizedText, _ value: String) -> String {
            "\(label[language])\(colon) \(VisibleText(value).text)\n"
        }
        var text = "\(id)\n\n"
        text += line(Label.severity.text, Label(severity).text[language])
        if isRaised {
            let reason = LocalizedText(
                fr: "un degré de plus, pour répétition", en: "one step more, for repetition")
            text += "  \(reason[language])\n"
        }
        text += line(LocalizedText(fr: "État", en: "State"), state.text[language])
        text += line(LocalizedText(fr: "Semaine", en: "Week"), key.week)
        text += line(LocalizedText(fr: "Famille", en: "Family"), family[language])
        let actor =
            key.region == nil
            ? key.actor ?? Label.nobody.text[language] : Label.masked.text[language]
        text += line(Label.actor.text, actor)
        text += "\n\(Label.findings.text[language]) (\(findings.count))\n"
        for finding in findings {
            let date = ShownInstant(finding.occurredAt).paris(in: language)
            text += "  \(finding.id)  \(date)  \(RegionName.shown(finding.region))\n"
            text += "      \(VisibleText(finding.title[language]).text)\n"
            text += "      \(VisibleText(finding.explanation[language]).text)\n"
        }
        text += "\n\(LocalizedText(fr: "Étapes", en: "Steps")[language])\n"
        if history.isEmpty {
            text += "  \(LocalizedText(fr: "aucune", en: "none")[language])\n"
        }
        for record in history {
            let date = ShownInstant(record.time).paris(in: language)
            let parts = [record.reviewer, record.code].compactMap { $0 }.map {
                VisibleText($0).text
            }
            let step = "\(record.step.text[language]) (\(record.step.rawValue))"
            text += "  \(record.index)  \(date)  \(step)"
            text += parts.isEmpty ? "\n" : "  \(parts.joined(separator: "  "))\n"
        }
        for fault in faults {
            let reason = LocalizedText(
                fr: "hors règle, sans effet", en: "against the rules, without effect")
            let step = "\(fault.step.text[language]) (\(fault.step.rawValue))"
            text += "  \(fault.index)  \(step)  – \(reason[language])\n"
        }
        return text + "\n"
    }
}
