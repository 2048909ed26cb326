// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing
import TransparencyLog

/// Cosignatures (C2SP `tlog-cosignature`) and the policies that ask for them (`tlog-policy`).
@Suite struct WitnessTests {
    static let text = "vigie.example/essai\n3\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n"

    static func witness(_ number: UInt8) throws -> WitnessSigningKey {
        try WitnessSigningKey(
            name: "temoin.example/w\(number)",
            key: SigningKey(seed: [UInt8](repeating: number, count: 32)))
    }

    @Test func aCosignatureHoldsForItsTextAndNoOther() throws {
        let key = try Self.witness(1)
        let signature = try key.cosign(Self.text, at: 1_679_315_147)
        let verifier = key.verificationKey
        #expect(verifier.timestamp(of: signature, over: Self.text) == 1_679_315_147)
        #expect(verifier.timestamp(of: signature, over: Self.text + "x\n") == nil)
        let other = try Self.witness(2).verificationKey
        #expect(other.timestamp(of: signature, over: Self.text) == nil)
        for bit in 0..<(signature.bytes.count * 8) {
            var changed = signature
            changed.bytes[bit / 8] ^= 1 << (bit % 8)
            #expect(verifier.timestamp(of: changed, over: Self.text) == nil, "bit \(bit)")
        }
        for count in [0, 8, 71, 73] {
            var changed = signature
            changed.bytes = Array((signature.bytes + [0]).prefix(count))
            #expect(verifier.timestamp(of: changed, over: Self.text) == nil)
        }
    }

    @Test func aLogsSignatureIsNoCosignature() throws {
        let raw = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
        let log = try LogSigningKey(name: "temoin.example/w1", key: raw)
        var note = SignedNote(text: Self.text)
        try note.sign(with: log)
        let witness = try Self.witness(1).verificationKey
        #expect(!witness.isNamed(by: note.signatures[0]))
        var disguised = note.signatures[0]
        disguised.keyHash = witness.hash
        disguised.bytes = [UInt8](repeating: 0, count: 8) + disguised.bytes
        #expect(witness.timestamp(of: disguised, over: Self.text) == nil)
    }

    @Test func keysReadBackAndRefuseAnyOtherCharacter() throws {
        let key = try Self.witness(7)
        let text = key.verificationKey.text
        #expect(try WitnessVerificationKey(parsing: text) == key.verificationKey)
        let again = try WitnessSigningKey(parsing: key.privateText)
        #expect(again.verificationKey == key.verificationKey)
        #expect(!"\(key)".contains(key.privateText.suffix(40)))
        for index in text.utf8.indices {
            var bytes = Array(text.utf8)
            bytes[text.utf8.distance(from: text.startIndex, to: index)] ^= 1
            let changed = String(decoding: bytes, as: UTF8.self)
            #expect(throws: NoteError.self) { try WitnessVerificationKey(parsing: changed) }
        }
        let log = try LogSigningKey(name: "a", key: .generate())
        #expect(throws: NoteError.unknownAlgorithm) {
            try WitnessVerificationKey(parsing: log.verificationKey.text)
        }
        #expect(throws: NoteError.unknownAlgorithm) { try LogVerificationKey(parsing: text) }
    }

    @Test func linesAreSignaturesAndNothingElse() throws {
        let lines = try [1, 2].map { try Self.witness($0).cosign(Self.text, at: 5) }
        let bytes = Array((lines[0].line + lines[1].line).utf8)
        #expect(try SignedNote.Signature.lines(parsing: bytes) == lines)
        #expect(try SignedNote.Signature.lines(parsing: []).isEmpty)
        for wrong in ["x\n", "x\n\n" + lines[0].line, "\n", "— a\n", lines[0].line + "\n"] {
            #expect(throws: NoteError.self, "\(wrong)") {
                try SignedNote.Signature.lines(parsing: Array(wrong.utf8))
            }
        }
        #expect(throws: NoteError.self) {
            try SignedNote.Signature.lines(parsing: bytes.dropLast())
        }
        var note = SignedNote(text: Self.text, signatures: [lines[0]])
        note.merge(lines + lines)
        #expect(note.signatures == lines)
    }

    // MARK: Policies

    static func policy(_ rest: String, witnesses: ClosedRange<UInt8> = 1...6) throws -> String {
        try witnesses.map { number in
            "witness w\(number) \(try witness(number).verificationKey.text)\n"
        }.joined() + rest
    }

    /// The standard's example: two of three, and one of three.
    @Test func everySubsetOfTheStandardsExample() throws {
        let text = try Self.policy(
            """
            # comment

            \tgroup  X-witnesses 2 w1 w2 w3
            group Y-witnesses any w4 w5 w6
              group X-and-Y all X-witnesses Y-witnesses \t
            quorum X-and-Y

            """)
        let policy = try WitnessPolicy(parsing: Array(text.utf8))
        for subset in 0..<64 {
            let present = Set((0..<6).filter { subset >> $0 & 1 == 1 })
            let expected =
                present.intersection([0, 1, 2]).count >= 2
                && !present.isDisjoint(with: [3, 4, 5])
            #expect(policy.isQuorum(present) == expected, "\(present)")
            var note = SignedNote(text: Self.text)
            for number in present.sorted() {
                note.merge([try Self.witness(UInt8(number + 1)).cosign(Self.text, at: 9)])
            }
            let cosigning = policy.judge(note.signatures, over: Self.text)
            #expect(cosigning.isQuorum == expected && cosigning.statements.count == present.count)
        }
    }

    @Test func aFalseCosignatureOfAKnownWitnessSpoilsTheNote() throws {
        let policy = try WitnessPolicy(
            parsing: Array(Self.policy("quorum w1\n", witnesses: 1...2).utf8))
        let good = try Self.witness(1).cosign(Self.text, at: 9)
        var false2 = try Self.witness(2).cosign(Self.text, at: 9)
        let later = try Self.witness(1).cosign(Self.text, at: 12)
        let unknown = try Self.witness(3).cosign("other\n", at: 1)
        let fine = policy.judge([later, unknown, good], over: Self.text)
        #expect(fine.isQuorum && fine.unknownCount == 1)
        #expect(fine.statements.map(\.seconds) == [12])
        false2.bytes[20] ^= 1
        let spoilt = policy.judge([good, false2], over: Self.text)
        #expect(!spoilt.isQuorum && spoilt.invalid.count == 1)
    }

    static let refusals: [(String, WitnessPolicyError.Code, Int)] = [
        ("", .quorumCount, 1), ("quorum none", .malformedText, 1),
        ("quorum none\nquorum none\n", .quorumCount, 2), ("quorum w9\n", .undefinedName, 1),
        ("quorum none\r\n", .malformedText, 1), ("quorum none\u{7F}\n", .malformedText, 1),
        ("Quorum none\n", .unknownKeyword, 1), ("quorum\n", .wrongItemCount, 1),
        ("quorum none x\n", .wrongItemCount, 1), ("log\n", .wrongItemCount, 1),
        ("log abc\n", .badKey, 1), ("witness a b c\n", .badKey, 1),
        ("witness a b c d e\n", .wrongItemCount, 1), ("group g any\n", .wrongItemCount, 1),
        ("group g any none\n", .undefinedName, 1),
    ]

    @Test(arguments: refusals)
    func whatIsNoPolicy(text: String, code: WitnessPolicyError.Code, line: Int) {
        #expect(throws: WitnessPolicyError.self) {
            do throws(WitnessPolicyError) {
                _ = try WitnessPolicy(parsing: Array(text.utf8))
            } catch {
                #expect(error.code == code && error.line == line, "\(text): \(error)")
                throw error
            }
        }
    }

    static let groupRefusals: [(String, WitnessPolicyError.Code)] = [
        ("group g 0 w1", .badThreshold), ("group g 3 w1 w2", .badThreshold),
        ("group g +1 w1", .badThreshold), ("group g 99999999999999999999 w1", .badThreshold),
        ("group g any w1 w1", .repeatedMember), ("group w1 any w2", .duplicateName),
        ("group none any w2", .duplicateName), ("group g any g", .undefinedName),
        ("group g any w1\ngroup h any w1", .repeatedMember),
        ("group g any W1", .undefinedName), ("group g any w\u{301}1", .undefinedName),
    ]

    @Test(arguments: groupRefusals)
    func whatIsNoGroup(lines: String, code: WitnessPolicyError.Code) throws {
        let text = try Self.policy("\(lines)\nquorum none\n", witnesses: 1...2)
        do throws(WitnessPolicyError) {
            _ = try WitnessPolicy(parsing: Array(text.utf8))
            Issue.record("accepted: \(lines)")
        } catch {
            #expect(error.code == code)
        }
    }

    @Test func aKeyMayStandOnceUnderWhateverName() throws {
        let twin = try WitnessSigningKey(
            name: "autre", key: SigningKey(seed: [UInt8](repeating: 1, count: 32)))
        let text = try Self.policy(
            "witness x \(twin.verificationKey.text)\nquorum none\n", witnesses: 1...1)
        #expect(throws: WitnessPolicyError.self) { try WitnessPolicy(parsing: Array(text.utf8)) }
    }

    // MARK: Verification

    /// A log with a kept checkpoint of 3 entries and a head of 4.
    static func log() throws -> (MemoryLog, LogVerificationKey) {
        let key = try LogSigningKey(
            name: "vigie.example/essai", key: SigningKey(seed: [UInt8](repeating: 9, count: 32)))
        var log = try MemoryLog(key: key, openedAt: 1_000)
        for number in 1...3 {
            try log.append(
                """
                {"id":"\(number)","occurred_at":"2026-01-05T09:00:00.000Z","source":"portail",\
                "source_seq":\(number),"type":"heartbeat","v":1}
                """, recordedAt: 2_000)
            if number == 2 { try log.sign(keep: true) }
        }
        try log.sign()
        return (log, key.verificationKey)
    }

    private func report(
        logs: [LogVerificationKey] = [],
        _ change: (inout MemoryLog, _ head: CheckpointNote, _ kept: CheckpointNote) throws -> Void
    ) throws -> VerificationReport {
        var (log, key) = try Self.log()
        let head = try CheckpointNote(parsing: #require(log.files[.checkpoint]))
        let kept = try CheckpointNote(parsing: #require(log.files[.keptCheckpoint(size: 3)]))
        try change(&log, head, kept)
        let lines = logs.map { "log \($0.text)\n" }.joined()
        let text = try lines + Self.policy("group g all w1 w2\nquorum g\n", witnesses: 1...2)
        let policy = try WitnessPolicy(parsing: Array(text.utf8))
        return LogVerifier(keys: [key], demands: .init(policy: policy)).verify(log).report
    }

    private func cosign(_ note: CheckpointNote, _ numbers: [UInt8]) throws
        -> [SignedNote.Signature]
    {
        try numbers.map { try Self.witness($0).cosign(note.note.text, at: 50) }
    }

    @Test func aQuorumMayStandInTheNoteAndBesideIt() throws {
        let report = try report { log, head, _ in
            var note = head.note
            note.merge(try cosign(head, [1]))
            log.files[.checkpoint] = note.bytes
            let line = try cosign(head, [2])[0].line
            log.files[.cosignatures(size: 4)] = Array(line.utf8)
        }
        #expect(report.isIntact && report.witnesses?.head.isQuorum == true)
        #expect(report.witnesses?.witnessed?.treeSize == 4)
    }

    /// A policy that lists logs is for these: one of the log's keys must be among theirs.
    @Test func aPolicyThatListsLogsIsForThese() throws {
        let other = try LogSigningKey(
            name: "vigie.example/autre", key: SigningKey(seed: [UInt8](repeating: 8, count: 32)))
        let own = try Self.log().1
        for (logs, codes) in [
            ([own], []), ([other.verificationKey, own], []),
            ([other.verificationKey], [IntegrityViolation.Code.unlistedLog]),
        ] {
            let report = try report(logs: logs) { log, head, _ in
                let lines = try cosign(head, [1, 2]).map(\.line).joined()
                log.files[.cosignatures(size: 4)] = Array(lines.utf8)
            }
            #expect(report.violations.map(\.code) == codes)
        }
    }

    @Test func anEarlierCheckpointMayHaveTheQuorum() throws {
        let report = try report { log, _, kept in
            let lines = try cosign(kept, [1, 2]).map(\.line).joined()
            log.files[.cosignatures(size: 3)] = Array(lines.utf8)
        }
        #expect(report.isIntact && report.witnesses?.head.isQuorum == false)
        #expect(report.witnesses?.witnessed?.treeSize == 3)
    }

    @Test func cosignaturesOverAnotherTreeAreNone() throws {
        let report = try report { log, _, kept in
            let lines = try cosign(kept, [1, 2]).map(\.line).joined()
            log.files[.cosignatures(size: 4)] = Array(lines.utf8)
        }
        #expect(report.violations.map(\.code) == [.invalidCosignature, .quorumNotMet])
    }

    @Test func withoutQuorumAnywhereTheLogIsRefused() throws {
        let report = try report { log, head, _ in
            log.files[.cosignatures(size: 4)] = Array(try cosign(head, [1])[0].line.utf8)
        }
        #expect(report.violations.map(\.code) == [.quorumNotMet])
        let malformed = try self.report { log, _, _ in
            log.files[.cosignatures(size: 4)] = [0x41]
        }
        #expect(malformed.violations.map(\.code) == [.malformedCosignatures, .quorumNotMet])
    }
}
