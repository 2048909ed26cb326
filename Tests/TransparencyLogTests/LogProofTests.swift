// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing
import TransparencyLog

/// Evidence that leaves a log: it holds for what it was made for, and for nothing else.
@Suite struct LogProofTests {
    let key: LogSigningKey
    let log: MemoryLog

    init() throws {
        key = try LogSigningKey(
            name: "vigie.example/test", key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        var log = try MemoryLog(key: key, openedAt: 1_767_225_600_000)
        for number in 1..<700 {
            if [1, 255, 256, 257, 511, 512, 513].contains(number) { try log.sign(keep: true) }
            try log.append(
                """
                {"id":"e-\(number)","occurred_at":"2026-01-05T09:00:00.000Z","source":"portail",\
                "source_seq":\(number),"type":"heartbeat","v":1}
                """, recordedAt: 1_767_225_600_000 + Int64(number))
        }
        try log.sign(keep: true)
        self.log = log
    }

    private var keys: [LogVerificationKey] { [key.verificationKey] }

    @Test func everyEntryIsProvenUnderTheHead() throws {
        let prover = try LogProver(log)
        for index in UInt64(0)..<700 {
            let proof = try prover.prove(index: index)
            let entry = try prover.entry(at: index)
            #expect(try LogProof(parsing: proof.bytes) == proof)
            #expect(proof.verify(entry: entry, keys: keys) == .holds(key.verificationKey))
            let other = try prover.entry(at: index == 0 ? 1 : index - 1)
            #expect(proof.verify(entry: other, keys: keys) == .notIncluded)
        }
        #expect(throws: ProofError(.outsideHead, index: 700)) { try prover.prove(index: 700) }
        #expect(throws: ProofError(.outsideHead, index: 700)) { try prover.entry(at: 700) }
        // All of them needed three level-0 tiles and one above.
        #expect(prover.readCount == 4)
    }

    @Test(arguments: [1, 255, 256, 257, 511, 512, 513, 700] as [UInt64])
    func aKeptCheckpointProvesToo(_ size: UInt64) throws {
        let prover = try LogProver(log)
        for index in [0, size / 2, size - 1] {
            let proof = try prover.prove(index: index, size: size)
            let entry = try prover.entry(at: index)
            #expect(proof.verify(entry: entry, keys: keys) == .holds(key.verificationKey))
        }
        #expect(throws: ProofError.self) { try prover.prove(index: size, size: size) }
    }

    @Test func anyTwoHeadsAreJoined() throws {
        let sizes: [UInt64] = [1, 255, 256, 257, 511, 512, 513, 700]
        let prover = try LogProver(log)
        for (place, oldSize) in sizes.enumerated() {
            let old = try prover.checkpoint(size: oldSize)
            for newSize in sizes[place...] {
                let proof = try prover.prove(oldSize: oldSize, size: newSize)
                #expect(try HeadProof(parsing: proof.bytes) == proof)
                #expect(proof.verify(old: old, keys: keys) == .holds(key.verificationKey))
                let wrong = try prover.checkpoint(size: oldSize == 256 ? 257 : 256)
                #expect(proof.verify(old: wrong, keys: keys) == .notIncluded)
            }
        }
    }

    /// Each byte of a proof, and of its entry, changed in each of two bits.
    @Test func noChangedByteHolds() throws {
        let prover = try LogProver(log)
        let (proof, entry) = (try prover.prove(index: 300), try prover.entry(at: 300))
        for place in 0..<(2 * proof.bytes.count) {
            var bytes = proof.bytes
            let offset = place / 2
            bytes[offset] ^= place % 2 == 0 ? 1 : 0x20
            guard let changed = try? LogProof(parsing: bytes) else { continue }
            if case .holds = changed.verify(entry: entry, keys: keys) {
                Issue.record("byte \(offset) may be changed")
            }
        }
        for offset in entry.indices {
            var bytes = entry
            bytes[offset] ^= 1
            #expect(proof.verify(entry: bytes, keys: keys) == .notIncluded)
        }
    }

    @Test func anotherLogsKeyProvesNothing() throws {
        let prover = try LogProver(log)
        let other = try LogSigningKey(
            name: "vigie.example/test", key: SigningKey(seed: [UInt8](repeating: 8, count: 32)))
        let proof = try prover.prove(index: 3)
        let outcome = proof.verify(
            entry: try prover.entry(at: 3), keys: [other.verificationKey])
        #expect(outcome == .unknownSignature)
    }

    @Test(arguments: [
        "", "\n\n", "c2sp.org/tlog-proof@v1\n\n", "c2sp.org/tlog-proof@v1\nindex 01\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 9007199254740992\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 99999999999999999999\n\nx",
        "c2sp.org/tlog-proof@v1\nextra \nindex 1\n\nx", "old 1\n\n", "index 1\n\n",
    ])
    func hostileTextIsRefused(_ text: String) {
        #expect(throws: ProofError.self) { try LogProof(parsing: Array(text.utf8)) }
        #expect(throws: ProofError.self) { try HeadProof(parsing: Array(text.utf8)) }
    }

    /// A log whose files do not give the signed root gives no evidence.
    @Test func anAlteredLogProvesNothing() throws {
        var altered = log
        altered.files[.tile(level: 0, index: 0, width: 256)]?[7 * 32] ^= 1
        let prover = try LogProver(altered)
        #expect(throws: ProofError(.differsFromHead, index: 7)) { try prover.prove(index: 7) }
        #expect(throws: ProofError(.differsFromHead, index: 7)) { try prover.entry(at: 7) }
        #expect(throws: ProofError(.differsFromHead, index: 9)) { try prover.prove(index: 9) }
    }
}
