// SPDX-License-Identifier: Apache-2.0

public import Auditing
public import Diagnostics

/// The precision of each rule, as a table for people.
public struct PrecisionTable: Sendable {
    private let precisions: [RulePrecision]
    private let language: Language

    /// Shows precisions in a language.
    public init(_ precisions: [RulePrecision], _ language: Language) {
        (self.precisions, self.language) = (precisions, language)
    }

    /// The titles of the columns.
    public var header: [String] {
        [
            Label.rule.text[language], LocalizedText(fr: "Confirmés", en: "Confirmed")[language],
            LocalizedText(fr: "Examinés", en: "Reviewed")[language],
            Label.findings.text[language],
            LocalizedText(fr: "Précision", en: "Precision")[language],
        ]
    }

    /// The cells of each rule.
    public var rows: [[String]] {
        precisions.map { precision in
            [
                precision.rule, String(precision.confirmed), String(precision.reviewed),
                String(precision.all), percentage(precision),
            ]
        }
    }

    /// The table as lines of text.
    public var text: String { TextTable.rendered([header] + rows) }

    private func percentage(_ precision: RulePrecision) -> String {
        guard let percent = precision.percent else { return "–" }
        return language == .french ? "\(percent)\u{202F}%" : "\(percent)%"
    }
}

extension JSONNode {
    /// The precision of a rule.
    public init(_ precision: RulePrecision) {
        self = .object([
            ("rule", .string(precision.rule)),
            ("confirmed", .integer(Int64(precision.confirmed))),
            ("reviewed", .integer(Int64(precision.reviewed))),
            ("findings", .integer(Int64(precision.all))),
        ])
    }
}
