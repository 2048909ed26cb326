// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cedar
import Cryptography
import Diagnostics
import TransparencyLog

extension EntryJudge {
    /// What is wrong with a record (rule R37).
    enum RecordFault {
        case unknownType
        case missingFields([EntryField])
        case serviceAccount
    }

    /// Reports that a rule is broken.
    mutating func report(
        _ rule: String, _ policies: [PolicyID], _ entry: borrowing VerifiedEntry,
        _ type: EventType, _ judge: Judge, _ view: AsOf
    ) {
        let detail = EntryDetail(entry, type: type, reader, delays: judge.folder.delays, view)
        var finding = engineFinding(rule, entry, type, judge)
        finding.policies = policies
        finding.replayedDecision = rule == "M01" ? .allow : .deny
        finding.explanation = RuleExplanation.text(rule, policies: policies, detail, judge.folder)
        finding.evidence = detail.evidence(for: rule)
        if let said = policies.compactMap({ judge.folder.rules[$0] }).max(by: {
            $0.severity < $1.severity
        }) {
            finding.apply(said)
        }
        finding.values = values(policies, entry, type, judge, view)
        if rule == "R15" {
            finding.templates = detail.explainedAccess.attempts
        }
        finding.knownAtTheTime = wasKnown(rule, entry, type, view)
        found.findings.append(finding)
    }

    /// Reports a rule that no policy set says, at an entry.
    mutating func reportEngine(
        _ rule: String, _ entry: borrowing VerifiedEntry, _ type: EventType?
    ) {
        var finding = engineFinding(rule, entry, type)
        if let type {
            let view = AsOf(Moment(time: entry.occurredAt, index: entry.index))
            let detail = EntryDetail(entry, type: type, reader, delays: Delays(nil), view)
            finding.explanation = RuleExplanation.text(rule, policies: [], detail, nil)
        } else if let (field, _) = DirectIdentifierScan.first(in: entry) {
            finding.explanation = LocalizedText(
                fr:
                    "Le champ \(field.name) contient un identifiant direct (valeur non reproduite).",
                en: "Field \(field.name) holds a direct identifier (not repeated here).")
        }
        found.findings.append(finding)
    }

    /// Reports R08 and R10 of an access that no policy could judge.
    mutating func reportRecordRules(_ entry: borrowing VerifiedEntry, _ type: EventType) {
        if entry.slice(.decisionEffect).map({ $0 == "deny" }) == true,
            entry.slice(.outcome).map({ $0 == "done" }) == true
        {
            reportEngine("R08", entry, type)
        }
        if DirectIdentifierScan.finds(in: entry) { reportEngine("R10", entry, type) }
    }

    /// Reports a fault of the record (rule R37).
    mutating func reportRecord(
        _ entry: borrowing VerifiedEntry, _ type: EventType?, _ fault: RecordFault
    ) {
        var finding = engineFinding("R37", entry, type)
        switch fault {
        case .unknownType:
            finding.explanation = LocalizedText(
                fr: "Ce type d’événement n’est pas dans le vocabulaire.",
                en: "This type of event is not in the vocabulary.")
        case .missingFields(let fields):
            let names = fields.map(\.name).joined(separator: ", ")
            finding.explanation = LocalizedText(
                fr: "Champs obligatoires absents\u{202F}: \(names).",
                en: "Required fields are missing: \(names).")
        case .serviceAccount:
            finding.explanation = LocalizedText(
                fr: "L’accès vient d’un compte de service, qui ne désigne personne.",
                en: "The access comes from a service account, which stands for nobody.")
        }
        found.findings.append(finding)
    }

    /// Keeps the first access of each set of policies that could not be evaluated (M03).
    mutating func noteErrors(
        _ judgement: Judgement, _ entry: borrowing VerifiedEntry, _ type: EventType,
        _ judge: Judge
    ) {
        guard !judgement.errors.isEmpty else { return }
        let names = judgement.errors.map(\.policyID)
        let key = judge.folder.version.hex + names.joined(separator: ",")
        guard found.failing[key] == nil else { return }
        var finding = engineFinding("M03", entry, type, judge)
        finding.policies = names
        let french = judgement.errors.map { "\($0.policyID) (\($0.error.message.french))" }
        let english = judgement.errors.map { "\($0.policyID) (\($0.error.message.english))" }
        finding.explanation = LocalizedText(
            fr: "N’ont pas pu être évaluées\u{202F}: \(french.joined(separator: ", ")).",
            en: "Could not be evaluated: \(english.joined(separator: ", ")).")
        found.failing[key] = finding
    }

    /// A finding with what the entry and the rule's own text say.
    func engineFinding(
        _ rule: String, _ entry: borrowing VerifiedEntry, _ type: EventType?,
        _ judge: Judge? = nil
    ) -> Finding {
        let reference = Finding.EntryReference(
            index: entry.index, byteOffset: UInt64(entry.byteOffset), leafHash: entry.leafHash)
        var finding = Finding(
            rule: rule, severity: .high, kind: Self.kind(rule, entry, type), entry: reference,
            eventType: entry.string(.type) ?? "")
        if let said = setting.rule(rule, judge) { finding.apply(said) }
        finding.occurredAt = entry.occurredAt
        finding.region = entry.string(.actorRegion)
        if let actor = entry.string(.actorPID) {
            // Masked at the end, where it must be: waivers and series look at the actor.
            finding.actor = .shown(actor)
        }
        if let person = entry.string(.subjectPID) { finding.subject = .shown(person) }
        finding.recordedDecision = entry.string(.decisionEffect).flatMap {
            Finding.Effect(rawValue: $0)
        }
        let view = AsOf(Moment(time: entry.occurredAt, index: entry.index))
        finding.policyVersion = setting.registry.policy(view)?.hash
        if rule == "M02" {
            finding.explanation = LocalizedText(
                fr: "La version de la politique en vigueur à cet instant est introuvable.",
                en: "The policy version in force at that moment is nowhere to be found.")
        }
        return finding
    }

    private static func kind(
        _ rule: String, _ entry: borrowing VerifiedEntry, _ type: EventType?
    ) -> Finding.Kind {
        switch rule {
        case "M01": return .deniedButPermitted
        case "M02", "M03": return .notEvaluated
        case "R08": return .deniedButDone
        case "R09", "R10", "R36", "R37": return .record
        default: break
        }
        guard type?.isAccess == true else { return .governance }
        let isDenied = entry.slice(.decisionEffect).map { $0 == "deny" } == true
        return isDenied ? .deniedButDone : .permittedButForbidden
    }

    /// What the deciding conditions saw.
    private mutating func values(
        _ policies: [PolicyID], _ entry: borrowing VerifiedEntry, _ type: EventType,
        _ judge: Judge, _ view: AsOf
    ) -> [Finding.DecidingValue] {
        let request = request(of: entry, type, judge, view)
        let explained =
            policies.isEmpty
            ? [] : judge.explain(request).filter { policies.contains($0.policyID) }
        var values: [Finding.DecidingValue] = []
        for clause in explained.flatMap(\.clauses) {
            for seen in clause.observations {
                let value = Finding.DecidingValue(
                    source: judge.shown(seen.text), value: seen.value?.written ?? "–")
                if !values.contains(value) { values.append(value) }
            }
        }
        return values
    }

    /// The request that an entry stands for.
    mutating func request(
        of entry: borrowing VerifiedEntry, _ type: EventType, _ judge: Judge, _ view: AsOf
    ) -> Request {
        guard type.isAccess else {
            var facts = reader.actFacts(of: entry, type: type, under: judge.folder, view)
            facts.blocks = setting.truths[judge.folder.version]?[entry.index] ?? 0
            return actRequest(entry, facts, judge)
        }
        var facts = reader.facts(of: entry, type: type, under: judge.folder, view)
        facts.blocks = setting.truths[judge.folder.version]?[entry.index] ?? 0
        let version = setting.registry.policy(view)?.hash
        facts.set(
            .versionInForce,
            version != nil && reader.digest(.decisionPolicyVersion, entry) == version)
        return accessRequest(entry, facts, judge, view)
    }

    /// Whether the entries before this one already showed that the rule is broken.
    private mutating func wasKnown(
        _ rule: String, _ entry: borrowing VerifiedEntry, _ type: EventType, _ view: AsOf
    ) -> Bool {
        let before = AsOf(view.moment, knownBefore: entry.index)
        guard type.isAccess else {
            guard let judge = setting.judge(forActAt: before) else { return false }
            return decideAct(entry, type, judge, before)
                .brokenRules(defaultDenyRule: judge.folder.defaultDenyRule)
                .contains { $0.rule == rule }
        }
        guard let policy = setting.registry.policy(before) else { return rule == "R09" }
        guard let judge = setting.judges[policy.hash] else { return false }
        let judgement = judgement(of: entry, type, judge, policy.hash, before)
        if rule == "M01" { return judgement.decision == .allow }
        return judgement.brokenRules(defaultDenyRule: judge.folder.defaultDenyRule)
            .contains { $0.rule == rule }
    }
}

extension Finding {
    /// Takes over what a policy set says about the rule.
    mutating func apply(_ rule: PolicySetFolder.Rule) {
        title = rule.title
        basis = rule.basis
        severity = rule.severity
        provenance = rule.provenance
    }
}

extension EntryJudge {
    /// Some entries, each by every name it has.
    ///
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    static func references(
        _ indices: Set<UInt64>, in log: VerifiedLog
    ) throws -> [UInt64: Finding.EntryReference] {
        var found: [UInt64: Finding.EntryReference] = [:]
        for index in indices {
            try log.replay(index..<(index + 1)) { entry in
                found[entry.index] = Finding.EntryReference(
                    index: entry.index, byteOffset: UInt64(entry.byteOffset),
                    leafHash: entry.leafHash)
            }
        }
        return found
    }
}
