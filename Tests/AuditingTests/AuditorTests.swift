// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Diagnostics
import Foundation
import Synchronization
import Testing
import TransparencyLog

private let noon = LogStory.noon
private let day = LogStory.day

/// The pilot's policies with one file changed.
private func changedPilot(
    _ path: String, _ change: (String) -> String
) throws -> PolicySetFolder {
    let access = try PilotPolicies.files().filter { !$0.path.hasPrefix("rules/") }
    let files = access.map { file in
        guard file.path == path else { return file }
        let text = change(String(decoding: file.bytes, as: UTF8.self))
        return PolicyArchive.File(path: path, bytes: [UInt8](text.utf8))
    }
    return try PolicySetFolder(PolicyArchive(files))
}

@Suite struct AuditorTests {
    @Test func aLateEventIsMarked() throws {
        var story = try LogStory(folder: try PilotPolicies.folder())
        let index = try story.access("profile.promote")
        try story.add(
            "agreement.withdraw", noon - day,
            ["subject": ["pid": LogStory.person], "agreement_ref": "AG-1"])
        let finding = try #require(try story.audit().findings.first)
        #expect(finding.id == "R14-\(index)")
        #expect(!finding.knownAtTheTime)
        #expect(finding.evidence.contains(index + 1))
        #expect(finding.explanation.french.contains("09/02/2026 à 13:00"))
        #expect(finding.policies == ["R14"])
        #expect(finding.recordedDecision == .allow && finding.replayedDecision == .deny)
        #expect(
            finding.values.contains {
                $0.source == "context.agreementInForce" && $0.value == "false"
            })
    }

    @Test func eachAccessIsJudgedByTheVersionOfItsMoment() throws {
        let first = try PilotPolicies.folder()
        let second = try changedPilot("finalites.cedar") {
            $0.replacingOccurrences(of: "[\"PH\", ", with: "[\"CV\", \"PH\", ")
        }
        var story = try LogStory(folder: first)
        let before = try story.access("profile.view", noon - 1)
        try story.activate(second.version.hex, at: noon)
        let after = try story.access(
            "profile.view", noon,
            ["decision": ["effect": "allow", "policy_version": second.version.hex]])
        let result = try story.audit([second, first], reference: second)
        #expect(result.findings.map(\.id) == ["R03-\(after)"])
        #expect(result.policyVersions.map(\.hash) == [first.version, second.version])
        // The same log without the second version: what it must judge is not judged.
        let partial = try story.audit([first], reference: first)
        #expect(partial.findings.map(\.id) == ["M02-\(after)"])
        #expect(partial.missingVersions == [second.version])
        #expect(partial.counts.notJudgedAccesses == 1 && !partial.isComplete)
        #expect(partial.counts.judgedAccesses == 1 && before < after)
    }

    @Test func noVersionInForceIsAFinding() throws {
        var story = try LogStory(folder: try PilotPolicies.folder(), prepared: false)
        let index = try story.access("offer.view")
        #expect(try story.rules(at: index) == ["R09"])
    }

    @Test func aPolicyThatFailsIsAFinding() throws {
        let folder = try changedPilot("journal.cedar") {
            $0.replacingOccurrences(
                of: "unless { context.versionInForce }", with: "when { context.nowhere }")
        }
        var story = try LogStory(folder: folder)
        let index = try story.access("offer.view")
        try story.access("offer.view", noon + 1)
        let finding = try #require(try story.audit().findings.first)
        #expect(try story.audit().findings.count == 1)
        #expect(finding.id == "M03-\(index)" && finding.severity == .critical)
        #expect(finding.policies == ["R09"])
    }

    @Test func theFifthUnexplainedAccessInSevenDaysIsHigh() throws {
        var story = try LogStory(folder: try PilotPolicies.folder())
        for number in 0..<6 {
            try story.access(
                "profile.view", noon + Int64(number) * 7 * day / 4,
                ["subject": ["pid": "P00000000001\(number)"]])
        }
        let findings = try story.audit().findings
        #expect(findings.map(\.rule) == Array(repeating: "R15", count: 6))
        // The fifth comes exactly seven days after the first.
        #expect(findings.map(\.severity) == [.medium, .medium, .medium, .medium, .high, .high])
        #expect(
            findings.allSatisfy {
                $0.templates.count == 9 && !$0.templates.contains(where: \.holds)
            })
    }

    @Test func theResultDoesNotDependOnTheWorkers() throws {
        var story = try LogStory(folder: try PilotPolicies.folder())
        for number in 0..<20_000 {
            let time = noon + Int64(number)
            switch number % 500 {
            case 0: try story.access("profile.view", time, ["purpose": "P1-PROSPECTION"])
            case 1:
                try story.access(
                    "profile.view", time, ["subject": ["pid": "P00000000009\(number % 10)"]])
            case 2: try story.add("heartbeat", time, [:], source: "s2")
            default: try story.access("profile.view", time)
            }
        }
        let one = try story.audit(workers: 1)
        #expect(one.findings.count == 80)
        let log = try story.verified()
        for workers in 1...4 {
            // Whoever looks on sees every entry once, in order, however many judge.
            let seen = Mutex<[UInt64]>([])
            let other = try Auditor(folders: [story.folder], reference: story.folder)
                .audit(log, workers: workers) { entry in
                    let index = entry.index
                    seen.withLock { $0.append(index) }
                }
            #expect(other.findings == one.findings)
            #expect(other.counts == one.counts && other.period == one.period)
            #expect(seen.withLock { $0 } == Array(0..<log.entries.treeSize))
        }
    }

    @Test func fingerprintsFollowTheEntryAndNotTheRun() throws {
        var story = try LogStory(folder: try PilotPolicies.folder())
        try story.access("offer.view", noon, ["purpose": "P9"])
        let first = try story.audit().findings
        try story.access("offer.view", noon + 1, ["purpose": "P9"])
        let second = try story.audit().findings
        #expect(second.count == 2 && second[0] == first[0])
        #expect(second[0].fingerprint != second[1].fingerprint)
    }

    @Test func explainsWhatIsPermittedForbiddenAndNotPermitted() throws {
        var story = try LogStory(folder: try PilotPolicies.folder())
        let permitted = try story.access("profile.view")
        let forbidden = try story.access("offer.view", noon, ["purpose": "P9"])
        let unpermitted = try story.access(
            "profile.view", noon,
            [
                "actor": [
                    "pid": LogStory.adviser, "role": "DPO", "region": "32", "account_kind": "pro",
                ]
            ])
        let beat = try story.add("heartbeat", noon, [:])
        let auditor = Auditor(folders: [story.folder], reference: nil)
        let log = try story.verified()
        func explain(_ index: UInt64) throws -> Explanation {
            try #require(try auditor.explain(log, index: index))
        }
        let first = try explain(permitted)
        #expect(first.verdict == .permitted && first.policies.map(\.policy) == ["H01"])
        #expect(first.templates.first { $0.holds }?.template == "E1")
        #expect(try explain(forbidden).verdict == .forbidden)
        #expect(try explain(forbidden).text.english.contains("“P9”"))
        let third = try explain(unpermitted)
        #expect(third.verdict == .notPermitted && third.policies.first?.policy == "H04")
        #expect(third.findings.map(\.rule) == ["R04"])
        #expect(try explain(beat).verdict == .notJudged)
        #expect(try auditor.explain(log, index: 10_000) == nil)
    }
}
