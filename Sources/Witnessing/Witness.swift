// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
public import TransparencyLog

/// Cosigns the checkpoints of logs that only grow (C2SP `tlog-witness`).
///
/// For each log it remembers the last checkpoint that it cosigned, and cosigns another one only
/// with a proof that the new tree begins with the old one. It never cosigns two trees of a log that
/// contradict each other, nor a smaller one after a larger one. What it gives away is recorded
/// first: a crash in between loses an answer, never the memory of it.
///
/// Calling it takes exclusive access, so that checking the old size and recording the new one are
/// one step. It does no input or output but through its store.
public struct Witness<Store: WitnessStore> {
    /// The key that verifies what this witness cosigns.
    public var verificationKey: WitnessVerificationKey { key.verificationKey }
    /// What the witness remembers.
    public internal(set) var store: Store
    private let key: WitnessSigningKey

    /// Makes a witness from its key and its memory.
    public init(key: WitnessSigningKey, store: Store) {
        self.key = key
        self.store = store
    }

    /// Answers an `add-checkpoint` request.
    ///
    /// - Parameters:
    ///   - body: The request's body.
    ///   - seconds: The present moment, in seconds since 1970.
    /// - Returns: What to answer. An error of the store is answered as 503.
    public mutating func addCheckpoint(_ body: [UInt8], at seconds: UInt64) -> WitnessAnswer {
        guard let request = AddCheckpoint(parsing: body),
            let checkpoint = try? Checkpoint(
                parsing: request.note.text, allowsExtensions: true)
        else { return WitnessAnswer(.malformed, "the request is not in the form\n") }
        do {
            return try judge(request, checkpoint, body, seconds)
        } catch {
            return WitnessAnswer(.unavailable, "the witness cannot record\n")
        }
    }

    /// The checks of the standard, in its order.
    private mutating func judge(
        _ request: AddCheckpoint, _ checkpoint: Checkpoint, _ body: [UInt8], _ seconds: UInt64
    ) throws -> WitnessAnswer {
        let keys = try store.keys(of: checkpoint.origin)
        guard !keys.isEmpty else {
            return WitnessAnswer(.unknownLog, "the witness does not know that log\n")
        }
        guard (try? request.note.verify(with: keys)) != nil else {
            return WitnessAnswer(.notSigned, "no signature is by a key of that log\n")
        }
        guard request.oldSize <= checkpoint.treeSize else {
            return WitnessAnswer(.malformed, "the old size is above the checkpoint's\n")
        }
        let known = try store.head(of: checkpoint.origin)
        let knownSize = known?.checkpoint.treeSize ?? 0
        guard request.oldSize == knownSize else {
            // One that is larger needs another proof, and says nothing.
            if let known, let kind = Self.suspicion(checkpoint, known.checkpoint),
                kind != .inconsistency
            {
                keep(kind, known, request, body, seconds)
            }
            return .conflict(size: knownSize)
        }
        guard continues(request, checkpoint, known?.checkpoint) else {
            if let known, let kind = Self.suspicion(checkpoint, known.checkpoint) {
                keep(kind, known, request, body, seconds)
            }
            return WitnessAnswer(
                .inconsistent, "the checkpoint is not shown to continue the last one\n")
        }
        return try cosign(request.note, checkpoint, keys, after: known, at: seconds)
    }

    /// What a checkpoint that is not cosigned says against its log.
    ///
    /// Anybody can send what the log signed, with a proof that is none: only what was signed counts.
    private static func suspicion(
        _ checkpoint: Checkpoint, _ known: Checkpoint
    ) -> WitnessEvidence.Kind? {
        if checkpoint.treeSize == known.treeSize {
            return checkpoint.rootHash == known.rootHash ? nil : .fork
        }
        return checkpoint.treeSize < known.treeSize ? .rollback : .inconsistency
    }

    /// Whether the proof shows that the new tree begins with the known one.
    private func continues(
        _ request: AddCheckpoint, _ checkpoint: Checkpoint, _ known: Checkpoint?
    ) -> Bool {
        if checkpoint.treeSize == 0 {
            return request.proof.isEmpty && checkpoint.rootHash == MerkleTree.emptyRoot
        }
        guard let known, known.treeSize > 0 else { return request.proof.isEmpty }
        let proof = ConsistencyProof(
            oldSize: request.oldSize, newSize: checkpoint.treeSize, hashes: request.proof)
        return proof.verify(oldRoot: known.rootHash, newRoot: checkpoint.rootHash)
    }

    private mutating func cosign(
        _ note: SignedNote, _ checkpoint: Checkpoint, _ keys: [LogVerificationKey],
        after known: WitnessedHead?, at seconds: UInt64
    ) throws -> WitnessAnswer {
        // A clock that went back must not give two statements that contradict each other.
        guard seconds >= known?.seconds ?? 0, seconds <= UInt64(Int64.max) else {
            return WitnessAnswer(.unavailable, "the witness's clock went back\n")
        }
        let cosignature = try key.cosign(note.text, at: seconds)
        var recorded = SignedNote(text: note.text)
        recorded.merge(
            note.signatures.filter { signature in
                keys.contains {
                    $0.hash == signature.keyHash && $0.name.utf8.elementsEqual(signature.name.utf8)
                }
            })
        recorded.merge([cosignature])
        // What is given away was recorded first; if that fails, nothing is given away.
        try store.record(
            WitnessedHead(note: recorded, checkpoint: checkpoint, seconds: seconds))
        return WitnessAnswer(.cosigned, cosignature.line)
    }

    private mutating func keep(
        _ kind: WitnessEvidence.Kind, _ known: WitnessedHead, _ request: AddCheckpoint,
        _ body: [UInt8], _ seconds: UInt64
    ) {
        // The request is refused whether or not the evidence could be kept.
        try? store.keep(
            WitnessEvidence(
                kind: kind, known: known, request: body, seconds: seconds,
                refused: request.note.text))
    }
}
