// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import TransparencyLog

/// Logs whose key changes.
///
/// The standard leaves open how a witness learns the next key of a log; a log of this format
/// changes its key every night, and destroys the old one. The entry that announces the next key is
/// the last one that the old key signs, so the witness has cosigned it: a proof that it is in that
/// very tree is all that it needs, and nobody has to be asked.
extension Witness {
    /// Answers an `add-key` request, which is not part of the standard.
    ///
    /// - Parameter body: A `.tlog-proof` of the last entry under the checkpoint that this witness
    ///   cosigned last, with the entry as the proof's extra bytes.
    /// - Returns: What to answer: 200 if the log's next key is trusted from now on, and the old one
    ///   no longer.
    public mutating func addKey(_ body: [UInt8]) -> WitnessAnswer {
        guard let proof = try? LogProof(parsing: body) else {
            return WitnessAnswer(.malformed, "the request is not in the form\n")
        }
        do {
            return try judge(proof)
        } catch {
            return WitnessAnswer(.unavailable, "the witness cannot record\n")
        }
    }

    private mutating func judge(_ proof: LogProof) throws -> WitnessAnswer {
        let checkpoint = proof.head.checkpoint
        let keys = try store.keys(of: checkpoint.origin)
        guard !keys.isEmpty else {
            return WitnessAnswer(.unknownLog, "the witness does not know that log\n")
        }
        guard let signer = try? proof.head.note.verify(with: keys) else {
            return WitnessAnswer(.notSigned, "no signature is by a key of that log\n")
        }
        guard let known = try store.head(of: checkpoint.origin)?.checkpoint, known == checkpoint
        else {
            let size = try store.head(of: checkpoint.origin)?.checkpoint.treeSize
            return .conflict(size: size ?? 0)
        }
        guard proof.inclusion.index + 1 == checkpoint.treeSize,
            case .holds = proof.verify(entry: proof.extra, keys: keys),
            let announced = LogAnnouncement(entry: proof.extra), announced.isRotation,
            case let next = announced.key,
            next.name.utf8.elementsEqual(checkpoint.origin.utf8)
        else {
            return WitnessAnswer(
                .inconsistent, "the last entry is not shown to announce a key\n")
        }
        try store.supersede(signer, by: next)
        return WitnessAnswer(.cosigned, "")
    }
}
