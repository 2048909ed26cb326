// SPDX-License-Identifier: Apache-2.0

public import Auditing
import Cryptography
public import Diagnostics

/// One entry in plain words, as `vigie explain` prints it.
public struct ExplanationPage: Sendable {
    let explanation: Explanation

    /// Makes the page of an explanation.
    public init(_ explanation: Explanation) { self.explanation = explanation }

    /// The last line: what the policies say, in one sentence.
    public var verdict: LocalizedText {
        let answer: Label =
            switch explanation.verdict {
            case .permitted: .permitted
            case .forbidden: .forbidden
            case .notPermitted: .notPermitted
            case .notJudged: .notJudged
            }
        return LocalizedText(
            fr: "Verdict\u{202F}: \(answer.text.french)\u{202F}; "
                + "\(Sentence.tally(tally).french).",
            en: "Verdict: \(answer.text.english); \(Sentence.tally(tally).english).")
    }

    private var tally: [(severity: Finding.Severity, count: Int)] {
        Finding.Severity.allCases.reversed().map { severity in
            (severity, explanation.findings.count { $0.severity == severity })
        }
    }

    /// The page as text, without its last line.
    public func text(in language: Language, width: Int) -> String {
        let colon = language == .french ? "\u{202F}:" : ":"
        func line(_ label: Label, _ value: String) -> String {
            block("\(label.text[language])\(colon) \(VisibleText(value).text)", 0, width)
        }
        let instant = ShownInstant(explanation.occurredAt)
        var text = line(.entry, "\(explanation.entry.index) – \(explanation.eventType)")
        text += line(.date, "\(instant.paris(in: language)) (\(instant.utc))")
        if let decision = explanation.recordedDecision {
            text += line(.recorded, Label(decision).text[language])
        }
        if let version = explanation.policyVersion {
            text += line(.policyVersion, "\(version.hex.prefix(16))…")
        }
        text += "\n" + block(VisibleText(explanation.text[language]).text, 0, width)
        if !explanation.policies.isEmpty {
            text += "\n" + "\(Label.policies.text[language])\(colon)\n"
        }
        for part in explanation.policies {
            text += block("\(part.policy) – \(part.title[language]) (\(part.basis))", 2, width)
            for value in part.values {
                text += block("\(value.source) → \(value.value)", 6, width)
            }
        }
        text += templates(in: language, width)
        for finding in explanation.findings { text += page(finding, in: language, width) }
        for finding in explanation.related {
            text += "\n\(Label.witnessOf.text[language])\(colon)\n"
            text += page(finding, in: language, width)
        }
        let open = OpenMatters(matters: explanation.open, language: language)
        for matter in explanation.open {
            text += "\n" + block(open.line(matter), 0, width)
            text += rules([matter.policy], in: language, width)
        }
        return text + "\n"
    }

    private func page(_ finding: Finding, in language: Language, _ width: Int) -> String {
        let colon = language == .french ? "\u{202F}:" : ":"
        let details = FindingDetails(finding: finding, language: language)
        let severity = Label(finding.severity).text[language]
        var text =
            "\n" + block("\(finding.rule) (\(severity)) – \(finding.title[language])", 0, width)
        text += block(details.explanation, 2, width)
        text += rules(finding.policies, in: language, width)
        for fact in details.facts {
            text += block("\(fact.label)\(colon) \(fact.value)", 2, width)
        }
        return text
    }

    /// What the rules over time among some policies demand.
    private func rules(
        _ policies: [String], in language: Language, _ width: Int
    ) -> String {
        let colon = language == .french ? "\u{202F}:" : ":"
        return explanation.rules.filter { policies.contains($0.policy) }.map { rule in
            let label = "\(Label.ruleSays.text[language]) \(rule.policy)\(colon)"
            return block("\(label) \(rule.sentence[language])", 2, width)
        }.joined()
    }

    private func templates(in language: Language, _ width: Int) -> String {
        guard !explanation.templates.isEmpty else { return "" }
        let colon = language == .french ? "\u{202F}:" : ":"
        var text = "\n\(Label.templates.text[language])\(colon)\n"
        for attempt in explanation.templates {
            let answer = Label(holds: attempt.holds).text[language]
            text += block(
                "\(attempt.template)\(colon) \(answer) – \(attempt.reason[language])", 2, width)
        }
        return text
    }

    private func block(_ text: String, _ indent: Int, _ width: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        return WrappedText.lines(VisibleText(text).text, width: max(20, width - indent))
            .map { margin + $0 + "\n" }.joined()
    }

    /// The page as JSON.
    public func json(exitCode: Int) -> String {
        let policies = explanation.policies.map { part -> JSONNode in
            .object([
                ("policy", .string(part.policy)), ("title", JSONNode(part.title)),
                ("basis", .string(part.basis)), ("values", JSONNode(part.values)),
            ])
        }
        let rules = explanation.rules.map { rule -> JSONNode in
            .object([
                ("policy", .string(rule.policy)), ("title", JSONNode(rule.title)),
                ("sentence", JSONNode(rule.sentence)),
            ])
        }
        return JSONNode.object([
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(exitCode))),
            ("complete", .boolean(true)),
            ("verdict", JSONNode(verdict)),
            ("entry_index", .integer(Int64(clamping: explanation.entry.index))),
            ("byte_offset", .integer(Int64(clamping: explanation.entry.byteOffset))),
            ("leaf_hash", .string(explanation.entry.leafHash.hex)),
            ("event_type", .string(explanation.eventType)),
            ("occurred_at", .string(ShownInstant(explanation.occurredAt).utc)),
            ("recorded_decision", JSONNode(explanation.recordedDecision?.rawValue)),
            ("answer", .string(explanation.verdict.rawValue)),
            ("policy_version", JSONNode(explanation.policyVersion?.hex)),
            ("policies", .array(policies)), ("text", JSONNode(explanation.text)),
            ("templates", JSONNode(explanation.templates)),
            ("findings", .array(explanation.findings.map { JSONNode($0) })),
            ("related", .array(explanation.related.map { JSONNode($0) })),
            ("open", .array(explanation.open.map { JSONNode($0) })),
            ("rules", .array(rules)),
        ]).rendered()
    }
}
