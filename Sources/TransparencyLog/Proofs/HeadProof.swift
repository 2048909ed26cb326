// SPDX-License-Identifier: Apache-2.0

public import Merkle

/// Evidence that an older head's entries are the beginning of a newer head's.
///
/// The form is that of a request to a witness (C2SP `tlog-witness`), so that the same bytes serve
/// both:
///
///     old 20852163
///     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
///
///     vigie.example/pilote
///     20852195
///     sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=
///
///     — vigie.example/pilote hI2DJw…
public struct HeadProof: Hashable, Sendable {
    /// The proof of consistency.
    public let consistency: ConsistencyProof
    /// The newer head.
    public let head: CheckpointNote

    /// Makes a proof from its parts, which nothing has checked.
    public init(consistency: ConsistencyProof, head: CheckpointNote) {
        (self.consistency, self.head) = (consistency, head)
    }

    /// Parses the bytes of a file.
    ///
    /// - Throws: ``ProofError`` if they are not in the form.
    public init(parsing bytes: [UInt8]) throws(ProofError) {
        guard bytes.count <= LogProof.byteCountMax, let split = ProofText.emptyLine(bytes) else {
            throw ProofError(.malformedProof)
        }
        var lines = ProofText.lines(bytes[..<split])[...]
        guard let first = lines.popFirst(), let oldSize = ProofText.number(first, after: "old "),
            let hashes = ProofText.hashes(lines, countMax: 63),
            let head = try? CheckpointNote(parsing: Array(bytes[(split + 1)...]))
        else { throw ProofError(.malformedProof) }
        self.head = head
        consistency = ConsistencyProof(
            oldSize: oldSize, newSize: head.checkpoint.treeSize, hashes: hashes)
    }

    /// The proof as the bytes of a file.
    public var bytes: [UInt8] {
        let text = "old \(consistency.oldSize)\n" + ProofText.text(consistency.hashes) + "\n"
        return Array(text.utf8) + head.note.bytes
    }

    /// Whether the proof joins an older head to its own, both signed by one of some keys.
    public func verify(old: CheckpointNote, keys: [LogVerificationKey]) -> ProofOutcome {
        guard let signer = try? head.note.verify(with: keys),
            let oldSigner = try? old.note.verify(with: keys),
            [signer, oldSigner].allSatisfy({
                $0.name.utf8.elementsEqual(head.checkpoint.origin.utf8)
            })
        else { return .unknownSignature }
        guard old.checkpoint.origin.utf8.elementsEqual(head.checkpoint.origin.utf8),
            old.checkpoint.treeSize == consistency.oldSize,
            consistency.newSize == head.checkpoint.treeSize,
            consistency.verify(
                oldRoot: old.checkpoint.rootHash, newRoot: head.checkpoint.rootHash)
        else { return .notIncluded }
        return .holds(signer)
    }
}
