// SPDX-License-Identifier: Apache-2.0

extension SignedNote.Signature {
    /// The signature as a line of a note, with its line feed.
    ///
    ///     — cse.example/temoin Hy49TJ…
    public var line: String {
        let hash = (0..<4).map { UInt8(truncatingIfNeeded: keyHash >> (24 - 8 * $0)) }
        return "— \(name) \(Base64.encode(hash + bytes))\n"
    }

    /// Parses lines of signatures, each with its line feed, as a witness answers them and as a
    /// `cosignatures/<size>` file holds them.
    ///
    /// - Throws: ``NoteError`` if the bytes are anything else, or too many.
    public static func lines(parsing bytes: [UInt8]) throws(NoteError) -> [Self] {
        guard !bytes.isEmpty else { return [] }
        // A note's reader knows the form of a line; the text before it is of no account.
        let note = try SignedNote(parsing: Array("-\n\n".utf8) + bytes)
        guard note.text.utf8.elementsEqual("-\n".utf8) else { throw .malformedNote }
        return note.signatures
    }
}

extension SignedNote {
    /// Adds signatures that the note does not hold yet, as far as a note may hold them.
    public mutating func merge(_ added: [Signature]) {
        for signature in added where signatures.count < Self.signatureCountMax {
            let line = signature.line.utf8
            guard !signatures.contains(where: { $0.line.utf8.elementsEqual(line) }) else {
                continue
            }
            signatures.append(signature)
        }
    }
}
