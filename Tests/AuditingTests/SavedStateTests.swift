// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Foundation
import Testing
import TransparencyLog

/// A short log under audit night after night, and what each night leaves.
private struct Nights {
    static let program = SHA256Hasher().hash(Array("this build".utf8))

    var story: LogStory
    private var runs = 0

    // `isPurged`: the first 256 entries were purged half a year later.
    init(beat: Int64 = LogStory.noon, isPurged: Bool = false) throws {
        story = try LogStory(folder: try PilotPolicies.folder())
        try story.access("profile.view", LogStory.noon, ["subject": ["pid": "P00000000000f"]])
        for _ in 0..<260 { try story.add("heartbeat", beat, [:], source: "h") }
        guard isPurged else { return }
        try story.purge(bundles: 0..<1, at: beat + 200 * LogStory.day)
        for _ in 0..<250 { try story.add("heartbeat", beat, [:], source: "h") }
    }

    func audit(
        from saved: [UInt8]?, program: SHA256Digest? = Self.program, folder: PolicySetFolder? = nil
    ) throws -> ResumedAudit {
        var log = story.log
        try log.sign()
        let folder = folder ?? story.folder
        let reading = AuditReading(
            LogVerifier(keys: [story.key.verificationKey]), program: program)
        return try Auditor(folders: [folder], reference: folder).audit(log, from: saved, reading)
    }

    /// Records a state as the nightly run does.
    mutating func record(_ state: [UInt8], source: String = "vigie") throws {
        try story.add(
            "check.complete", LogStory.noon,
            [
                "ruleset_version": story.version, "head": story.version, "findings": 1,
                "hash": SHA256Hasher().hash(state).hex,
            ], source: source)
    }

    /// A state that the log records.
    mutating func recordedState() throws -> [UInt8] {
        let state = try #require(try audit(from: nil).state)
        try record(state)
        return state
    }
}

@Suite struct SavedStateTests {
    private static let isLong =
        ProcessInfo.processInfo.environment["VIGIE_MUTATIONS"] == "all"

    @Test func aRecordedStateIsGoneOnFrom() throws {
        var nights = try Nights()
        let state = try nights.recordedState()
        try nights.story.access("offer.view", LogStory.noon, ["purpose": "P9"])
        let resumed = try nights.audit(from: state)
        let whole = try nights.audit(from: nil)
        #expect(resumed.fault == nil && resumed.resumedAt == 256)
        #expect(whole.fault == nil && whole.resumedAt == 0)
        let (left, right) = (try #require(resumed.result), try #require(whole.result))
        #expect(left.findings == right.findings && left.counts == right.counts)
        #expect(left.findings.count > 1)
        #expect(resumed.state == whole.state, "the next night starts from the same state")
        #expect(try nights.audit(from: nil, program: nil).state == nil)
    }

    @Test func whatIsNotBelievedIsNamed() throws {
        var nights = try Nights()
        let first = try #require(try nights.audit(from: nil).state)
        #expect(try nights.audit(from: first).fault == .unrecorded)
        try nights.record(first, source: "elsewhere")
        #expect(try nights.audit(from: first).fault == .unrecorded)
        let state = try nights.recordedState()
        #expect(try nights.audit(from: state).fault == nil)
        let other = SHA256Hasher().hash(Array("another build".utf8))
        #expect(try nights.audit(from: state, program: other).fault == .otherProgram)
        #expect(try nights.audit(from: []).fault == .malformed)
        #expect(try nights.audit(from: Array("vigie".utf8)).fault == .malformed)
        #expect(try nights.audit(from: state.dropLast()).fault == .malformed)
        var files = try PilotPolicies.files()
        let manifest = try #require(files.firstIndex { $0.path == "policy-set.yaml" })
        files[manifest] = PolicyArchive.File(
            path: "policy-set.yaml", bytes: files[manifest].bytes + Array("# another\n".utf8))
        let folder = try PolicySetFolder(PolicyArchive(files))
        #expect(try nights.audit(from: state, folder: folder).fault == .otherPolicies)
        // A log of the same key that is no continuation.
        let elsewhere = try Nights(beat: LogStory.noon + 1)
        #expect(try elsewhere.audit(from: state).fault == .contradicted)
    }

    /// A purge of what the state covers: everything is read once, and gone on from after that.
    @Test func aPurgedLogIsGoneOnFrom() throws {
        var nights = try Nights(isPurged: true)
        let state = try nights.recordedState()
        try nights.story.access("offer.view", LogStory.noon, ["purpose": "P9"])
        let resumed = try nights.audit(from: state)
        let whole = try nights.audit(from: nil)
        #expect(resumed.fault == nil && resumed.resumedAt == 512)
        #expect(resumed.report == whole.report && resumed.report.purged.count == 1)
        #expect(resumed.result?.findings == whole.result?.findings)
        #expect(resumed.state == whole.state)
        // The second bundle goes too, under a purge.
        try nights.story.purge(bundles: 1..<2, at: LogStory.noon + 400 * LogStory.day)
        let outdated = try nights.audit(from: state)
        #expect(outdated.fault == .outdated && outdated.resumedAt == 0)
        #expect(outdated.report.purged.count == 2)
        let next = try #require(outdated.state)
        #expect(next == (try nights.audit(from: nil).state))
        try nights.record(next)
        #expect(try nights.audit(from: next).fault == nil)
        // A state that nothing records is not excused by a purge.
        var unrecorded = try Nights()
        let lost = try #require(try unrecorded.audit(from: nil).state)
        try unrecorded.story.purge(bundles: 0..<1, at: LogStory.noon + 200 * LogStory.day)
        #expect(try unrecorded.audit(from: lost).fault == .unrecorded)
    }

    /// Each byte of a state altered in turn: never believed, and the findings are the same.
    ///
    /// All bytes with VIGIE_MUTATIONS=all (`make state-mutations`), else every 97th.
    @Test(arguments: [false, true])
    func noAlteredByteIsBelieved(isPurged: Bool) throws {
        var nights = try Nights(isPurged: isPurged)
        let state = try nights.recordedState()
        let whole = try #require(try nights.audit(from: nil).result)
        var faults: [SavedStateFault: Int] = [:]
        for place in stride(from: 0, to: state.count, by: Self.isLong ? 1 : 97) {
            var altered = state
            altered[place] ^= UInt8(1 << (place % 8))
            let audit = try nights.audit(from: altered)
            let fault = try #require(audit.fault, "byte \(place) was believed")
            faults[fault, default: 0] += 1
            #expect(audit.resumedAt == 0 && audit.report.isIntact)
            #expect(audit.result?.findings == whole.findings, "byte \(place)")
        }
        if Self.isLong { print("states altered: \(state.count), \(faults)") }
        #expect(faults.count > 2)
    }

    /// Each byte of the run record and of a waiver altered in turn: the log is not intact, and
    /// nothing is judged, whatever the state says.
    @Test func noAlteredRecordIsBelieved() throws {
        var nights = try Nights()
        let state = try nights.recordedState()
        try nights.story.add(
            "waiver.grant", LogStory.noon,
            [
                "rule": "R15", "owner": "A00000000000a", "approver": "A00000000000b",
                "valid_from": LogStory.date(LogStory.noon), "reason_code": "X",
                "valid_until": LogStory.date(LogStory.noon + LogStory.day), "scope": ["region:32"],
            ], source: "dpo")
        var log = nights.story.log
        try log.sign()
        let (path, bundle) = try #require(
            log.files.first {
                if case .bundle(_, let width) = $0.key { width < 256 } else { false }
            })
        let text = String(decoding: bundle, as: UTF8.self)
        #expect(text.contains("check.complete") && text.contains("waiver.grant"))
        let auditor = Auditor(folders: [nights.story.folder], reference: nights.story.folder)
        let reading = AuditReading(
            LogVerifier(keys: [nights.story.key.verificationKey]), program: Nights.program)
        #expect(try auditor.audit(log, from: state, reading).resumedAt == 256)
        for place in stride(from: 0, to: bundle.count, by: Self.isLong ? 1 : 61) {
            log.files[path]?[place] ^= UInt8(1 << (place % 8))
            let audit = try auditor.audit(log, from: state, reading)
            #expect(audit.result == nil && !audit.report.isIntact, "byte \(place)")
            log.files[path] = bundle
        }
        // A log signed over a record of another digest does not record this state.
        var other = try Nights()
        var digest = state
        digest[0] ^= 1
        try other.record(digest)
        #expect(try other.audit(from: state).fault == .unrecorded)
    }
}
