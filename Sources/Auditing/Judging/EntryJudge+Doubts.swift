// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cedar
import Diagnostics
import TemporalPolicies
import TemporalRules
import TransparencyLog

/// What a purge hides from the audit of a log.
struct PurgedPast: Sendable {
    /// Up to when.
    let hidden: HiddenTime
    /// The entries that were purged, and by which entry.
    let ranges: [PurgedRange]

    /// What the verifier found; nil if nothing was purged.
    init?(_ log: VerifiedLog) {
        guard let hidden = log.hidden else { return nil }
        (self.hidden, ranges) = (hidden, log.purged)
    }

    /// Whether the last purge left what is in force.
    var leftState: Bool { hidden.stateBefore < .max }

    /// Whether an entry stands alone where a purge took the others.
    func contains(_ index: UInt64) -> Bool { ranges.contains { $0.entries.contains(index) } }

    /// The entry of the last purge.
    var lastPurge: UInt64? { ranges.map(\.index).max() }
}

extension EntryJudge {
    /// Takes in an entry that a purge left: it was judged before that, and tells what comes after how
    /// things stand.
    mutating func fold(_ entry: borrowing VerifiedEntry) {
        guard let type = reader.type(of: entry) else { return }
        note(entry, type)
        if let rules = setting.overTime {
            found.ruleEvents.record(
                entry, type, nil, broken: EventBatch.absent, isGap: false, rules,
                setting.registry)
        }
    }

    /// Reports that a rule is broken; or that nobody can know it, since what would decide was purged.
    mutating func reportIfKnown(
        _ rule: String, _ policies: [PolicyID], _ entry: borrowing VerifiedEntry,
        _ type: EventType, _ judge: Judge, _ view: AsOf
    ) {
        guard isDoubtful(rule, policies, entry, type, judge, view) else {
            return report(rule, policies, entry, type, judge, view)
        }
        let said = policies.compactMap { judge.folder.rules[$0] }
            .max { $0.severity < $1.severity }
        doubt(rule, policies.first, said ?? setting.rule(rule, judge), entry)
    }

    /// Whether a rule might not be broken if nothing had been purged.
    ///
    /// It is asked once more with every fact that a purged entry may have told in favour. What an entry
    /// that is there told to the contrary stays.
    private mutating func isDoubtful(
        _ rule: String, _ policies: [PolicyID], _ entry: borrowing VerifiedEntry,
        _ type: EventType, _ judge: Judge, _ view: AsOf
    ) -> Bool {
        guard let past = setting.past else { return false }
        let reach = judge.reach(of: policies)
        if let reach, entry.occurredAt - reach * 1_000 < past.hidden.before { return true }
        guard view.time < past.hidden.stateBefore else { return false }
        // That something was refused though it was permitted rests on what would have forbidden it.
        if rule == "M01" { return true }
        let judgement: Judgement
        if type.isAccess {
            var facts = reader.facts(of: entry, type: type, under: judge.folder, view)
            facts.flags.formUnion(.favourable)
            judgement = judge.judge(accessRequest(entry, facts, judge, view))
        } else {
            var facts = reader.actFacts(of: entry, type: type, under: judge.folder, view)
            facts.flags.formUnion(.favourable)
            judgement = judge.judge(actRequest(entry, facts, judge))
        }
        return !judgement.brokenRules(defaultDenyRule: judge.folder.defaultDenyRule)
            .contains { $0.rule == rule }
    }

    /// Notes that nobody can know whether a rule is broken.
    mutating func doubt(
        _ rule: String, _ policy: PolicyID?, _ said: PolicySetFolder.Rule?,
        _ entry: borrowing VerifiedEntry
    ) {
        // Where no state is known, each access may be doubted: the first of each rule is told.
        if setting.past?.leftState == false,
            found.doubts.contains(where: { $0.policy == policy ?? rule })
        {
            return
        }
        let place = engineFinding(rule, entry, reader.type(of: entry))
        found.doubts.append(
            OpenMatter(
                rule: rule, policy: policy ?? rule,
                title: said?.title ?? place.title, basis: said?.basis ?? place.basis,
                severity: said?.severity ?? place.severity, state: .unknown,
                entry: place.entry, eventType: place.eventType, occurredAt: entry.occurredAt))
    }

    /// Notes that an access was not judged, since what held at its moment was purged.
    mutating func noteUnknownState(_ entry: borrowing VerifiedEntry) {
        found.counts.notJudgedAccesses += 1
        doubt("M04", nil, OpenMatter.purgedState, entry)
    }
}

extension OpenMatter {
    /// What is said of what a purge hides.
    static let purgedState = PolicySetFolder.Rule(
        title: LocalizedText(
            fr: "Ce qui valait à cet instant a été purgé",
            en: "What held at that moment was purged"),
        basis: "RGPD 5(1)(e), 5(2)", severity: .high, provenance: .law)
}

extension AccessFacts.Flags {
    /// The facts that some earlier entry tells, in favour of an access; which policies were in force is
    /// asked before.
    static let favourable: AccessFacts.Flags = [
        .pilotRunning, .licenceActive, .volunteer, .charterInForce, .trained,
        .offerOpen, .personInformed, .agreementInForce, .contactAgreement, .explained,
    ]
}

extension ActFacts.Flags {
    /// The facts that some earlier entry tells, in favour of an act.
    static let favourable: ActFacts.Flags = [
        .extensionPrepared, .scopePresented, .nominativeControlAllowed, .resolutionRequested,
        .resolutionInTime,
    ]
}

extension Judge {
    /// How many seconds back the temporal blocks of some policies look; nil if they have none.
    func reach(of policies: [PolicyID]) -> Int64? {
        guard let temporal = folder.temporal else { return nil }
        return policies.flatMap { folder.blocks(of: $0) }.map { temporal.blocks[$0].reach }.max()
    }
}
