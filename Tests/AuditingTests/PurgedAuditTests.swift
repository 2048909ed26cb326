// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Auditing
import Cryptography
import Diagnostics
import Testing
import TransparencyLog

/// A log before a purge and after it: what is left is judged as it was, or nobody knows; never is
/// somebody accused, or let off, because an entry is gone.
@Suite struct PurgedAuditTests {
    static let may = LogStory.time("2026-05-04T10:00:00.000Z")
    static let december = LogStory.time("2026-12-01T10:00:00.000Z")
    private static let other = "P000000000002"
    private static let third = "P000000000003"

    /// What holds since January, and 512 entries of it; then nothing until May.
    private func story() throws -> LogStory {
        var story = try LogStory(folder: try PilotPolicies.folder(overTime: true))
        let start = LogStory.start
        for person in [Self.other, Self.third] {
            let subject: [String: Any] = ["subject": ["pid": person]]
            let pair: [String: Any] = [
                "subject": ["pid": person], "actor": ["pid": LogStory.adviser], "rome": "M1805",
            ]
            try story.add("notice.person", start, subject)
            try story.add("portfolio.assign", start, pair)
            try story.add(
                "agreement.give", start,
                [
                    "subject": ["pid": person], "agreement_ref": "AG-" + person,
                    "scope": ["M1805"], "valid_until": "2026-12-01T00:00:00.000Z",
                ])
        }
        try story.add(
            "agreement.withdraw", start + 1,
            ["subject": ["pid": Self.other], "agreement_ref": "AG-" + Self.other])
        try story.add("objection.register", start + 1, ["subject": ["pid": Self.third]])
        try story.add("control.link", start, ["measure": "M-1", "control": "R14"])
        try story.access(
            "profile.share", start + 2, ["recipient": "E-7", "purpose": "P3-PROMOTION"])
        while story.index < 512 {
            try story.access("profile.view", start + Int64(story.index) * 60_000)
        }
        try story.add("heartbeat", Self.may - LogStory.day, [:], source: "h")
        return story
    }

    /// The findings from an entry on, without those of rules over time.
    private func judged(_ result: AuditResult, from cut: UInt64) -> [Finding] {
        result.findings.filter { $0.entry.index >= cut && $0.kind != .overTime }
    }

    /// The findings that an audit did not have before a purge.
    ///
    /// A count that goes beyond its limit names the event that does, and a rule that nothing met for long
    /// its last event: where that is gone, both name a later one. What a source's counter skipped or said
    /// twice is told of at an entry that is left.
    private func new(_ after: AuditResult, _ before: AuditResult) -> [String] {
        let known = Set(before.findings.map(\.id))
        let rules = Set(before.findings.filter { $0.kind == .overTime }.map(\.rule))
        return after.findings.filter { finding in
            let isMoved =
                ["R36", "X05", "X07"].contains(finding.rule) && rules.contains(finding.rule)
            return !known.contains(finding.id) && !isMoved
        }.map(\.id)
    }

    @Test func whatIsInForceIsStillKnown() throws {
        var story = try story()
        let cut = UInt64(512)
        // Right, withdrawn, objected to, unknown to anybody; and by somebody unknown.
        let right = try story.access("profile.promote", Self.may)
        for (number, person) in [Self.other, Self.third, "P000000000009"].enumerated() {
            try story.access(
                "profile.promote", Self.may + Int64(number),
                ["subject": ["pid": person]])
        }
        try story.access(
            "profile.view", Self.may + 9,
            [
                "actor": [
                    "pid": "A000000000009", "role": "CONS_PRO", "region": "32",
                    "account_kind": "pro",
                ]
            ])
        try story.add(
            "indicator.report", Self.may,
            ["indicator": "M-1"].merging(
                ["value": 1, "n": 1, "interval_low": 1, "interval_high": 1] as [String: Any]
            ) { left, _ in left })
        // Deadlines run to the same day with the purge and without.
        try story.add("heartbeat", Self.december, [:], source: "h")
        let before = try story.audit()
        try story.purge(bundles: 0..<2, at: Self.december)
        let after = try story.audit()
        let (left, found) = (judged(before, from: cut), judged(after, from: cut))
        #expect(Set(left.map(\.rule)).isSuperset(of: ["R14", "R18", "R13", "R15", "R11", "R12"]))
        #expect(!left.contains { $0.entry.index == right })
        #expect(found == left)
        #expect(after.counts.notJudgedAccesses == 0 && after.counts.accesses == 5)
        // What follows an entry that is in force may still be missing, and is said as before.
        #expect(after.findings.allSatisfy { $0.entry.index >= cut || $0.kind == .overTime })
        #expect(new(after, before).isEmpty)
        #expect(after.policyVersions == before.policyVersions)
        #expect(after.namesActors == before.namesActors)
        // What was shared with an employer before is gone: the rule says that it does not know.
        #expect(after.open.contains { $0.policy == "R25" && $0.state == .unknown })
        #expect(!after.open.contains { $0.policy == "R38-indicateur" })
        expectSame(try resume(story, from: nil).result, after)
        expectSame(try story.audit(workers: 2), after)
    }

    /// What was recorded so late that the state of its moment is gone is not judged; what no state could
    /// excuse is found all the same.
    @Test func whatIsOlderThanTheStateIsUnknown() throws {
        var story = try story()
        let late = LogStory.start + LogStory.day
        let quiet = try story.access("profile.promote", late)
        let accused = try story.access(
            "profile.promote", late, ["subject": ["pid": "P000000000009"]])
        let certain = try story.access(
            "profile.promote", late, ["categories": ["SA"], "subject": ["pid": "P000000000009"]])
        try story.purge(bundles: 0..<2, at: Self.december)
        let result = try story.audit()
        #expect(result.counts.notJudgedAccesses == 3 && !result.isComplete)
        func rules(at index: UInt64) -> [String] {
            judged(result, from: index).filter { $0.entry.index == index }.map(\.rule)
        }
        func doubts(at index: UInt64) -> Set<String> {
            Set(result.open.filter { $0.entry.index == index && $0.state == .unknown }.map(\.rule))
        }
        #expect(rules(at: quiet).isEmpty && rules(at: accused).isEmpty)
        #expect(rules(at: certain) == ["R03"])
        #expect(doubts(at: quiet).subtracting(["X02"]) == ["M04"])
        #expect(doubts(at: accused).isSuperset(of: ["M04", "R13", "R14", "R15"]))
        let explained = try #require(
            try Auditor(folders: [story.folder], reference: story.folder)
                .explain(try story.verified(), index: accused))
        #expect(
            explained.verdict == .notJudged
                && explained.findings.allSatisfy { $0.kind == .overTime })
    }

    /// Where a purge left nothing, nobody is accused of what a purged entry may have allowed.
    @Test func aPurgeThatLeftNothingLeavesDoubts() throws {
        var story = try story()
        let access = try story.access("profile.promote", Self.may)
        let wrong = try story.access(
            "profile.view", Self.may,
            [
                "outcome": "done",
                "decision": [
                    "effect": "deny", "policy_version": story.version,
                ],
            ])
        try story.purgeLeavingNothing(bundles: 0..<2, at: Self.december)
        var result = try story.audit()
        #expect(judged(result, from: access).map(\.rule) == ["R08"])
        #expect(judged(result, from: access).map(\.entry.index) == [wrong])
        #expect(result.open.contains { $0.rule == "R09" && $0.state == .unknown })
        // The policies are put in force again; the rest of the state is still not known.
        try story.activate(story.version, at: Self.december)
        let next = try story.access(
            "profile.promote", Self.december + 1, ["categories": ["SA"]])
        result = try story.audit()
        #expect(judged(result, from: next).map(\.rule) == ["R03"])
        let doubts = Set(result.open.filter { $0.state == .unknown }.map(\.rule))
        #expect(doubts.isSuperset(of: ["R11", "R12", "R14", "R15", "R22"]))
        expectSame(try resume(story, from: nil).result, result)
        // A purge that leaves what is known cannot bring back what went before.
        while story.index < 768 { try story.add("heartbeat", Self.december, [:], source: "h") }
        try story.add("heartbeat", Self.december, [:], source: "h")
        try story.purge(bundles: 2..<3, at: Self.december + 200 * LogStory.day)
        let last = try story.access("profile.promote", Self.december + 200 * LogStory.day)
        result = try story.audit()
        #expect(judged(result, from: last).isEmpty)
    }

    /// Of a source's numbers, those that may have come in what was purged are in nobody's way.
    @Test func aNumberThatMayHaveComeIsNeitherMissingNorTwice() throws {
        var story = try story()
        for number in [40, 41, 20, 20, 43] {
            try story.add("heartbeat", Self.may, ["source_seq": number], source: "h2")
        }
        try story.purge(bundles: 0..<2, at: Self.december)
        let found = try story.audit().findings.filter { $0.rule == "R36" && $0.kind == .record }
        #expect(
            found.map(\.explanation.english) == [
                "Numbers 20 of source h2 came twice.", "Numbers 42 of source h2 never came.",
            ])
    }

    /// Whatever the history: no finding is new, and what is no longer found is unknown.
    @Test(arguments: [UInt64(1), 2, 3])
    func noFindingIsNewAndNoneVanishesUnseen(_ seed: UInt64) throws {
        var busy = try BusyStory(seed: seed)
        for _ in 0..<45 {
            try busy.grow(by: 20)
            busy.clock += 2 * LogStory.day
        }
        var story = busy.story
        try story.add("heartbeat", Self.december, [:], source: "h")
        var before = try story.audit()
        for bundles in [UInt64(0)..<1, 1..<2] {
            let cut = bundles.upperBound * 256
            try story.purge(bundles: bundles, at: Self.december)
            let after = try story.audit()
            let new = new(after, before)
            #expect(new.isEmpty, "seed \(seed)")
            let found = Set(after.findings.map(\.id))
            let unknown = Set(after.open.filter { $0.state == .unknown }.map(\.rule))
            let vanished = before.findings.filter { finding in
                finding.rule != "R36" && finding.entry.index >= cut && !found.contains(finding.id)
                    && !(finding.kind == .overTime && unknown.contains(finding.rule))
            }.map(\.id)
            #expect(vanished.isEmpty, "seed \(seed)")
            let count = after.findings.count { $0.entry.index >= cut && $0.kind != .overTime }
            #expect(count > 50, "seed \(seed) tells too little")
            expectSame(try resume(story, from: nil).result, after)
            before = after
        }
    }
}
