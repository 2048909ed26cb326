// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import TransparencyLog
import Witnessing

/// A store in memory that may fail, before or after it took what it was given.
struct MemoryStore: WitnessStore {
    struct Failure: Error {}

    var known: [String: [LogVerificationKey]] = [:]
    var heads: [String: WitnessedHead] = [:]
    var evidence: [WitnessEvidence] = []
    var failsToRead = false
    var failsToRecord = false
    var failsToKeep = false

    func keys(of origin: String) throws -> [LogVerificationKey] {
        if failsToRead { throw Failure() }
        return known[origin] ?? []
    }

    func head(of origin: String) throws -> WitnessedHead? {
        if failsToRead { throw Failure() }
        return heads[origin]
    }

    mutating func record(_ head: WitnessedHead) throws {
        if failsToRecord { throw Failure() }
        heads[head.checkpoint.origin] = head
    }

    mutating func supersede(
        _ old: LogVerificationKey, by new: LogVerificationKey
    ) throws {
        if failsToRecord { throw Failure() }
        known[old.name] = (known[old.name] ?? []).filter { $0 != old } + [new]
    }

    mutating func keep(_ evidence: WitnessEvidence) throws {
        if failsToKeep { throw Failure() }
        self.evidence.append(evidence)
    }
}

/// A log with a signing key whose every size can be signed and proven: honest, or a fork.
struct SmallLog: HashReader {
    static let origin = "vigie.example/essai"
    let key: LogSigningKey
    let leaves: [SHA256Digest]

    /// Two logs with the same prefix have the same leaves up to it.
    init(prefix: Int, salt: UInt8, count: Int = 16, seed: UInt8 = 1) throws {
        key = try LogSigningKey(
            name: Self.origin, key: SigningKey(seed: [UInt8](repeating: seed, count: 32)))
        leaves = (0..<count).map { index in
            SHA256Hasher().leafHash([
                UInt8(index / 256), UInt8(index % 256), index < prefix ? 0 : salt,
            ])
        }
    }

    func subtreeHash(level: Int, index: UInt64) -> SHA256Digest? {
        let start = Int(index) << level
        guard start + 1 << level <= leaves.count else { return nil }
        return MerkleTree.root(of: Array(leaves[start..<(start + 1 << level)]))
    }

    func checkpoint(_ size: Int) -> Checkpoint {
        Checkpoint(
            origin: Self.origin, treeSize: UInt64(size),
            rootHash: MerkleTree.root(of: Array(leaves[..<size])))
    }

    /// An honest request from one size to another.
    func request(_ old: Int, _ new: Int) throws -> AddCheckpoint {
        let proof =
            old == 0 || old > new
            ? []
            : try ConsistencyProof.prove(
                oldSize: UInt64(old), newSize: UInt64(new), reader: self
            ).hashes
        return AddCheckpoint(
            oldSize: UInt64(old), proof: proof, note: try checkpoint(new).signed(with: key))
    }
}

/// Numbers that are the same in each run.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
