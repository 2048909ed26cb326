// SPDX-License-Identifier: Apache-2.0

import Auditing
import Diagnostics
import Testing

/// One access, told after the preparations of a log, and the rules that it breaks.
struct AccessCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let rules: [String]
    let tell: @Sendable (inout LogStory) throws -> Void

    init(
        _ name: String, _ rules: [String],
        _ tell: @escaping @Sendable (inout LogStory) throws -> Void
    ) {
        testDescription = name
        self.rules = rules
        self.tell = tell
    }
}

private let day = LogStory.day
private let hour = LogStory.hour
private let noon = LogStory.noon
private let me: [String: String] = ["pid": LogStory.adviser]
private let subject: [String: String] = ["pid": LogStory.person]

private func actor(_ role: String, region: String = "32", pid: String = LogStory.adviser)
    -> [String: Any]
{
    ["pid": pid, "role": role, "region": region, "account_kind": "pro"]
}

@Suite struct AccessRuleTests {
    static let fields: [AccessCase] = [
        AccessCase("promotion in order", []) { try $0.access("profile.promote") },
        AccessCase("R01", ["R01"]) { try $0.access("offer.view", noon, ["purpose": "P9"]) },
        AccessCase("R02", ["R02"]) {
            try $0.access("profile.view", noon, ["purpose": "P1-PROSPECTION"])
        },
        AccessCase("R02 kept", []) { try $0.access("offer.view", noon, ["purpose": "P2-OFFRES"]) },
        AccessCase("R03", ["R03"]) {
            try $0.access("profile.view", noon, ["categories": ["CV", "SA"]])
        },
        AccessCase("R04", ["R04"]) {
            try $0.access("export.perform", noon, ["actor": actor("RESP")])
        },
        AccessCase("R04 control without case", ["R04"]) {
            try $0.access("profile.view", noon, ["actor": actor("DPO")])
        },
        AccessCase("R04 control with case", []) {
            try $0.access("profile.view", noon, ["actor": actor("DPO"), "case_ref": "CASE-1"])
        },
        AccessCase("R05", ["R05"]) {
            try $0.access("offer.view", noon, ["actor": actor("CONS_PRO", region: "11")])
        },
        AccessCase("R06 without offer", ["R06"]) {
            try $0.access("profile.promote", noon, ["offer_ref": ""])
        },
        AccessCase("R06 never opened", ["R06"]) {
            try $0.access("profile.promote", noon, ["offer_ref": "OF-9"])
        },
        AccessCase("R06 closed in the same millisecond, before", ["R06"]) {
            try $0.add("offer.close", noon, ["offer_ref": "OF-1"])
            try $0.access("profile.promote")
        },
        AccessCase("R07", ["R07"]) {
            try $0.access("profile.share", noon, ["categories": ["CV", "ST"]])
        },
        AccessCase("R07 contact", ["R07"]) {
            try $0.access("contact.reveal", noon, ["categories": ["CT"]])
        },
        AccessCase("R07 contact agreed", []) {
            try $0.agree(
                "AG-2", at: noon - day, until: "2026-12-01T00:00:00.000Z", scope: ["CT", "M1805"])
            try $0.access("contact.reveal", noon, ["categories": ["CT"]])
        },
        AccessCase("R08", ["R08"]) {
            try $0.access(
                "offer.view", noon, ["decision": ["effect": "deny", "policy_version": $0.version]])
        },
        AccessCase("refused as it should be", []) {
            try $0.access(
                "profile.view", noon,
                [
                    "purpose": "P1-PROSPECTION", "outcome": "denied",
                    "decision": ["effect": "deny", "policy_version": $0.version],
                ])
        },
        AccessCase("M01", ["M01"]) {
            try $0.access(
                "offer.view", noon,
                [
                    "outcome": "denied",
                    "decision": ["effect": "deny", "policy_version": $0.version],
                ])
        },
        AccessCase("R09", ["R09"]) {
            try $0.access(
                "offer.view", noon,
                [
                    "decision": [
                        "effect": "allow", "policy_version": String(repeating: "0", count: 64),
                    ]
                ])
        },
        AccessCase("R10", ["R10"]) {
            try $0.access("offer.view", noon, ["reference": "prenom.nom@example.org"])
        },
        AccessCase("R37 service account", ["R37"]) {
            try $0.access(
                "offer.view", noon,
                [
                    "actor": [
                        "pid": LogStory.adviser, "role": "CONS_PRO", "region": "32",
                        "account_kind": "service",
                    ]
                ])
        },
        AccessCase("R37 missing field", ["R37"]) {
            try $0.access("profile.view", noon, ["categories": ""])
        },
        AccessCase("R37 unknown type", ["R37"]) { try $0.add("profile.peek", noon, [:]) },
        AccessCase("several", ["R06", "R15"]) {
            try $0.access(
                "profile.promote", noon,
                ["offer_ref": "OF-9", "subject": ["pid": "P000000000009"]])
        }.alsoInforming("P000000000009"),
    ]

    static let state: [AccessCase] = [
        AccessCase("R11 suspended", ["R11"]) {
            try $0.add("licence.suspend", noon - 1, ["licence_id": "LIC-1"])
            try $0.access("offer.view")
        },
        AccessCase("R11 another's licence", ["R11"]) {
            try $0.access("offer.view", noon, ["licence_id": "LIC-9"])
        },
        AccessCase("R11 own licence", []) {
            try $0.access("offer.view", noon, ["licence_id": "LIC-1"])
        },
        AccessCase("R11 suspended in the same millisecond, after", []) {
            try $0.access("offer.view")
            try $0.add("heartbeat", noon, [:])
        },
        AccessCase("R12 withdrawn", ["R12"]) {
            try $0.add("adviser.withdraw", noon, ["actor": me])
            try $0.access("offer.view")
        },
        AccessCase("R12 charter at its end", ["R12"]) {
            try $0.access("offer.view", LogStory.time("2026-06-01T00:00:00.000Z"))
        },
        AccessCase("R12 charter 1 ms before its end", []) {
            try $0.access("offer.view", LogStory.time("2026-05-31T23:59:59.999Z"))
        },
        AccessCase("R14 withdrawn", ["R14"]) {
            try $0.add(
                "agreement.withdraw", noon - 1, ["subject": subject, "agreement_ref": "AG-1"])
            try $0.access("profile.promote")
        },
        AccessCase("R14 six months, 1 ms before", []) {
            try $0.add(
                "charter.sign", noon,
                [
                    "actor": me, "charter_version": "2",
                    "valid_until": "2027-01-01T00:00:00.000Z",
                ])
            try $0.add("pilot.evaluate", noon, ["decision_ref": "D-2"])
            try $0.add("cse.consult", noon, ["body": "CSEC", "level": "central"])
            try $0.add(
                "pilot.extend", noon,
                [
                    "decision_ref": "D-3",
                    "valid_until": "2027-01-01T00:00:00.000Z", "regions": ["32"],
                ])
            // Given at 09:00 in Paris in January; six months later is 07:00 UTC in July.
            try $0.access("profile.promote", LogStory.time("2026-07-05T06:59:59.999Z"))
        },
        AccessCase("R14 exactly six months", ["R14"]) {
            try $0.add(
                "charter.sign", noon,
                [
                    "actor": me, "charter_version": "2",
                    "valid_until": "2027-01-01T00:00:00.000Z",
                ])
            try $0.add("pilot.evaluate", noon, ["decision_ref": "D-2"])
            try $0.add("cse.consult", noon, ["body": "CSEC", "level": "central"])
            try $0.add(
                "pilot.extend", noon,
                [
                    "decision_ref": "D-3",
                    "valid_until": "2027-01-01T00:00:00.000Z", "regions": ["32"],
                ])
            try $0.access("profile.promote", LogStory.time("2026-07-05T07:00:00.000Z"))
        },
        AccessCase("R14 another occupation", ["R14"]) {
            try $0.add(
                "offer.open", noon, ["offer_ref": "OF-2", "employer_ref": "E-1", "rome": "K1801"])
            try $0.access("profile.promote", noon, ["offer_ref": "OF-2"])
        },
        AccessCase("R18 restricted", ["R18"]) {
            try $0.add("restriction.set", noon - 1, ["subject": subject])
            try $0.access("profile.view")
        },
        AccessCase("R18 objection", ["R18"]) {
            try $0.add("objection.register", noon - 1, ["subject": subject])
            try $0.access("profile.promote")
        },
        AccessCase("R18 objection does not stop a view", []) {
            try $0.add("objection.register", noon - 1, ["subject": subject])
            try $0.access("profile.view")
        },
        AccessCase("R20", ["R20"]) {
            try $0.enrol(LogStory.adviser, licence: "LIC-1", links: [LogStory.person])
            try $0.access("profile.view")
        },
        AccessCase("R22 at the end", ["R22"]) {
            try $0.add(
                "charter.sign", noon,
                [
                    "actor": me, "charter_version": "2",
                    "valid_until": "2027-01-01T00:00:00.000Z",
                ])
            try $0.access("offer.view", LogStory.time("2026-07-01T00:00:00.000Z"))
        },
        AccessCase("R22 suspended", ["R22"]) {
            try $0.add("pilot.suspend", noon, ["decision_ref": "D-4"])
            try $0.access("offer.view", noon, ["actor": actor("CONS_PRO", region: "11")])
        },
    ]

    static let explanations: [AccessCase] = [
        AccessCase("R15 nothing explains", ["R15"]) { try $0.release(noon - 15 * day) },
        AccessCase("E8 exactly 14 days", []) { try $0.release(noon - 14 * day) },
        AccessCase("E8 1 ms more", ["R15"]) { try $0.release(noon - 14 * day - 1) },
        AccessCase("E2 exactly 7 days after", []) {
            try $0.add("appointment.hold", noon + 7 * day, ["actor": me, "subject": subject])
            try $0.release(noon - 20 * day)
        },
        AccessCase("E2 1 ms more", ["R15"]) {
            try $0.add("appointment.hold", noon + 7 * day + 1, ["actor": me, "subject": subject])
            try $0.release(noon - 20 * day)
        },
        AccessCase("E3 the offer's occupation", []) {
            try $0.release(noon - 20 * day, ["offer_ref": "OF-1"])
        },
        AccessCase("E4 an application", []) {
            try $0.add(
                "offer.open", noon - 1,
                [
                    "offer_ref": "OF-3", "employer_ref": "E-1",
                    "rome": "K1801",
                ])
            try $0.add("application.receive", noon - 1, ["subject": subject, "offer_ref": "OF-3"])
            try $0.release(noon - 20 * day, ["offer_ref": "OF-3"])
        },
        AccessCase("E5 a mandate", []) {
            try $0.add("mandate.open", noon - 1, ["actor": me, "subject": subject])
            try $0.release(noon - 20 * day)
        },
        AccessCase("E6 a request", []) {
            try $0.add(
                "dsr.receive", noon - 1,
                [
                    "subject": subject, "reference": "DSR-1",
                    "due_at": "2026-03-10T00:00:00.000Z",
                ])
            try $0.release(noon - 20 * day, ["reference": "DSR-1"])
        },
        AccessCase("E7 a case", []) {
            try $0.release(noon - 20 * day, ["case_ref": "CASE-1"])
        },
        AccessCase("E9 break-glass at its end", ["R15"]) {
            try $0.add(
                "breakglass.open", noon - hour,
                [
                    "actor": me, "reason_code": "X",
                    "expires_at": "2026-02-10T12:00:00.000Z",
                ])
            try $0.release(noon - 20 * day)
        },
        AccessCase("E9 break-glass before its end", []) {
            try $0.add(
                "breakglass.open", noon - hour,
                [
                    "actor": me, "reason_code": "X",
                    "expires_at": "2026-02-10T12:00:00.001Z",
                ])
            try $0.release(noon - 20 * day)
        },
    ]

    @Test(arguments: fields + state + explanations)
    func findsWhatIsBroken(_ test: AccessCase) throws {
        var story = try LogStory(folder: try PilotPolicies.folder())
        try test.tell(&story)
        let result = try story.audit()
        #expect(result.findings.map(\.rule) == test.rules, "\(result.findings.map(\.explanation))")
        for finding in result.findings {
            #expect(!finding.explanation.french.isEmpty && !finding.explanation.english.isEmpty)
            #expect(finding.title.french != finding.rule)
            #expect(finding.knownAtTheTime)
        }
    }
}

extension AccessCase {
    /// The same, with another person informed and agreeing before.
    fileprivate func alsoInforming(_ person: String) -> AccessCase {
        AccessCase(testDescription, rules) { story in
            try story.add("notice.person", LogStory.start, ["subject": ["pid": person]])
            try story.add(
                "agreement.give", LogStory.start,
                [
                    "subject": ["pid": person], "agreement_ref": "AG-9", "scope": ["*"],
                    "valid_until": "2026-12-01T00:00:00.000Z",
                ])
            try tell(&story)
        }
    }
}

extension LogStory {
    /// The person leaves the portfolio at a moment, and is viewed at noon.
    fileprivate mutating func release(_ time: Int64, _ changes: [String: Any] = [:]) throws {
        try add(
            "portfolio.release", time,
            ["actor": ["pid": Self.adviser], "subject": ["pid": Self.person]])
        try access("profile.view", Self.noon, changes)
    }
}
