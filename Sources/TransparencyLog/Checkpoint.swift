// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// The name, size and root hash of a log at one moment (C2SP `tlog-checkpoint`).
///
///     vigie.example/pilote
///     70000
///     47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
public struct Checkpoint: Hashable, Sendable {
    /// The log's name.
    public var origin: String
    /// The number of entries.
    public var treeSize: UInt64
    /// The root hash over the entries.
    public var rootHash: SHA256Digest

    /// Makes a checkpoint from its parts.
    public init(origin: String, treeSize: UInt64, rootHash: SHA256Digest) {
        self.origin = origin
        self.treeSize = treeSize
        self.rootHash = rootHash
    }

    /// Parses the text of a note.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - allowsExtensions: Whether lines may follow that only the log itself understands. Logs of
    ///     this format have none, so a reader of such a log refuses them.
    /// - Throws: ``NoteError/malformedCheckpoint`` if the text is not in the form.
    public init(parsing text: String, allowsExtensions: Bool = false) throws(NoteError) {
        let lines = Array(text.utf8).split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count == 4 || lines.count > 4 && allowsExtensions, lines.last?.isEmpty == true,
            !lines.dropLast().contains(where: \.isEmpty),
            let origin = String(validating: lines[0], as: UTF8.self),
            let treeSize = Self.decimal(lines[1]),
            let root = Base64.decode(lines[2]), let rootHash = SHA256Digest(bytes: root)
        else { throw .malformedCheckpoint }
        self.init(origin: origin, treeSize: treeSize, rootHash: rootHash)
    }

    /// A size without leading zeros, less than 2^53 like every number of the format.
    private static func decimal(_ text: ArraySlice<UInt8>) -> UInt64? {
        guard !text.isEmpty, text.count <= 16, text.first != 0x30 || text.count == 1 else {
            return nil
        }
        var value: UInt64 = 0
        for character in text {
            guard (0x30...0x39).contains(character) else { return nil }
            value = value * 10 + UInt64(character - 0x30)
        }
        return value < 1 << 53 ? value : nil
    }

    /// The text that is signed.
    public var text: String {
        "\(origin)\n\(treeSize)\n\(Base64.encode(rootHash.bytes))\n"
    }

    /// The checkpoint as a note that a key has signed.
    ///
    /// - Throws: ``NoteError/signingFailed`` if libcrypto fails.
    public func signed(with key: LogSigningKey) throws(NoteError) -> SignedNote {
        var note = SignedNote(text: text)
        try note.sign(with: key)
        return note
    }
}

/// A checkpoint as it stands in a file, with its note: parsed, and not yet trusted.
public struct CheckpointNote: Hashable, Sendable {
    /// The note.
    public let note: SignedNote
    /// What the note's text says.
    public let checkpoint: Checkpoint

    /// Parses the bytes of a checkpoint file.
    ///
    /// - Throws: ``NoteError`` if they are not a note with a checkpoint.
    public init(parsing bytes: [UInt8]) throws(NoteError) {
        note = try SignedNote(parsing: bytes)
        checkpoint = try Checkpoint(parsing: note.text)
    }
}
