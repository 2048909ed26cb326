// SPDX-License-Identifier: Apache-2.0

import Auditing
public import Diagnostics
public import Reporting

extension CaseRegister {
    /// The cases as a table, then the precision of each rule.
    ///
    /// - Parameters:
    ///   - states: The states to be shown.
    ///   - language: The language.
    /// - Returns: Lines of text.
    public func table(_ states: Set<CaseState>, in language: Language) -> String {
        let header = [
            LocalizedText(fr: "Dossier", en: "Case")[language], Label.severity.text[language],
            LocalizedText(fr: "Semaine", en: "Week")[language], Label.region.text[language],
            LocalizedText(fr: "Constats", en: "Findings")[language],
            LocalizedText(fr: "État", en: "State")[language],
            LocalizedText(fr: "Famille (règles)", en: "Family (rules)")[language],
        ]
        let lines = cases.filter { states.contains($0.state) }.map { item in
            [
                item.id, Label(item.severity).text[language] + (item.isRaised ? " ↑" : ""),
                item.key.week, RegionName.shown(item.findings.first?.region),
                String(item.findings.count), stateText(item, language),
                "\(item.family[language]) (\(item.rules.joined(separator: ", ")))",
            ]
        }
        let faults = cases.flatMap(\.faults).map { fault in
            LocalizedText(
                fr: """
                    Étape hors règle, sans effet\u{202F}: entrée \(fault.index), \
                    \(fault.step.rawValue), dossier \(VisibleText(fault.caseID).text)
                    """,
                en: """
                    Step against the rules, without effect: entry \(fault.index), \
                    \(fault.step.rawValue), case \(VisibleText(fault.caseID).text)
                    """)[language] + "\n"
        }
        return TextTable.rendered([header] + lines) + faults.joined() + "\n"
            + PrecisionTable(precisions, language).text
    }

    private func stateText(_ item: Case, _ language: Language) -> String {
        let text = item.state.text[language]
        guard item.hasNewFindings else { return text }
        return text
            + LocalizedText(fr: ", puis de nouveaux constats", en: ", then new findings")[
                language]
    }

    /// The cases and the precisions as JSON.
    public func json(_ states: Set<CaseState>) -> JSONNode {
        .object([
            ("schema_version", .integer(1)), ("exit_code", .integer(0)),
            ("complete", .boolean(true)),
            ("cases", .array(cases.filter { states.contains($0.state) }.map { JSONNode($0) })),
            ("rules", .array(precisions.map { JSONNode($0) })),
        ])
    }
}

extension JSONNode {
    /// A case, with its findings by identifier and its steps.
    public init(_ item: Case) {
        self = .object([
            ("id", .string(item.id)), ("state", .string(item.state.rawValue)),
            ("severity", .string(item.severity.rawValue)), ("raised", .boolean(item.isRaised)),
            ("week", .string(item.key.week)),
            (
                "family",
                .object([
                    ("fr", .string(item.family.french)), ("en", .string(item.family.english)),
                ])
            ),
            ("actor", item.key.actor.map { .string($0) } ?? .null),
            ("new_findings", .boolean(item.hasNewFindings)),
            ("findings", .array(item.findings.map { .string($0.id) })),
            ("steps", .array(item.history.map { JSONNode($0) })),
            ("faults", .array(item.faults.map { JSONNode($0) })),
        ])
    }

    private init(_ record: CaseRecord) {
        self = .object([
            ("step", .string(record.step.rawValue)),
            ("entry_index", .integer(Int64(clamping: record.index))),
            ("occurred_at", .string(ShownInstant(record.time).utc)),
            ("reviewer", record.reviewer.map { .string($0) } ?? .null),
            ("code", record.code.map { .string($0) } ?? .null),
        ])
    }
}
