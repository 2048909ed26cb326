// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import Merkle

/// Evidence that an entry is in a log, for somebody who has nothing but the log's public key
/// (C2SP `tlog-proof`).
///
///     c2sp.org/tlog-proof@v1
///     index 73894
///     gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
///
///     vigie.example/pilote
///     109482
///     sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=
///
///     — vigie.example/pilote hI2DJw…
///
/// It shows nothing of any other entry but hashes.
public struct LogProof: Hashable, Sendable {
    /// The greatest number of bytes of a proof.
    public static let byteCountMax = 80 * 1_024
    private static let opening = "c2sp.org/tlog-proof@v1"
    private static let hashCountMax = 64

    /// The proof of inclusion.
    public let inclusion: InclusionProof
    /// The signed head that it leads to.
    public let head: CheckpointNote
    /// What the writer of the proof added; nothing vouches for it.
    public let extra: [UInt8]

    /// Makes a proof from its parts, which nothing has checked.
    public init(inclusion: InclusionProof, head: CheckpointNote, extra: [UInt8] = []) {
        (self.inclusion, self.head, self.extra) = (inclusion, head, extra)
    }

    /// Parses the bytes of a `.tlog-proof` file.
    ///
    /// - Throws: ``ProofError`` if they are not in the form.
    public init(parsing bytes: [UInt8]) throws(ProofError) {
        guard bytes.count <= Self.byteCountMax, let split = ProofText.emptyLine(bytes) else {
            throw ProofError(.malformedProof)
        }
        var lines = ProofText.lines(bytes[..<split])[...]
        guard lines.popFirst()?.elementsEqual(Self.opening.utf8) == true else {
            throw ProofError(.malformedProof)
        }
        extra = try Self.takeExtra(&lines)
        guard let first = lines.popFirst(), let index = ProofText.number(first, after: "index "),
            let hashes = ProofText.hashes(lines, countMax: Self.hashCountMax),
            let head = try? CheckpointNote(parsing: Array(bytes[(split + 1)...]))
        else { throw ProofError(.malformedProof) }
        self.head = head
        inclusion = InclusionProof(
            index: index, treeSize: head.checkpoint.treeSize, hashes: hashes)
    }

    private static func takeExtra(
        _ lines: inout ArraySlice<ArraySlice<UInt8>>
    ) throws(ProofError) -> [UInt8] {
        let word = Array("extra ".utf8)
        guard let line = lines.first, line.starts(with: word) else { return [] }
        guard let bytes = Base64.decode(line.dropFirst(word.count)), !bytes.isEmpty else {
            throw ProofError(.malformedProof)
        }
        lines.removeFirst()
        return bytes
    }

    /// The number of hashes: at most the logarithm of the log's size, rounded up.
    public var hashCount: Int { inclusion.hashes.count }

    /// The proof as the bytes of a file.
    public var bytes: [UInt8] {
        var text = Self.opening + "\n"
        if !extra.isEmpty { text += "extra \(Base64.encode(extra))\n" }
        text += "index \(inclusion.index)\n" + ProofText.text(inclusion.hashes) + "\n"
        return Array(text.utf8) + head.note.bytes
    }

    /// Whether the proof holds for an entry, under a signature by one of some keys.
    ///
    /// It says that the entry was logged at its index, unaltered, before the head was signed. It does
    /// not say that what the entry records was permitted, nor that it is true.
    public func verify(entry: [UInt8], keys: [LogVerificationKey]) -> ProofOutcome {
        let outcome = verify(leafHash: SHA256Hasher().leafHash(entry), keys: keys)
        guard case .holds = outcome else { return outcome }
        guard let scanned = try? EntryScanner().scan(entry), scanned.seq == inclusion.index else {
            return .notIncluded
        }
        return outcome
    }

    /// Whether the proof holds for an entry of which only the hash may be known.
    ///
    /// It says that an entry of that hash was logged at the index before the head was signed: so that
    /// nobody can exchange it afterwards. What it records is for those to read who may.
    public func verify(leafHash: SHA256Digest, keys: [LogVerificationKey]) -> ProofOutcome {
        guard let signer = try? head.note.verify(with: keys),
            signer.name.utf8.elementsEqual(head.checkpoint.origin.utf8)
        else { return .unknownSignature }
        guard inclusion.treeSize == head.checkpoint.treeSize,
            inclusion.verify(leafHash: leafHash, root: head.checkpoint.rootHash)
        else { return .notIncluded }
        return .holds(signer)
    }
}

/// What came of checking a proof.
public enum ProofOutcome: Hashable, Sendable {
    /// It holds, under a head that this key signed.
    case holds(LogVerificationKey)
    /// None of the given keys signed the head, or a signature is wrong.
    case unknownSignature
    /// The hashes do not lead from what was given to the signed head.
    case notIncluded
}
