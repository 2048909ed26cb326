// SPDX-License-Identifier: Apache-2.0

import Auditing
import Testing
import TransparencyLog

private let day = LogStory.day

/// A log of weeks: requests, break-glass, exports and withdrawals, some answered and some not, with
/// late entries and gaps.
private struct LongStory {
    var story: LogStory
    private var numbers: SeededNumbers
    private var clock = LogStory.noon
    private var count = 0

    init(seed: UInt64) throws {
        story = try LogStory(folder: try PilotPolicies.folder(overTime: true))
        numbers = SeededNumbers(state: seed)
    }

    /// Now, or up to three weeks ago.
    private mutating func moment() -> Int64 {
        numbers.below(3) == 0 ? clock - Int64(numbers.below(500)) * LogStory.hour : clock
    }

    mutating func grow(by entries: Int) throws {
        for _ in 0..<entries {
            clock += Int64(numbers.below(10)) * LogStory.hour
            count += 1
            let reference = "R-\(numbers.below(12))"
            let subject: [String: Any] = ["pid": "P00000000000\(numbers.below(6))"]
            switch numbers.below(9) {
            case 0:
                try story.add(
                    "dsr.receive", moment(),
                    [
                        "subject": subject, "reference": reference,
                        "due_at": LogStory.date(clock),
                    ])
            case 1:
                try story.add(
                    "dsr.answer", moment(), ["subject": subject, "reference": reference])
            case 2:
                try story.add(
                    "breakglass.open", moment(),
                    [
                        "actor": ["pid": LogStory.adviser], "reason_code": "U",
                        "expires_at": LogStory.date(clock + LogStory.hour),
                    ])
            case 3:
                try story.add(
                    "breakglass.review", clock,
                    ["actor": ["pid": LogStory.adviser], "reviewer": "A00000000000a"])
            case 4: try story.access("export.perform", clock, ["count": 1 + numbers.below(30)])
            case 5: try story.access("profile.share", clock, ["subject": subject])
            case 6:
                try story.add(
                    "agreement.withdraw", moment(),
                    ["subject": subject, "agreement_ref": "AG-1"])
            case 7:
                try story.add(
                    "heartbeat", clock, ["source_seq": count * 3], source: "s\(numbers.below(2))")
            default: try story.access("profile.view", clock, ["subject": subject])
            }
        }
    }
}

@Suite struct OverTimeTests {
    /// The half of R29 about the log itself; that something was kept for more than a year, no generated
    /// log can hold.
    @Test(arguments: [
        (179 * day, [Int64](), ["purge"]), (180 * day, [], []), (181 * day, [366 * day], []),
        (181 * day, [368 * day], ["mark"]),
    ])
    func aPurgeIsNeitherTooEarlyNorTooLate(
        age: Int64, later: [Int64], expected: [String]
    ) throws {
        var story = try LogStory(folder: try PilotPolicies.folder(overTime: true))
        let first = try story.add("heartbeat", LogStory.noon, [:], source: "s1")
        let second = try story.add("heartbeat", LogStory.noon + 2 * day, [:], source: "s1")
        // With a later mark, the purge leaves the second one, which is then kept for too long or not.
        let purge = try story.add(
            "retention.purge", LogStory.noon + age,
            ["first": 0, "last": Int(first), "approver": "A1", "requester": "A2"])
        for instant in later {
            try story.add("heartbeat", LogStory.noon + instant, [:], source: "s1")
        }
        let findings = try story.audit().findings.filter { $0.rule == "R29" }
        let names = [purge: "purge", second: "mark"]
        #expect(findings.map { names[$0.entry.index] ?? "another" } == expected)
        #expect(findings.allSatisfy { !$0.witnesses.isEmpty })
    }

    private func story() throws -> LogStory {
        try LogStory(folder: try PilotPolicies.folder(overTime: true))
    }

    private func receive(_ story: inout LogStory, _ reference: String) throws -> UInt64 {
        try story.add(
            "dsr.receive", LogStory.noon,
            [
                "subject": ["pid": LogStory.person], "reference": reference,
                "due_at": LogStory.date(LogStory.noon + 30 * day),
            ])
    }

    private func found(_ rule: String, _ result: AuditResult) -> [Finding] {
        result.findings.filter { $0.rule == rule }
    }

    @Test func everySheetSaysOfItsExamplesWhatItShould() throws {
        let folder = try PilotPolicies.folder(overTime: true)
        let runs = folder.overTime.runExamples()
        #expect(runs.count > 80)
        #expect(runs.filter { !$0.isExpected } == [])
        let names = Set(folder.rules.keys.map { String($0.prefix { $0 != "-" }) })
        let wanted = (24...34).map { "R\($0)" } + ["R35", "R36", "R38", "R39", "R40"]
        #expect(names.isSuperset(of: wanted))
        let reserve = ["01", "02", "03", "04", "06", "07", "08", "09", "10", "11", "12", "13"]
        #expect(names.isSuperset(of: reserve.map { "X\($0)" }))
    }

    /// Pending, then near, then violated: never a violation before its time, and never hidden.
    @Test func aDeadlineIsPendingUntilItPasses() throws {
        var story = try story()
        let index = try receive(&story, "DSR-1")
        var result = try story.audit()
        #expect(found("R27", result).isEmpty)
        let due = LogStory.time("2026-03-10T22:59:59.000Z")
        #expect(result.open.map(\.entry.index) == [index])
        #expect(result.open.first?.state == .pending(until: due, warns: false))
        try story.add("claim.register", LogStory.noon + 21 * day, ["reference": "C", "value": 1])
        result = try story.audit()
        let open = result.open.filter { $0.rule == "R27" }.map(\.state)
        #expect(open == [.pending(until: due, warns: true)])
        try story.add("claim.register", LogStory.noon + 40 * day, ["reference": "C", "value": 1])
        result = try story.audit()
        let finding = try #require(found("R27", result).first)
        #expect(finding.entry.index == index && finding.witnesses.map(\.index) == [index])
        #expect(finding.kind == .overTime && finding.policies == ["R27"])
        #expect(finding.searched?.upperBound == due)
        #expect(result.open.allSatisfy { $0.rule != "R27" })
    }

    @Test func aGapOfTheSourceThatAnswersMakesItUnknown() throws {
        for isSame in [true, false] {
            var story = try story()
            // The source answered another request before, so that it could have answered this one.
            try story.add(
                "dsr.answer", LogStory.noon - day,
                ["subject": ["pid": LogStory.person], "reference": "DSR-0"], source: "si")
            try story.add(
                "claim.register", LogStory.noon, ["reference": "C", "value": 1], source: "x")
            let index = try receive(&story, "DSR-1")
            try story.add(
                "claim.register", LogStory.noon + 20 * day,
                ["reference": "C", "value": 1, "source_seq": 9], source: isSame ? "si" : "x")
            try story.add(
                "claim.register", LogStory.noon + 40 * day, ["reference": "C", "value": 1])
            let result = try story.audit()
            #expect(found("R27", result).map(\.entry.index) == (isSame ? [] : [index]))
            let unknown = result.open.filter { $0.state == .unknown }.map(\.entry.index)
            #expect(unknown == (isSame ? [index] : []))
        }
    }

    /// Sentences of one rule that hold of one entry are one finding.
    @Test func oneEntryAndOneRuleMakeOneFinding() throws {
        var story = try story()
        for _ in 0..<2 { try story.access("export.perform", LogStory.noon, ["count": 18]) }
        let index = try story.access("export.perform", LogStory.noon, ["count": 19])
        let findings = found("R32", try story.audit()).filter { $0.entry.index == index }
        #expect(findings.map(\.policies) == [["R32-dix", "R32-jour"]])
        #expect(findings.first?.severity == .critical)
    }

    /// The state that an audit leaves holds what is judged for good, and the next one goes on.
    @Test(arguments: [UInt64(1), 2, 3])
    func goingOnFindsWhatReadingEverythingFinds(_ seed: UInt64) throws {
        var long = try LongStory(seed: seed)
        var saved: [UInt8]?
        var found = 0
        for _ in 0..<6 {
            try long.grow(by: 150)
            let (result, bytes) = try resume(long.story, from: saved)
            expectSame(result, try long.story.audit())
            #expect(try AuditSnapshot(decoding: bytes).encoded == bytes)
            saved = bytes
            found = result.findings.count { $0.kind == .overTime }
        }
        #expect(found > 50, "seed \(seed) tells too little")
    }
}
