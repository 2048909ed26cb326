// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import Testing
import TransparencyLog
import Witnessing

/// The protocol of C2SP `tlog-witness`, status by status.
@Suite struct WitnessTests {
    let log: SmallLog
    let fork: SmallLog
    var witness: Witness<MemoryStore>

    init() throws {
        log = try SmallLog(prefix: 16, salt: 0)
        fork = try SmallLog(prefix: 3, salt: 1)
        var store = MemoryStore()
        store.known[SmallLog.origin] = [log.key.verificationKey]
        witness = try Self.witness(store)
    }

    static func witness(_ store: MemoryStore) throws -> Witness<MemoryStore> {
        let key = try WitnessSigningKey(
            name: "temoin.example/cse", key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        return Witness(key: key, store: store)
    }

    private mutating func ask(
        _ request: AddCheckpoint, at seconds: UInt64 = 100
    ) -> WitnessAnswer {
        witness.addCheckpoint(request.body, at: seconds)
    }

    private func text(_ answer: WitnessAnswer) -> String {
        String(decoding: answer.body, as: UTF8.self)
    }

    @Test mutating func cosignsALogThatGrows() throws {
        for (step, (old, new)) in [(0, 3), (3, 3), (3, 8), (8, 16)].enumerated() {
            let request = try log.request(old, new)
            let answer = ask(request, at: UInt64(100 + step))
            #expect(answer.status == .cosigned)
            let lines = try SignedNote.Signature.lines(parsing: answer.body)
            #expect(
                witness.verificationKey.timestamp(of: lines[0], over: request.note.text)
                    == UInt64(100 + step))
            let head = try #require(try witness.store.head(of: SmallLog.origin))
            #expect(head.checkpoint == log.checkpoint(new))
            #expect(head.note.signatures.count == 2)
        }
        #expect(witness.store.evidence.isEmpty)
    }

    @Test mutating func aWrongOldSizeIsAConflictThatNamesTheRightOne() throws {
        #expect(try ask(log.request(0, 5)).status == .cosigned)
        for old in [0, 4, 6] {
            let answer = ask(try log.request(old, 9))
            #expect(answer.status == .conflict && text(answer) == "5\n")
            #expect(answer.contentType == "text/x.tlog.size")
        }
        #expect(try ask(log.request(5, 9)).status == .cosigned)
        let never = try SmallLog(prefix: 16, salt: 0)
        witness = try Self.witness(MemoryStore(known: witness.store.known))
        let answer = ask(try never.request(2, 9))
        #expect(answer.status == .conflict && text(answer) == "0\n")
    }

    /// Anybody can send the last checkpoint with hashes that prove nothing: it accuses nobody.
    @Test mutating func theSameCheckpointIsNoFork() throws {
        #expect(try ask(log.request(0, 5)).status == .cosigned)
        var request = try log.request(5, 5)
        request = AddCheckpoint(oldSize: 5, proof: [.zero], note: request.note)
        #expect(ask(request).status == .inconsistent)
        #expect(try ask(log.request(4, 5)).status == .conflict)
        #expect(witness.store.evidence.isEmpty)
    }

    @Test mutating func aForkIsRefusedAndKept() throws {
        #expect(try ask(log.request(0, 5)).status == .cosigned)
        #expect(try ask(fork.request(5, 5)).status == .inconsistent)
        #expect(try ask(fork.request(5, 9)).status == .inconsistent)
        #expect(try ask(fork.request(0, 5)).status == .conflict)
        #expect(witness.store.evidence.map(\.kind) == [.fork, .inconsistency, .fork])
        let first = witness.store.evidence[0]
        #expect(try AddCheckpoint(parsing: first.request) == fork.request(5, 5))
        #expect(first.known.checkpoint == log.checkpoint(5))
        #expect(try ask(log.request(5, 9)).status == .cosigned)
    }

    @Test mutating func aRollbackIsRefusedAndKept() throws {
        #expect(try ask(log.request(0, 9)).status == .cosigned)
        let answer = ask(try log.request(0, 5))
        #expect(answer.status == .conflict && text(answer) == "9\n")
        #expect(witness.store.evidence.map(\.kind) == [.rollback])
        // With the right old size the request contradicts itself.
        let twisted = AddCheckpoint(oldSize: 9, proof: [], note: try log.request(0, 5).note)
        #expect(ask(twisted).status == .malformed)
    }

    @Test mutating func keysAndNamesAreTheLogs() throws {
        let stranger = try SmallLog(prefix: 16, salt: 0, seed: 2)
        #expect(try ask(stranger.request(0, 5)).status == .notSigned)
        var unknown = try log.request(0, 5)
        unknown.note.text = unknown.note.text.replacing("essai", with: "autre")
        #expect(ask(unknown).status == .unknownLog)
        // A signature by an unknown key beside the log's is passed over; a false one by the log's
        // key spoils the note.
        var both = try log.request(0, 5)
        both.note.merge(try stranger.request(0, 5).note.signatures)
        var spoilt = both
        spoilt.note.signatures[0].bytes[3] ^= 1
        #expect(ask(spoilt).status == .notSigned)
        #expect(ask(both).status == .cosigned)
        // Only what was verified is recorded.
        #expect(witness.store.heads[SmallLog.origin]?.note.signatures.count == 2)
    }

    @Test mutating func anEmptyTreeHasOneRootAndNoProof() throws {
        var wrong = try log.request(0, 0)
        var note = SignedNote(
            text: Checkpoint(
                origin: SmallLog.origin, treeSize: 0, rootHash: log.leaves[0]
            ).text)
        try note.sign(with: log.key)
        wrong.note = note
        #expect(ask(wrong).status == .inconsistent)
        var proof = try log.request(0, 5)
        proof.proof = [log.leaves[0]]
        #expect(ask(proof).status == .inconsistent)
        #expect(try ask(log.request(0, 0)).status == .cosigned)
        #expect(ask(proof).status == .inconsistent)
        #expect(try ask(log.request(0, 5)).status == .cosigned)
    }

    @Test mutating func everyChangeOfAProofIsRefused() throws {
        #expect(try ask(log.request(0, 5)).status == .cosigned)
        let good = try log.request(5, 13)
        for place in good.proof.indices {
            var changed = good
            changed.proof.remove(at: place)
            #expect(ask(changed).status == .inconsistent)
            changed = good
            changed.proof.insert(good.proof[place], at: place)
            #expect(ask(changed).status == .inconsistent)
            changed = good
            changed.proof[place] = log.leaves[0]
            #expect(ask(changed).status == .inconsistent)
        }
        #expect(ask(good).status == .cosigned)
    }

    static let malformed = [
        "", "old 0\n", "old 0\n\n", "old 00\n\nNOTE", "old -1\n\nNOTE", "old\n\nNOTE",
        "OLD 0\n\nNOTE", " old 0\n\nNOTE", "old 0 \n\nNOTE", "old 9223372036854775808\n\nNOTE",
        "old 99999999999999999999999\n\nNOTE", "old 0\nAAAA\n\nNOTE", "old 0\n!\n\nNOTE",
        "old 0\r\n\r\nNOTE", "old 0\n\n\nNOTE", "old 0\nNOTE", "\n\nNOTE",
        "old 0\n" + String(repeating: "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n", count: 64)
            + "\nNOTE",
    ]

    @Test(arguments: malformed)
    mutating func whatIsNoRequest(text: String) throws {
        let note = String(decoding: try log.request(0, 5).note.bytes, as: UTF8.self)
        let body = Array(text.replacing("NOTE", with: note).utf8)
        #expect(witness.addCheckpoint(body, at: 1).status == .malformed)
    }

    @Test mutating func anyByteMayChangeOrGoWithoutATrap() throws {
        let body = try log.request(0, 5).body
        var numbers = SeededNumbers(state: 4)
        for index in body.indices {
            var changed = body
            changed[index] = UInt8.random(in: 0...255, using: &numbers)
            let answer = witness.addCheckpoint(Array(changed), at: 1)
            #expect(answer.status != .cosigned || changed == body)
            #expect(witness.addCheckpoint(Array(body[..<index]), at: 1).status == .malformed)
        }
        let long = body + [UInt8](repeating: 0x41, count: AddCheckpoint.byteCountMax)
        #expect(witness.addCheckpoint(long, at: 1).status == .malformed)
    }

    @Test mutating func extensionLinesAreCosignedAsTheyAre() throws {
        var note = SignedNote(text: log.checkpoint(5).text + "extension 1\n")
        try note.sign(with: log.key)
        let request = AddCheckpoint(oldSize: 0, proof: [], note: note)
        let answer = ask(request)
        #expect(answer.status == .cosigned)
        let line = try SignedNote.Signature.lines(parsing: answer.body)[0]
        #expect(witness.verificationKey.timestamp(of: line, over: note.text) == 100)
        #expect(witness.verificationKey.timestamp(of: line, over: log.checkpoint(5).text) == nil)
    }

    // MARK: What it remembers

    @Test mutating func nothingIsGivenAwayThatCouldNotBeRecorded() throws {
        witness = try Self.witness(
            MemoryStore(known: witness.store.known, failsToRecord: true))
        let answer = ask(try log.request(0, 5))
        #expect(answer.status == .unavailable && !text(answer).contains("—"))
        witness = try Self.witness(MemoryStore(known: witness.store.known, failsToRead: true))
        #expect(ask(try log.request(0, 5)).status == .unavailable)
    }

    @Test mutating func aForkIsRefusedEvenWhereItCannotBeKept() throws {
        let store = MemoryStore(known: witness.store.known, failsToKeep: true)
        witness = try Self.witness(store)
        #expect(try ask(log.request(0, 5)).status == .cosigned)
        #expect(try ask(fork.request(5, 5)).status == .inconsistent)
    }

    @Test mutating func aClockThatWentBackCosignsNothing() throws {
        #expect(try ask(log.request(0, 5), at: 100).status == .cosigned)
        #expect(try ask(log.request(5, 9), at: 99).status == .unavailable)
        #expect(try ask(log.request(5, 9), at: 100).status == .cosigned)
        #expect(try ask(log.request(9, 10), at: .max).status == .unavailable)
    }

    /// Two histories, all sizes, right and wrong old sizes, restarts: whatever comes, the trees that
    /// were cosigned are one history, and their sizes and times never fall.
    @Test(arguments: [1, 2, 3] as [UInt64])
    mutating func cosignsOneHistoryWhateverComes(seed: UInt64) throws {
        print("seed \(seed)")
        var numbers = SeededNumbers(state: seed)
        var cosigned: [(checkpoint: Checkpoint, isFork: Bool)] = []
        for step in 0..<400 {
            if Int.random(in: 0..<20, using: &numbers) == 0 {
                witness = try Self.witness(witness.store)
            }
            let isFork = Bool.random(using: &numbers)
            let source = isFork ? fork : log
            let known = Int(cosigned.last?.checkpoint.treeSize ?? 0)
            let old =
                Bool.random(using: &numbers) ? known : Int.random(in: 0...16, using: &numbers)
            let new = Int.random(in: 0...16, using: &numbers)
            guard ask(try source.request(old, new), at: UInt64(step)).status == .cosigned else {
                continue
            }
            if let last = cosigned.last {
                #expect(new >= Int(last.checkpoint.treeSize))
            }
            cosigned.append((source.checkpoint(new), isFork))
        }
        let beyond = cosigned.filter { $0.checkpoint.treeSize > 3 }
        #expect(Set(beyond.map(\.isFork)).count == 1, "both histories were cosigned")
        #expect(cosigned.count >= 5)
    }
}
