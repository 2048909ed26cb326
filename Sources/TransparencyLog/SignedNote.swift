// SPDX-License-Identifier: Apache-2.0

import Cryptography

/// A text with signatures under it (C2SP `signed-note`).
///
///     vigie.example/pilote
///     70000
///     47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
///
///     — vigie.example/pilote Hy49TJ…
public struct SignedNote: Hashable, Sendable {
    /// One signature, as it stands in the note.
    public struct Signature: Hashable, Sendable {
        /// The name of the key.
        public var name: String
        /// The key's hash.
        public var keyHash: UInt32
        /// The signature's bytes.
        public var bytes: [UInt8]

        /// Makes a signature from its parts.
        public init(name: String, keyHash: UInt32, bytes: [UInt8]) {
            self.name = name
            self.keyHash = keyHash
            self.bytes = bytes
        }
    }

    /// The greatest number of bytes of a note.
    public static let byteCountMax = 64 * 1_024
    /// The greatest number of signatures of a note.
    public static let signatureCountMax = 100

    /// The signed text, with its last line feed.
    public var text: String
    /// The signatures, in the order of the note.
    public var signatures: [Signature]

    /// Makes a note from its text, which ends with a line feed, and signatures.
    public init(text: String, signatures: [Signature] = []) {
        self.text = text
        self.signatures = signatures
    }

    /// Parses a note; its signatures are not checked.
    ///
    /// - Throws: ``NoteError`` if the bytes are not a note, or too many.
    public init(parsing bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= Self.byteCountMax else { throw .oversizedNote }
        guard bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }), bytes.last == 0x0A,
            String(validating: bytes, as: UTF8.self) != nil,
            let split = Self.lastEmptyLine(bytes),
            let text = String(validating: bytes[..<split], as: UTF8.self)
        else { throw .malformedNote }
        var signatures: [Signature] = []
        for line in bytes[(split + 1)...].dropLast().split(
            separator: 0x0A, omittingEmptySubsequences: false)
        {
            guard signatures.count < Self.signatureCountMax else { throw .oversizedNote }
            guard let signature = Self.signature(line) else { throw .malformedNote }
            signatures.append(signature)
        }
        self.init(text: text, signatures: signatures)
    }

    /// Where the last empty line is: after the text's line feed.
    private static func lastEmptyLine(_ bytes: [UInt8]) -> Int? {
        var index = bytes.count - 1
        while index > 1 {
            if bytes[index] == 0x0A, bytes[index - 1] == 0x0A {
                return index < bytes.count - 1 ? index : nil
            }
            index -= 1
        }
        return nil
    }

    private static func signature(_ line: ArraySlice<UInt8>) -> Signature? {
        let dash = Array("— ".utf8)
        guard line.starts(with: dash) else { return nil }
        let parts = line.dropFirst(dash.count).split(
            separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 2, LogVerificationKey.isAllowed(parts[0]),
            let name = String(validating: parts[0], as: UTF8.self),
            let bytes = Base64.decode(parts[1]), bytes.count >= 5
        else { return nil }
        let hash = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Signature(name: name, keyHash: hash, bytes: Array(bytes.dropFirst(4)))
    }

    /// The note as bytes.
    public var bytes: [UInt8] {
        var note = text + "\n"
        for signature in signatures { note += signature.line }
        return Array(note.utf8)
    }

    /// Adds a key's signature.
    ///
    /// - Throws: ``NoteError/signingFailed`` if libcrypto fails.
    public mutating func sign(with key: LogSigningKey) throws(NoteError) {
        guard let bytes = try? key.key.sign(Array(text.utf8)) else {
            // libcrypto gives no reason that a caller could act on.
            throw .signingFailed
        }
        let verificationKey = key.verificationKey
        signatures.append(
            Signature(name: verificationKey.name, keyHash: verificationKey.hash, bytes: bytes))
    }

    /// The first of some keys that signed the note.
    ///
    /// Signatures by other keys are passed over, as the standard says.
    ///
    /// - Throws: ``NoteError/noKnownSignature``, or ``NoteError/invalidSignature`` if a signature
    ///   names a known key and is not that key's.
    public func verify(with keys: [LogVerificationKey]) throws(NoteError) -> LogVerificationKey {
        var signer: LogVerificationKey?
        for signature in signatures {
            guard
                let key = keys.first(where: {
                    $0.hash == signature.keyHash
                        && $0.name.utf8.elementsEqual(signature.name.utf8)
                })
            else { continue }
            guard key.key.verify(signature.bytes, of: Array(text.utf8)) else {
                throw .invalidSignature
            }
            signer = signer ?? key
        }
        guard let signer else { throw .noKnownSignature }
        return signer
    }
}
