// SPDX-License-Identifier: Apache-2.0

import Auditing
import Testing
import TransparencyLog

private let noon = LogStory.noon
private let day = LogStory.day

/// A log in which an adviser looks at a person outside the portfolio, and waivers are granted.
private struct WaiverStory {
    var story: LogStory
    let access: UInt64

    init() throws {
        story = try LogStory(folder: try PilotPolicies.folder())
        access = try story.access(
            "profile.view", noon, ["subject": ["pid": "P00000000000f"]])
    }

    @discardableResult
    mutating func grant(_ changes: [String: Any] = [:], at time: Int64 = noon - day) throws
        -> String
    {
        var fields: [String: Any] = [
            "rule": "R15", "owner": "A00000000000a", "approver": "A00000000000b",
            "valid_from": LogStory.date(noon - day), "valid_until": LogStory.date(noon + 9 * day),
            "reason_code": "INVENTAIRE", "scope": ["region:32"],
        ]
        for (name, value) in changes {
            fields[name] = (value as? String) == "" ? nil : value
        }
        let index = try story.add("waiver.grant", time, fields, source: "dpo")
        return "W-\(index)"
    }

    func findings() throws -> [Finding] { try story.audit().findings }

    func isCovered() throws -> Bool {
        try #require(try findings().first { $0.rule == "R15" }).waiver != nil
    }
}

@Suite struct WaiverTests {
    @Test func aCoveredFindingStaysAndIsMarked() throws {
        var story = try WaiverStory()
        #expect(try !story.isCovered())
        try story.grant()
        let findings = try story.findings()
        #expect(findings.map(\.id) == ["R15-\(story.access)"])
        #expect(findings.first?.waiver?.index == story.access + 1)
        let waiver = try #require(try story.story.audit().waivers.first)
        #expect(waiver.coveredCount == 1 && waiver.faults.isEmpty)
    }

    @Test(arguments: [
        ["region:32"], ["region:75", "region:32"], ["adviser:\(LogStory.adviser)"],
        ["person:P00000000000f"], ["region:32", "adviser:\(LogStory.adviser)"],
        ["policy:R15"],
    ])
    func coversWhatItsScopeSays(_ scope: [String]) throws {
        var story = try WaiverStory()
        try story.grant(["scope": scope])
        #expect(try story.isCovered())
    }

    @Test(arguments: [
        ["region:75"], ["adviser:A000000000002"], ["region:32", "adviser:A000000000002"],
        ["person:P0"], ["policy:R07"], ["finding:R15-0"], ["Region:32"], ["region"],
        ["region:32", "nonsense:1"],
    ])
    func coversNothingElse(_ scope: [String]) throws {
        var story = try WaiverStory()
        try story.grant(["scope": scope])
        #expect(try !story.isCovered())
    }

    @Test func anotherRuleIsNotCovered() throws {
        var story = try WaiverStory()
        try story.grant(["rule": "R14"])
        #expect(try !story.isCovered())
    }

    @Test(arguments: [
        ("approver", "A00000000000a"), ("reason_code", ""),
        ("valid_until", LogStory.date(noon + 89 * day + 1)),
        ("valid_until", LogStory.date(noon - day)),
    ])
    func anInvalidOneCoversNothing(_ field: String, _ value: String) throws {
        var story = try WaiverStory()
        try story.grant([field: value])
        #expect(try !story.isCovered())
        let about = try story.findings().filter { $0.rule == "W01" }
        #expect(about.count == 1)
    }

    @Test func ninetyDaysAreAllowed() throws {
        var story = try WaiverStory()
        try story.grant(["valid_until": LogStory.date(noon + 89 * day)])
        #expect(try story.isCovered())
    }

    /// Start and end, to the millisecond; the end is outside.
    @Test(arguments: [(0, 1, true), (1, 2, false), (-1, 0, false), (-5, 9, true)])
    func coversItsPeriod(_ from: Int64, _ until: Int64, _ isCovered: Bool) throws {
        var story = try WaiverStory()
        try story.grant([
            "valid_from": LogStory.date(noon + from), "valid_until": LogStory.date(noon + until),
        ])
        #expect(try story.isCovered() == isCovered)
    }

    @Test func itCoversNothingFromBeforeItWasGranted() throws {
        var story = try WaiverStory()
        try story.grant(at: noon + 1)
        #expect(try !story.isCovered())
    }

    @Test(arguments: [(-1, false), (0, false), (1, true)])
    func aRevokedOneEnds(_ after: Int64, _ isCovered: Bool) throws {
        var story = try WaiverStory()
        let index = try story.story.add(
            "waiver.grant", noon - day,
            [
                "rule": "R15", "owner": "A00000000000a", "approver": "A00000000000b",
                "valid_from": LogStory.date(noon - day),
                "valid_until": LogStory.date(noon + day), "reason_code": "X",
                "scope": ["region:32"],
            ], source: "dpo")
        try story.story.add(
            "waiver.revoke", noon + after, ["rule": "R15", "correlates": "dpo-1"], source: "dpo")
        #expect(index > 0)
        #expect(try story.isCovered() == isCovered)
    }

    @Test func theUnusedTheWideAndTheExpiredAreFindings() throws {
        var story = try WaiverStory()
        // Unused, expired; the log goes on after its end.
        try story.grant(["scope": ["region:75"], "valid_until": LogStory.date(noon)])
        // The whole rule.
        try story.grant(["scope": ""])
        // Expired too, but closed.
        let closed = ["valid_until": LogStory.date(noon + 1)]
        try story.grant(closed)
        try story.story.add(
            "waiver.expire", noon + 2, ["rule": "R15", "correlates": "dpo-3"], source: "dpo")
        let about = try story.findings().filter { $0.rule.hasPrefix("W") }
        #expect(about.map(\.rule) == ["W02", "W04", "W03"])
    }

    /// Fifty findings are allowed, as `waiver_findings_max` says; one more is too many.
    @Test(arguments: [(50, [String]()), (51, ["W03"])])
    func coveringMoreThanAllowedIsTooWide(_ count: Int, _ expected: [String]) throws {
        var story = try WaiverStory()
        try story.grant()
        for place in 1..<count {
            try story.story.access(
                "profile.view", noon + Int64(place), ["subject": ["pid": "P00000000000f"]])
        }
        let findings = try story.findings()
        #expect(findings.count { $0.waiver != nil } == count)
        #expect(findings.map(\.rule).filter { $0.hasPrefix("W") } == expected)
    }

    @Test func anActorWhoMayNotBeNamedCanStillBeCovered() throws {
        var story = try LogStory(folder: try PilotPolicies.folder(), prepared: false)
        try story.activate(story.version, at: LogStory.start)
        try story.access("profile.view", noon)
        try story.add(
            "waiver.grant", noon - day,
            [
                "rule": "R22", "owner": "A00000000000a", "approver": "A00000000000b",
                "valid_from": LogStory.date(noon - day),
                "valid_until": LogStory.date(noon + day), "reason_code": "X",
                "scope": ["adviser:\(LogStory.adviser)"],
            ], source: "dpo")
        let finding = try #require(try story.audit().findings.first { $0.rule == "R22" })
        #expect(finding.actor == .masked && finding.waiver != nil)
    }
}
