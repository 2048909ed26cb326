// SPDX-License-Identifier: Apache-2.0

public import Auditing
public import Diagnostics
public import Reporting

extension PolicyDifference {
    /// The difference as a table: totals, then a line for each policy, region and month.
    public func table(in language: Language) -> String {
        let examined = Sentence.count(examinedCount, language)
        var text = LocalizedText(
            fr: "Décisions rejouées\u{202F}: \(examined)\n", en: "Decisions replayed: \(examined)\n"
        )[
            language]
        if skippedCount > 0 {
            let skipped = Sentence.count(skippedCount, language)
            text +=
                LocalizedText(
                    fr: "Non jugeables (champ absent, type inconnu)\u{202F}: \(skipped)\n",
                    en: "Not to be judged (field missing, unknown type): \(skipped)\n")[language]
        }
        for change in Change.allCases {
            let count = Sentence.count(changedCounts[change] ?? 0, language)
            text += "\(change.text[language])\(language == .french ? "\u{202F}:" : ":") \(count)\n"
        }
        guard !rows.isEmpty else { return text }
        let header = [
            LocalizedText(fr: "Changement", en: "Change")[language],
            LocalizedText(fr: "Politique", en: "Policy")[language], Label.region.text[language],
            LocalizedText(fr: "Mois", en: "Month")[language],
            LocalizedText(fr: "Décisions", en: "Decisions")[language],
            LocalizedText(fr: "Exemples (entrées)", en: "Examples (entries)")[language],
        ]
        let lines =
            [header]
            + rows.map { row in
                [
                    row.change.text[language], VisibleText(row.policy).text,
                    RegionName.shown(row.region), row.month,
                    Sentence.count(UInt64(row.count), language),
                    row.examples.map { String($0) }.joined(separator: ", "),
                ]
            }
        return text + "\n" + TextTable.rendered(lines)
    }

    /// The difference as JSON.
    public func json(exitCode: Int) -> JSONNode {
        let counts = Change.allCases.map { change in
            (change.rawValue, JSONNode.integer(Int64(clamping: changedCounts[change] ?? 0)))
        }
        let lines = rows.map { row -> JSONNode in
            .object([
                ("change", .string(row.change.rawValue)), ("policy", .string(row.policy)),
                ("region", row.region.map { .string($0) } ?? .null),
                ("month", .string(row.month)), ("count", .integer(Int64(row.count))),
                ("examples", .array(row.examples.map { .integer(Int64(clamping: $0)) })),
            ])
        }
        return .object([
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(exitCode))),
            ("complete", .boolean(examinedCount > 0)),
            ("examined", .integer(Int64(clamping: examinedCount))),
            ("skipped", .integer(Int64(clamping: skippedCount))), ("changes", .object(counts)),
            ("rows", .array(lines)),
        ])
    }
}

extension PolicyDifference.Change {
    /// The change in words.
    public var text: LocalizedText {
        switch self {
        case .becomesDenied: LocalizedText(fr: "serait refusé", en: "would be denied")
        case .becomesAllowed: LocalizedText(fr: "serait permis", en: "would be permitted")
        case .otherReason:
            LocalizedText(fr: "refusé pour d’autres motifs", en: "denied for other reasons")
        }
    }
}
