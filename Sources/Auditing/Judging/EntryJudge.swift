// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cedar
import Cryptography
import TemporalRules
import TransparencyLog

/// Judges the entries of parts of a log, one after the other; one belongs to one worker.
///
/// Whatever a worker does depends on the entry, the registry and the policies alone, so the parts
/// can be cut anywhere and the results put together in order.
struct EntryJudge: Sendable {
    let setting: AuditSetting
    var reader: FactReader
    /// The policies in force at the last access, and what was decided under them.
    private var standing: StandingPolicy
    private var decisions = DecisionTable()
    private var decidedVersion: SHA256Digest?
    private var actDecisions: [ActKey: Judgement] = [:]

    /// The state of an earlier instant is not known, since what told it was purged.
    private let stateBefore: Int64

    /// What was found since ``take(_:)``, in the order of the log.
    var found = AuditPart(0..<0)
    /// The facts of the access at hand; nil if no policy could judge it.
    private var accessFlags: AccessFacts.Flags?
    /// The rules by which the policies deny the entry at hand, where a rule over time asks.
    private var broken = EventBatch.absent

    /// A gap that a `log.gap` declares.
    struct DeclaredGap {
        var source: String
        var first: Int64
        var last: Int64
    }

    private struct ActKey: Hashable {
        var version: SHA256Digest
        var facts: ActFacts
    }

    init(_ setting: AuditSetting) {
        self.setting = setting
        reader = FactReader(registry: setting.registry)
        stateBefore = setting.past?.hidden.stateBefore ?? .min
        standing = StandingPolicy(setting, AsOf(Moment(time: 0, index: 0)))
    }

    /// Gives what was found in a run of entries, and forgets it; what was learned of the policies and
    /// of the state is kept for the next run.
    mutating func take(_ range: Range<UInt64>) -> AuditPart {
        var part = AuditPart(range)
        swap(&part, &found)
        part.range = range
        return part
    }

    /// Judges one entry.
    mutating func judge(_ entry: borrowing VerifiedEntry) {
        if entry.isLeft { return fold(entry) }
        found.counts.entries += 1
        found.earliest = min(found.earliest, entry.occurredAt)
        found.latest = max(found.latest, entry.occurredAt)
        let jump = setting.sourceFindings[entry.index]
        if jump != nil { noteJump(entry) }
        guard let type = reader.type(of: entry) else {
            reportRecord(entry, nil, .unknownType)
            if DirectIdentifierScan.finds(in: entry) { reportEngine("R10", entry, nil) }
            return
        }
        let lacking = type.fieldsMissing(in: entry.view.fields)
        if !lacking.isEmpty { reportRecord(entry, type, .missingFields(Array(lacking))) }
        if Self.isAccess[Int(type.rawValue)] {
            found.counts.accesses += 1
            if lacking.isEmpty, entry.slice(.actorAccountKind).map({ $0 == "service" }) == true {
                reportRecord(entry, type, .serviceAccount)
            }
            judgeAccess(entry, type)
        } else {
            judgeAct(entry, type)
        }
        if let rules = setting.overTime {
            found.ruleEvents.record(
                entry, type, accessFlags, broken: broken,
                isGap: jump?.kind == .gap, rules, setting.registry)
            accessFlags = nil
            broken = EventBatch.absent
        }
    }

    private mutating func judgeAccess(_ entry: borrowing VerifiedEntry, _ type: EventType) {
        let view = AsOf(Moment(time: entry.occurredAt, index: entry.index))
        if !standing.period.holds(view) { standing = StandingPolicy(setting, view) }
        guard let version = standing.version else {
            found.counts.judgedAccesses += 1
            if view.time < stateBefore {
                doubt("R09", nil, setting.rule("R09", nil), entry)
            } else {
                reportEngine("R09", entry, type)
            }
            reportRecordRules(entry, type)
            return
        }
        guard let judge = standing.judge else {
            found.counts.notJudgedAccesses += 1
            if found.missing[version] == nil {
                found.missing[version] = engineFinding("M02", entry, type)
            }
            reportRecordRules(entry, type)
            return
        }
        if view.time < stateBefore, stateBefore < .max {
            noteUnknownState(entry)
        } else {
            found.counts.judgedAccesses += 1
        }
        let (facts, place) = decide(entry, type, judge, version, view)
        if facts.flags.isSuperset(of: [.explained, .personNamed]) {
            found.counts.explainedAccesses += 1
        }
        accessFlags = facts.flags
        if setting.readsDecisions { broken = RuleField.bits(decisions[place], judge.folder) }
        let isRefused =
            entry.slice(.decisionEffect).map { $0 == "deny" } == true
            && entry.slice(.outcome).map { $0 == "done" } != true
        if decisions.isQuietAllow(place), !isRefused { return }
        let judgement = decisions[place]
        noteErrors(judgement, entry, type, judge)
        if judgement.decision == .allow {
            if isRefused { reportIfKnown("M01", [], entry, type, judge, view) }
            return
        }
        for (rule, policies) in judgement.brokenRules(defaultDenyRule: judge.folder.defaultDenyRule)
        where !isRefused || Self.recordRules.contains(rule) {
            reportIfKnown(rule, policies, entry, type, judge, view)
        }
    }

    /// The rules about the record itself, which hold of refused attempts too.
    static let recordRules: Set<String> = ["R08", "R09", "R10"]

    private mutating func noteJump(_ entry: borrowing VerifiedEntry) {
        found.jumps.append(engineFinding("R36", entry, reader.type(of: entry)))
    }

    private mutating func noteDeclaredGap(_ entry: borrowing VerifiedEntry) {
        guard let source = entry.string(.reference), let first = entry.integer(.first),
            let last = entry.integer(.last)
        else { return }
        found.declaredGaps.append(DeclaredGap(source: source, first: first, last: last))
    }

    /// Takes in what other entries are read by: gaps, waivers, reviews.
    mutating func note(_ entry: borrowing VerifiedEntry, _ type: EventType) {
        switch type {
        case .logGap: noteDeclaredGap(entry)
        case .waiverGrant, .waiverRevoke, .waiverExpire: found.waivers.record(entry, type)
        default: if ReviewEntry.concerns(type) { found.reviews.append(ReviewEntry(entry, type)) }
        }
    }

    private mutating func judgeAct(_ entry: borrowing VerifiedEntry, _ type: EventType) {
        note(entry, type)
        let isJudged = type.isJudgedAct
        guard isJudged || DirectIdentifierScan.finds(in: entry) else { return }
        if isJudged { found.counts.governanceActs += 1 }
        let view = AsOf(Moment(time: entry.occurredAt, index: entry.index))
        guard let judge = setting.judge(forActAt: view) else {
            if DirectIdentifierScan.finds(in: entry) { reportEngine("R10", entry, type) }
            return
        }
        let judgement = decideAct(entry, type, judge, view)
        if setting.readsDecisions { broken = RuleField.bits(judgement, judge.folder) }
        noteErrors(judgement, entry, type, judge)
        for (rule, policies) in judgement.brokenRules(defaultDenyRule: judge.folder.defaultDenyRule)
        {
            reportIfKnown(rule, policies, entry, type, judge, view)
        }
    }

    /// What the policies say of an access, as seen from any point of view.
    mutating func judgement(
        of entry: borrowing VerifiedEntry, _ type: EventType, _ judge: Judge,
        _ version: SHA256Digest, _ view: AsOf
    ) -> Judgement {
        let place = decide(entry, type, judge, version, view).place
        return decisions[place]
    }

    /// The facts of an access, and the place of what the policies say of them.
    private mutating func decide(
        _ entry: borrowing VerifiedEntry, _ type: EventType, _ judge: Judge,
        _ version: SHA256Digest, _ view: AsOf
    ) -> (facts: AccessFacts, place: Int) {
        var facts = reader.facts(of: entry, type: type, under: judge.folder, view)
        facts.set(.versionInForce, reader.digest(.decisionPolicyVersion, entry) == version)
        if judge.hasBlocks {
            facts.blocks = setting.truths[judge.folder.version]?[entry.index] ?? BlockTruths.failed
        }
        if judge.namesPrincipals { facts.principal = reader.number(.actorPID, entry) }
        if judge.namesResources { facts.resource = reader.number(.subjectPID, entry) }
        if decidedVersion != version {
            decisions = DecisionTable()
            decidedVersion = version
        }
        if let known = decisions.place(of: facts) { return (facts, known) }
        let judgement =
            facts.blocks & BlockTruths.failed != 0
            ? Judgement.failed : judge.judge(accessRequest(entry, facts, judge, view))
        return (facts, decisions.add(facts, judgement))
    }

    func accessRequest(
        _ entry: borrowing VerifiedEntry, _ facts: AccessFacts, _ judge: Judge, _ view: AsOf
    ) -> Request {
        let context = reader.context(of: facts, entry, view)
        return request(entry, facts.type.name, judge.adding(facts.blocks, to: context))
    }

    /// A request as it is without what temporal blocks say.
    func plainRequest(
        _ entry: borrowing VerifiedEntry, _ type: EventType, _ judge: Judge, _ view: AsOf
    ) -> Request {
        var reader = reader
        guard type.isAccess else {
            let facts = reader.actFacts(of: entry, type: type, under: judge.folder, view)
            return request(entry, type.name, facts.context)
        }
        let facts = reader.facts(of: entry, type: type, under: judge.folder, view)
        return request(entry, type.name, reader.context(of: facts, entry, view))
    }

    mutating func decideAct(
        _ entry: borrowing VerifiedEntry, _ type: EventType, _ judge: Judge, _ view: AsOf
    ) -> Judgement {
        var facts = reader.actFacts(of: entry, type: type, under: judge.folder, view)
        if judge.hasBlocks {
            facts.blocks = setting.truths[judge.folder.version]?[entry.index] ?? BlockTruths.failed
        }
        // Acts are few; only those that no policy can tell apart are kept.
        let isKept = !judge.namesPrincipals && !judge.namesResources
        let key = ActKey(version: judge.folder.version, facts: facts)
        if isKept, let known = actDecisions[key] { return known }
        let judgement =
            facts.blocks & BlockTruths.failed != 0
            ? Judgement.failed : judge.judge(actRequest(entry, facts, judge))
        if isKept { actDecisions[key] = judgement }
        return judgement
    }

    func actRequest(
        _ entry: borrowing VerifiedEntry, _ facts: ActFacts, _ judge: Judge
    ) -> Request {
        let name = judge.folder.actions.contains(facts.type.name) ? facts.type.name : "other"
        return request(entry, name, judge.adding(facts.blocks, to: facts.context))
    }

    private func request(
        _ entry: borrowing VerifiedEntry, _ action: String, _ context: Record
    ) -> Request {
        let person = entry.string(.subjectPID)
        return Request(
            principal: EntityUID(type: "Agent", id: entry.string(.actorPID) ?? ""),
            action: EntityUID(type: "Action", id: action),
            resource: EntityUID(type: person == nil ? "Record" : "Person", id: person ?? "log"),
            context: context)
    }

    static let isAccess: [Bool] = EventType.allCases.map(\.isAccess)
}
