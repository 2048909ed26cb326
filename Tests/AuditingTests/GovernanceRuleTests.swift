// SPDX-License-Identifier: Apache-2.0

import Auditing
import Testing

private let noon = LogStory.noon
private let hour = LogStory.hour

/// Rules about acts of governance, each broken and each nearly broken.
@Suite struct GovernanceRuleTests {
    static let cases: [AccessCase] = [
        AccessCase("R16", ["R16"]) {
            try $0.reassign(transferred: true, approver: "A00000000000d")
        },
        AccessCase("R16 kept", []) {
            try $0.reassign(transferred: false, approver: "A00000000000d")
        },
        AccessCase("R17 approved by the next holder", ["R17"]) {
            try $0.reassign(transferred: false, approver: "A000000000002")
        },
        AccessCase("R17 granted by who asked", ["R17"]) {
            try $0.add("licence.grant", noon, ["licence_id": "LIC-1", "approver": "A00000000000c"])
        },
        AccessCase("R17 another licence's request", []) {
            try $0.add("licence.grant", noon, ["licence_id": "LIC-8", "approver": "A00000000000c"])
        },
        AccessCase("R17 waiver for oneself", ["R17", "W01"]) {
            try $0.add(
                "waiver.grant", noon,
                [
                    "rule": "R15", "owner": "A1", "approver": "A1",
                    "valid_from": "2026-02-10T12:00:00.000Z",
                    "valid_until": "2026-03-10T12:00:00.000Z",
                ])
        },
        AccessCase("R17 policy approved by its author", ["R17"]) {
            try $0.add(
                "policy.approve", noon,
                ["version": "2", "author": "A1", "approver": "A1", "hash": $0.version])
        },
        AccessCase("R17 purge approved by who asked", ["R17"]) {
            try $0.add(
                "retention.purge", noon,
                ["first": 0, "last": 1, "approver": "A1", "requester": "A1"])
        },
        AccessCase("R19 exactly 72 h", []) { try $0.resolve(after: 72 * hour) },
        AccessCase("R19 1 ms more", ["R19"]) { try $0.resolve(after: 72 * hour + 1) },
        AccessCase("R19 another case", ["R19"]) { try $0.resolve(after: hour, inCase: "CASE-2") },
        AccessCase("R17 approved by who asked to resolve", ["R17"]) {
            try $0.resolve(after: hour, approver: "A00000000000e")
        },
        AccessCase("R22 extended without evaluation", ["R22"]) {
            try $0.add("cse.consult", noon - 1, ["body": "CSEC", "level": "central"])
            try $0.extend()
        },
        AccessCase("R22 extended after both", []) {
            try $0.add("pilot.evaluate", noon - 2, ["decision_ref": "D-2"])
            try $0.add("cse.consult", noon - 1, ["body": "CSEC", "level": "central"])
            try $0.extend()
        },
        AccessCase("R23 not presented", ["R23"]) {
            try $0.activate($0.version, at: noon, purposes: ["P2-OFFRES", "P3-PROMOTION"])
        },
        AccessCase("R23 presented", []) {
            try $0.add(
                "cse.consult", noon, ["body": "CSEC", "level": "central", "hash": $0.version])
            try $0.activate($0.version, at: noon, purposes: ["P2-OFFRES", "P3-PROMOTION"])
        },
        AccessCase("R10 in an act", ["R10"]) {
            try $0.add("finding.close", noon, ["reference": "06 39 98 00 12"])
        },
        AccessCase("R36 a gap", ["R36"]) {
            try $0.add("heartbeat", noon, [:], source: "s2")
            try $0.add("heartbeat", noon, ["source_seq": 4], source: "s2")
        },
        AccessCase("R36 a gap declared later", []) {
            try $0.add("heartbeat", noon, [:], source: "s2")
            try $0.add("heartbeat", noon, ["source_seq": 4], source: "s2")
            try $0.add(
                "log.gap", noon,
                ["reference": "s2", "first": 2, "last": 3, "reason_code": "OUTAGE"])
        },
    ]

    @Test(arguments: cases)
    func findsWhatIsBroken(_ test: AccessCase) throws {
        var story = try LogStory(folder: try PilotPolicies.folder())
        try test.tell(&story)
        let result = try story.audit()
        #expect(result.findings.map(\.rule) == test.rules)
    }

    @Test func nominativeActsWaitForTheWorksCouncil() throws {
        var story = try LogStory(folder: try PilotPolicies.folder(), prepared: false)
        let start = LogStory.start
        try story.activate(story.version, at: start)
        try story.add("cse.consult", start, ["body": "CSEC", "level": "central"])
        let early = try story.add(
            "finding.assign", start, ["reference": "F-1", "reviewer": "A00000000000f"])
        #expect(try story.rules(at: early) == ["R21"])
        try story.access("offer.view", start + 1)
        let masked = try story.audit()
        #expect(!masked.namesActors)
        #expect(!masked.findings.contains { if case .shown = $0.actor { true } else { false } })
        try story.add("notice.staff", start + 2, ["reference": "N-1"])
        let late = try story.add(
            "finding.assign", start + 2, ["reference": "F-1", "reviewer": "A00000000000f"])
        #expect(try story.rules(at: late) == [])
        #expect(try story.audit().findings.contains { $0.actor == .shown(LogStory.adviser) })
    }
}

extension LogStory {
    fileprivate mutating func reassign(transferred: Bool, approver: String) throws {
        try add(
            "licence.reassign", Self.noon,
            [
                "licence_id": "LIC-1", "from": Self.adviser, "to": "A000000000002",
                "data_transferred": transferred, "approver": approver,
            ])
    }

    fileprivate mutating func resolve(
        after delay: Int64, inCase file: String = "CASE-1", approver: String = "A00000000000f"
    ) throws {
        let key = ["case_ref": "CASE-1", "reference": "PS-1"]
        try add(
            "pseudonym.request", Self.noon - 100 * Self.hour,
            key.merging(["requester": "A00000000000e"]) { $1 })
        try add(
            "pseudonym.approve", Self.noon - delay, key.merging(["approver": approver]) { $1 })
        try add(
            "pseudonym.resolve", Self.noon,
            ["actor": ["pid": "A00000000000e"], "case_ref": file, "reference": "PS-1"])
    }

    fileprivate mutating func extend() throws {
        try add(
            "pilot.extend", Self.noon,
            [
                "decision_ref": "D-3", "valid_until": "2027-01-01T00:00:00.000Z",
                "regions": ["32"],
            ])
    }
}
