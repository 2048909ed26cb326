// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cedar
public import Cryptography
public import Diagnostics
import TransparencyLog

/// One entry in plain words: what was decided, what the policies say, and why.
public struct Explanation: Hashable, Sendable {
    /// How the policies in force answer.
    public enum Verdict: String, CaseIterable, Hashable, Sendable {
        /// A policy permits it, and none forbids it.
        case permitted
        /// A policy forbids it.
        case forbidden
        /// No policy permits it, and none forbids it.
        case notPermitted = "not_permitted"
        /// No policy speaks of such an event.
        case notJudged = "not_judged"
    }

    /// A policy that mattered, and what it saw.
    public struct PolicyPart: Hashable, Sendable {
        /// The policy's `@id`.
        public var policy: String
        /// Its title.
        public var title: LocalizedText
        /// Its legal basis.
        public var basis: String
        /// What its conditions saw; for a policy that did not apply, the first that did not hold.
        public var values: [Finding.DecidingValue]
    }

    /// A rule over time that speaks of the entry.
    public struct RulePart: Hashable, Sendable {
        /// The sheet, by its `id`.
        public var policy: String
        /// Its title.
        public var title: LocalizedText
        /// What it demands, in a sentence.
        public var sentence: LocalizedText
    }

    /// The entry.
    public var entry: Finding.EntryReference
    /// The type of the event.
    public var eventType: String
    /// When it occurred, in milliseconds since 1970.
    public var occurredAt: Int64
    /// The decision the entry records.
    public var recordedDecision: Finding.Effect?
    /// How the policies in force answer.
    public var verdict: Verdict
    /// The version in force.
    public var policyVersion: SHA256Digest?
    /// The policies that determined it; for one that nothing permits, the nearest permits.
    public var policies: [PolicyPart]
    /// The whole in words.
    public var text: LocalizedText
    /// For an access to a person: what explains it, and what does not.
    public var templates: [Finding.TemplateAttempt]
    /// The findings at this entry.
    public var findings: [Finding]
    /// The findings at other entries that this one is a witness of.
    public var related: [Finding] = []
    /// What rules over time leave open at this entry.
    public var open: [OpenMatter] = []
    /// The rules over time of all of these.
    public var rules: [RulePart] = []
}

extension EntryJudge {
    /// Explains one entry.
    mutating func explain(_ entry: borrowing VerifiedEntry) -> Explanation {
        judge(entry)
        let reference = Finding.EntryReference(
            index: entry.index, byteOffset: UInt64(entry.byteOffset), leafHash: entry.leafHash)
        let view = AsOf(Moment(time: entry.occurredAt, index: entry.index))
        var explanation = Explanation(
            entry: reference, eventType: entry.string(.type) ?? "", occurredAt: entry.occurredAt,
            recordedDecision: entry.string(.decisionEffect).flatMap {
                Finding.Effect(rawValue: $0)
            },
            verdict: .notJudged, policyVersion: setting.registry.policy(view)?.hash, policies: [],
            text: LocalizedText(
                fr: "Aucune politique ne parle de cet événement.",
                en: "No policy speaks of this event."),
            templates: [],
            findings: (found.findings + found.missing.values + found.failing.values).sorted()
                .map { $0.masked(unless: setting.namesActors) })
        guard found.doubts.isEmpty else {
            explanation.text = LocalizedText(
                fr:
                    "Ce qui permettrait de juger cette entrée a été purgé\u{202F}: nul ne peut plus le dire.",
                en: "What it would be judged by was purged: nobody can tell any more.")
            return explanation
        }
        guard let type = reader.type(of: entry), let judge = judge(for: type, view) else {
            return explanation
        }
        let request = request(of: entry, type, judge, view)
        let judgement = judge.judge(request)
        explanation.verdict =
            judgement.decision == .allow
            ? .permitted : judgement.policies.isEmpty ? .notPermitted : .forbidden
        let parts =
            judgement.decision == .deny && judgement.policies.isEmpty
            ? judge.explainPermits(request)
            : judge.explain(request).filter { judgement.policies.contains($0.policyID) }
        explanation.policies = parts.map { part($0, judge) }
        explanation.text = Self.text(explanation)
        if type.isJobSeekerAccess, entry.contains(.subjectPID) {
            explanation.templates =
                EntryDetail(entry, type: type, reader, delays: judge.folder.delays, view)
                .explainedAccess.attempts
        }
        return explanation
    }

    private func judge(for type: EventType, _ view: AsOf) -> Judge? {
        guard type.isAccess else {
            return type.isJudgedAct ? setting.judge(forActAt: view) : nil
        }
        return setting.registry.policy(view).flatMap { setting.judges[$0.hash] }
    }

    private func part(_ explained: PolicyExplanation, _ judge: Judge) -> Explanation.PolicyPart {
        let rule = judge.folder.rules[explained.policyID]
        var values: [Finding.DecidingValue] = []
        for seen in explained.clauses.flatMap(\.observations) {
            let value = Finding.DecidingValue(
                source: judge.shown(seen.text), value: seen.value?.written ?? "–")
            if !values.contains(value) { values.append(value) }
        }
        return Explanation.PolicyPart(
            policy: explained.policyID,
            title: rule?.title ?? LocalizedText(fr: explained.policyID, en: explained.policyID),
            basis: rule?.basis ?? "", values: values)
    }

    private static func text(_ explanation: Explanation) -> LocalizedText {
        let titles = explanation.policies
        let french = titles.map { "\($0.policy) «\u{A0}\($0.title.french)\u{A0}»" }
        let english = titles.map { "\($0.policy) “\($0.title.english)”" }
        let reasons = explanation.findings.map(\.explanation)
        func joined(_ parts: [String]) -> String { parts.joined(separator: ", ") }
        switch explanation.verdict {
        case .permitted:
            return LocalizedText(
                fr: "Permis par \(joined(french)).", en: "Permitted by \(joined(english)).")
        case .forbidden:
            return LocalizedText(
                fr: (["Interdit par \(joined(french))."] + reasons.map(\.french))
                    .joined(separator: " "),
                en: (["Forbidden by \(joined(english))."] + reasons.map(\.english))
                    .joined(separator: " "))
        case .notPermitted:
            return LocalizedText(
                fr:
                    "Aucune politique ne le permet, et aucune ne l’interdit. Les plus proches\u{202F}: \(joined(french)).",
                en: "No policy permits it, and none forbids it. The nearest: \(joined(english)).")
        case .notJudged: return explanation.text
        }
    }
}
