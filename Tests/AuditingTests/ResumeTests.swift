// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Snapshots
import Testing
import TransparencyLog

/// Numbers that are the same in every run (splitmix64).
struct SeededNumbers {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word >> 31)) % UInt64(limit))
    }
}

/// A log of accesses, changes of state that come early, in time and late, gaps and waivers.
struct BusyStory {
    var story: LogStory
    private var numbers: SeededNumbers
    var clock = LogStory.noon

    init(seed: UInt64) throws {
        story = try LogStory(folder: try PilotPolicies.folder(overTime: true))
        numbers = SeededNumbers(state: seed)
        for number in 2...5 { try story.enrol("A00000000000\(number)", licence: "LIC-\(number)") }
    }

    private mutating func person() -> String { "P00000000000\(numbers.below(8))" }
    private mutating func adviser() -> String { "A00000000000\(1 + numbers.below(5))" }

    /// Now, or up to three weeks ago, or up to three weeks ahead.
    private mutating func moment() -> Int64 {
        switch numbers.below(4) {
        case 0: clock - Int64(numbers.below(21 * 24)) * LogStory.hour
        case 1: clock + Int64(numbers.below(21 * 24)) * LogStory.hour
        default: clock
        }
    }

    mutating func grow(by count: Int) throws {
        for _ in 0..<count {
            clock += Int64(numbers.below(40)) * 60_000
            if numbers.below(8) > 0 { try access() } else { try change() }
        }
    }

    private mutating func access() throws {
        let types = ["profile.view", "profile.promote", "profile.share", "offer.view"]
        let adviser = adviser()
        var changes: [String: Any] = [
            "actor": ["pid": adviser, "role": "CONS_PRO", "region": "32", "account_kind": "pro"]
        ]
        let type = types[numbers.below(types.count)]
        if type != "offer.view" { changes["subject"] = ["pid": person()] }
        if numbers.below(9) == 0 { changes["purpose"] = "P2-OFFRES" }
        try story.access(type, clock, changes)
    }

    private mutating func change() throws {
        let (time, person, adviser) = (moment(), person(), adviser())
        let both: [String: Any] = ["actor": ["pid": adviser], "subject": ["pid": person]]
        switch numbers.below(9) {
        case 0: try story.add("portfolio.assign", time, both)
        case 1: try story.add("portfolio.release", time, both)
        case 2, 3: try story.add("appointment.hold", time, both)
        case 4: try story.add("adviser.withdraw", time, ["actor": ["pid": adviser]])
        case 5: try story.add("notice.person", time, ["subject": ["pid": person]])
        case 6:
            // A number that never came, or came twice.
            let odd = numbers.below(2) == 0 ? 1_000 + numbers.below(1_000) : 1 + numbers.below(9)
            try story.add("heartbeat", clock, ["source_seq": odd], source: "s\(numbers.below(3))")
        case 7:
            try story.add(
                "waiver.grant", clock,
                [
                    "rule": "R15", "owner": "A00000000000a", "approver": "A00000000000b",
                    "valid_from": LogStory.date(clock), "reason_code": "X",
                    "valid_until": LogStory.date(clock + 2 * LogStory.day),
                    "scope": ["adviser:\(adviser)"],
                ], source: "dpo")
        default: try story.add("objection.register", time, ["subject": ["pid": person]])
        }
    }
}

func resume(
    _ story: LogStory, from bytes: [UInt8]?, workers: Int = 1
) throws -> (result: AuditResult, bytes: [UInt8]) {
    var log = story.log
    try log.sign()
    let auditor = Auditor(folders: [story.folder], reference: story.folder)
    let snapshot = try bytes.map { try AuditSnapshot(decoding: $0) }
    if let snapshot { #expect(auditor.canResume(snapshot)) }
    let outcome = try LogUnderAudit.resume(
        log, by: LogVerifier(keys: [story.key.verificationKey]), from: snapshot,
        workers: workers)
    let (audited, point) = (try #require(outcome.log), try #require(outcome.point))
    let (result, left) = try auditor.audit(audited, at: point, from: snapshot, workers: workers)
    return (result, left.encoded)
}

func expectSame(_ left: AuditResult, _ right: AuditResult) {
    // The first few that differ: a whole list is no message.
    let differing = zip(left.findings, right.findings).filter { $0 != $1 }.prefix(1)
    #expect(differing.isEmpty && left.findings.count == right.findings.count)
    #expect(left.counts == right.counts)
    let waiversAgree = left.waivers == right.waivers
    #expect(waiversAgree)
    #expect(left.period == right.period && left.head == right.head)
    #expect(left.missingVersions == right.missingVersions)
    let opensAgree = left.open == right.open
    #expect(opensAgree)
    #expect(left.policyVersions == right.policyVersions)
}

@Suite struct ResumeTests {
    /// What is judged for good round by round is what is judged at the end of everything.
    @Test(arguments: [(UInt64(4), 1), (5, 2), (6, 3)])
    func anyLengthOfRunsFindsTheSame(_ seed: UInt64, _ workers: Int) throws {
        var busy = try BusyStory(seed: seed)
        try busy.grow(by: 1_200)
        var log = busy.story.log
        try log.sign()
        let verifier = LogVerifier(keys: [busy.story.key.verificationKey])
        let audited = try #require(LogUnderAudit.verify(log, by: verifier).log)
        let auditor = Auditor(folders: [busy.story.folder], reference: busy.story.folder)
        let whole = try auditor.audit(audited, workers: 1, runLength: 1 << 20)
        #expect(whole.findings.count > 100, "seed \(seed) tells too little")
        for length in [UInt64(1), 7, 40] {
            expectSame(try auditor.audit(audited, workers: workers, runLength: length), whole)
        }
    }

    /// Whatever the cuts, going on finds what reading everything finds.
    @Test(arguments: [(UInt64(1), 1), (2, 2), (3, 3)])
    func goingOnFindsWhatReadingEverythingFinds(_ seed: UInt64, _ workers: Int) throws {
        var busy = try BusyStory(seed: seed)
        var saved: [UInt8]?
        var sizes = SeededNumbers(state: seed &* 77)
        var found = 0
        for _ in 0..<7 {
            try busy.grow(by: 1 + sizes.below(3) * 128 + sizes.below(130))
            let (result, bytes) = try resume(busy.story, from: saved, workers: workers)
            expectSame(result, try busy.story.audit(workers: workers))
            // Nothing is lost between bytes and state.
            #expect(try AuditSnapshot(decoding: bytes).encoded == bytes)
            saved = bytes
            found = result.findings.count
        }
        #expect(found > 100, "seed \(seed) tells too little")
    }

    @Test func everyCutOfOneLog() throws {
        var busy = try BusyStory(seed: 9)
        var states: [[UInt8]] = []
        for _ in 0..<6 {
            try busy.grow(by: 100)
            states.append(try resume(busy.story, from: nil).bytes)
        }
        let whole = try busy.story.audit()
        for state in states { expectSame(try resume(busy.story, from: state).result, whole) }
    }

    @Test func aLateWithdrawalReachesBack() throws {
        var story = try LogStory(folder: try PilotPolicies.folder())
        let index = try story.access("profile.promote")
        for _ in 0..<300 { try story.add("heartbeat", LogStory.noon + 1, [:], source: "h") }
        let (before, state) = try resume(story, from: nil)
        #expect(before.findings.isEmpty)
        try story.add(
            "agreement.withdraw", LogStory.noon - 1,
            ["subject": ["pid": LogStory.person], "agreement_ref": "AG-1"])
        let after = try resume(story, from: state).result
        #expect(after.findings.map(\.id) == ["R14-\(index)"])
        expectSame(after, try story.audit())
    }

    /// Every byte: what does not read is refused, and what reads has another digest.
    @Test func noAlteredStateIsBelieved() throws {
        var story = try LogStory(folder: try PilotPolicies.folder())
        try story.access("profile.view", LogStory.noon, ["subject": ["pid": "P00000000000f"]])
        for _ in 0..<260 { try story.add("heartbeat", LogStory.noon, [:], source: "h") }
        let (_, bytes) = try resume(story, from: nil)
        let digest = SHA256Hasher().hash(bytes)
        try story.add(
            "check.complete", LogStory.noon,
            [
                "ruleset_version": story.version, "head": story.version, "findings": 1,
                "hash": digest.hex,
            ], source: "vigie")
        var log = story.log
        try log.sign()
        let snapshot = try AuditSnapshot(decoding: bytes)
        let verifier = LogVerifier(keys: [story.key.verificationKey])
        let outcome = try LogUnderAudit.resume(log, by: verifier, from: snapshot)
        let entries = try #require(outcome.log).entries
        #expect(try snapshot.isRecorded(digest, in: entries))
        #expect(bytes.count > 1_000)
        for place in bytes.indices {
            var altered = bytes
            altered[place] ^= UInt8(1 << (place % 8))
            let found = SHA256Hasher().hash(altered)
            #expect(try !snapshot.isRecorded(found, in: entries))
            // It may read or not; it must not crash, and going on from it is safe.
            guard let other = try? AuditSnapshot(decoding: altered) else { continue }
            _ = try? LogUnderAudit.resume(log, by: verifier, from: other)
        }
        for count in 0..<bytes.count {
            #expect(throws: MalformedSnapshot.self) {
                try AuditSnapshot(decoding: Array(bytes[..<count]))
            }
        }
    }

    /// A record that another source wrote, or that lies before the state, proves nothing.
    @Test func theRecordMustBeTheProgramsOwn() throws {
        var story = try LogStory(folder: try PilotPolicies.folder())
        for _ in 0..<260 { try story.add("heartbeat", LogStory.noon, [:], source: "h") }
        let (_, bytes) = try resume(story, from: nil)
        let digest = SHA256Hasher().hash(bytes)
        try story.add(
            "check.complete", LogStory.noon,
            [
                "ruleset_version": story.version, "head": story.version, "findings": 1,
                "hash": digest.hex,
            ], source: "elsewhere")
        var log = story.log
        try log.sign()
        let snapshot = try AuditSnapshot(decoding: bytes)
        let outcome = try LogUnderAudit.resume(
            log, by: LogVerifier(keys: [story.key.verificationKey]), from: snapshot)
        #expect(try !snapshot.isRecorded(digest, in: try #require(outcome.log).entries))
    }

    /// The new head does not continue the old one: the prefix is not believed.
    @Test func aForkIsNoContinuation() throws {
        var story = try LogStory(folder: try PilotPolicies.folder())
        for _ in 0..<300 { try story.add("heartbeat", LogStory.noon, [:], source: "h") }
        var other = try LogStory(folder: try PilotPolicies.folder())
        for _ in 0..<300 { try other.add("heartbeat", LogStory.noon + 1, [:], source: "h") }
        let state = try AuditSnapshot(decoding: try resume(story, from: nil).bytes)
        var log = other.log
        try log.sign()
        let outcome = try LogUnderAudit.resume(
            log, by: LogVerifier(keys: [other.key.verificationKey]), from: state)
        #expect(outcome.log == nil && !outcome.report.isIntact)
    }
}
