// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A rule over time as a file of a policy set holds it: its titles, its sentence in both
/// languages, and the example logs that say what it means.
///
///     id: R24
///     title_fr: Désactivation tardive
///     title_en: Late deactivation
///     severity: high
///     basis: RGPD 32
///     sentence_fr: >-
///       après adviser.withdraw(actor: a), licence.revoke(to: a) sous $hours h
///     sentence_en: >-
///       after adviser.withdraw(actor: a), licence.revoke(to: a) within $hours h
///     examples:
///       - name: revoked the next morning
///         log: |
///           2026-03-02 09:00:00 adviser.withdraw actor=a1
///           2026-03-03 08:00:00 licence.revoke to=a1
///       - name: never revoked
///         log: |
///           2026-03-02 09:00:00 adviser.withdraw actor=a1
///         until: 2026-03-04 00:00:00
///         violated: [0]
///
/// What no sentence says has an `evaluator` with its `parts` and `values`; its sentences are then
/// for people alone:
///
///     evaluator: propagation
///     parts:
///       given: "profile.share(subject: p, recipient: r, outcome = done)"
///       withdrawn: "agreement.withdraw(subject: p)"
///       deleted: "recipient.delete(subject: p, recipient: r)"
///     values:
///       hours: $recipient_hours
///
/// A rule that is a formula names its file, beside which the sentences are for people too:
///
///     formula: R99.mfotl
///
/// Both sentences must say the same. Times are those of Paris; with a final `Z`, of UTC. The
/// lines of an example are its entries, numbered from 0; those that are not named are neither
/// violated nor pending.
public struct RuleSheet: Sendable {
    /// The severities of findings.
    public static let severities = ["low", "medium", "high", "critical"]

    /// The rule.
    public let rule: TemporalRule
    /// The title.
    public let title: LocalizedText
    /// The legal basis.
    public let basis: String
    /// How much a finding matters: one of ``severities``.
    public let severity: String
    /// The sentence, as it is written.
    public let sentence: LocalizedText
    /// The variables of the key, in the order in which verdicts give their values.
    public let variables: [String]
    /// The example logs.
    public let examples: [RuleExample]

    /// The file of the formula, in the folder of the sheet, where the rule is one; its pattern then
    /// holds of nothing.
    public let formulaFile: String?

    /// Where the rule comes from, as the policy set says it of every rule; empty if it does not.
    public let provenance: String

    private static let keys = [
        "id", "title_fr", "title_en", "severity", "basis", "provenance", "sentence_fr",
        "sentence_en", "evaluator", "parts", "values", "formula", "examples",
    ]

    /// Reads the sheet of a file.
    ///
    /// - Throws: ``RuleSheetErrors`` with every fault found.
    public init(
        yaml bytes: [UInt8], file: String, setting: RuleSentence.Setting
    ) throws(RuleSheetErrors) {
        var reader = RuleSheetReader(file: file)
        guard let root = reader.compose(bytes) else {
            throw RuleSheetErrors(diagnostics: reader.faults)
        }
        let fields = reader.mapping(root, keys: Self.keys)
        func text(_ key: String) -> String { reader.text(fields, key, in: root) }
        let id = text("id")
        title = LocalizedText(fr: text("title_fr"), en: text("title_en"))
        basis = text("basis")
        severity = text("severity")
        if !severity.isEmpty, !Self.severities.contains(severity) {
            reader.fault(.wrongValue, severity, fields["severity"] ?? root)
        }
        sentence = LocalizedText(fr: text("sentence_fr"), en: text("sentence_en"))
        provenance = fields["provenance"] == nil ? "" : text("provenance")
        examples = reader.examples(fields["examples"], setting)
        let said: (pattern: RulePattern, variables: [String])?
        formulaFile = fields["formula"] == nil ? nil : text("formula")
        if formulaFile != nil {
            for key in ["evaluator", "parts", "values"] {
                if let node = fields[key] { reader.fault(.unknownKey, key, node) }
            }
            said = (.never([]), [])
        } else if fields["evaluator"] == nil {
            said = reader.sentences(fields, id, in: root, setting)
        } else {
            said = reader.named(fields, in: root, setting).map { (.named($0), []) }
        }
        guard let said, reader.faults.isEmpty else {
            throw RuleSheetErrors(diagnostics: reader.faults)
        }
        rule = TemporalRule(id: id, said.pattern)
        variables = said.variables
    }
}
