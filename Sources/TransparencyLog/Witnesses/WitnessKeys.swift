// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// A witness's name and public key (C2SP `tlog-cosignature`, the Ed25519 type).
///
///     cse.example/temoin+8a6b1c2d+BAbC…
///
/// It has the form of a log's key, with another type byte: what a log signs is never taken for
/// what a witness signs.
public struct WitnessVerificationKey: Hashable, Sendable {
    /// The byte that stands for timestamped cosignatures with Ed25519.
    static let algorithm: UInt8 = 4

    /// The witness's name.
    public let name: String
    /// The public key.
    public let key: VerificationKey
    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x04 ‖ key).
    public let hash: UInt32

    /// Makes a key from its name and bytes.
    ///
    /// - Throws: ``NoteError/invalidKeyName`` if the name is empty or holds a space or a plus.
    public init(name: String, key: VerificationKey) throws(NoteError) {
        guard LogVerificationKey.isAllowed(name.utf8), name.utf8.count <= 255,
            !name.unicodeScalars.contains(where: \.properties.isWhitespace)
        else { throw .invalidKeyName }
        self.name = name
        self.key = key
        hash = KeyText.hash(name: name, algorithm: Self.algorithm, key: key.bytes)
    }

    /// Parses the text form.
    ///
    /// - Throws: ``NoteError`` if the text is not in the form, or its hash is wrong.
    public init(parsing text: some StringProtocol) throws(NoteError) {
        let parts = try KeyText.parts(Array(text.utf8)[...])
        guard parts.algorithm == Self.algorithm else { throw .unknownAlgorithm }
        guard let key = VerificationKey(bytes: parts.bytes) else { throw .malformedKey }
        try self.init(name: parts.name, key: key)
        guard parts.hash == hash else { throw .keyHashMismatch }
    }

    /// The text form.
    public var text: String {
        "\(name)+\(KeyText.hex(hash))+\(Base64.encode([Self.algorithm] + key.bytes))"
    }

    /// Whether a signature line names this key; its bytes may still be anything.
    public func isNamed(by signature: SignedNote.Signature) -> Bool {
        hash == signature.keyHash && name.utf8.elementsEqual(signature.name.utf8)
    }

    /// When this witness cosigned a text, by one signature line.
    ///
    /// - Returns: Seconds since 1970, or nil if the line is not this witness's over this text.
    public func timestamp(of signature: SignedNote.Signature, over text: String) -> UInt64? {
        guard isNamed(by: signature),
            signature.bytes.count == 8 + VerificationKey.signatureByteCount
        else { return nil }
        let seconds = signature.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard seconds <= Self.timestampMax,
            key.verify(
                Array(signature.bytes.dropFirst(8)), of: Self.message(text, at: seconds))
        else { return nil }
        return seconds
    }

    /// The greatest timestamp of the standard.
    static let timestampMax = UInt64(Int64.max)

    /// What is signed.
    ///
    ///     cosignature/v1
    ///     time 1679315147
    ///     vigie.example/pilote
    ///     70000
    ///     47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
    static func message(_ text: String, at seconds: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(seconds)\n\(text)".utf8)
    }
}

extension WitnessVerificationKey: CustomStringConvertible {
    /// The text form.
    public var description: String { text }
}

/// A witness's name and private key.
///
///     PRIVATE+KEY+cse.example/temoin+8a6b1c2d+BAaB…
public struct WitnessSigningKey: Sendable {
    /// The key that verifies what this one signs.
    public let verificationKey: WitnessVerificationKey
    /// The private key; its description shows nothing of it.
    private let key: SigningKey

    /// Makes a key from its name and private key.
    ///
    /// - Throws: ``NoteError/invalidKeyName`` if the name is empty or holds a space or a plus.
    public init(name: String, key: SigningKey) throws(NoteError) {
        self.key = key
        verificationKey = try WitnessVerificationKey(name: name, key: key.verificationKey)
    }

    /// Parses the text form.
    ///
    /// - Throws: ``NoteError`` if the text is not in the form, or its hash is wrong.
    public init(parsing text: some StringProtocol) throws(NoteError) {
        let prefix = Array("PRIVATE+KEY+".utf8)
        guard text.utf8.starts(with: prefix) else { throw .malformedKey }
        let parts = try KeyText.parts(Array(text.utf8.dropFirst(prefix.count))[...])
        guard parts.algorithm == WitnessVerificationKey.algorithm else {
            throw .unknownAlgorithm
        }
        guard let key = try? SigningKey(seed: parts.bytes) else {
            // The only failure is a seed of another size.
            throw .malformedKey
        }
        try self.init(name: parts.name, key: key)
        guard parts.hash == verificationKey.hash else { throw .keyHashMismatch }
    }

    /// The text form, to be written to the key's file and nowhere else.
    public var privateText: String {
        let secret = Base64.encode([WitnessVerificationKey.algorithm] + key.seed)
        let public_ = verificationKey
        return "PRIVATE+KEY+\(public_.name)+\(KeyText.hex(public_.hash))+\(secret)"
    }

    /// Cosigns the text of a checkpoint.
    ///
    /// It states that this is the largest consistent tree that the witness saw at that moment;
    /// whoever calls it must have made sure of that.
    ///
    /// - Parameters:
    ///   - text: The checkpoint's text.
    ///   - seconds: When, in seconds since 1970.
    /// - Returns: The signature, to be put under the text.
    /// - Throws: ``NoteError/signingFailed`` if libcrypto fails.
    public func cosign(
        _ text: String, at seconds: UInt64
    ) throws(NoteError) -> SignedNote.Signature {
        precondition(seconds <= WitnessVerificationKey.timestampMax, "a moment fits in 63 bits")
        guard let signature = try? key.sign(WitnessVerificationKey.message(text, at: seconds))
        else {
            // libcrypto gives no reason that a caller could act on.
            throw .signingFailed
        }
        let stamp = (0..<8).map { UInt8(truncatingIfNeeded: seconds >> UInt64(56 - 8 * $0)) }
        return SignedNote.Signature(
            name: verificationKey.name, keyHash: verificationKey.hash, bytes: stamp + signature)
    }
}

extension WitnessSigningKey: CustomStringConvertible, CustomReflectable {
    /// The name, and nothing of the key.
    public var description: String { "WitnessSigningKey(\(verificationKey.name))" }

    /// Shows nothing of the key to a debugger or `dump`.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension KeyText {
    /// The key hash that the standard recommends.
    static func hash(name: String, algorithm: UInt8, key: [UInt8]) -> UInt32 {
        let digest = SHA256Hasher().hash(Array(name.utf8) + [0x0A, algorithm] + key)
        return UInt32(truncatingIfNeeded: digest.word0 >> 32)
    }

    /// The parts of the text of a key: `name+hash+base64(type ‖ bytes)`.
    static func parts(
        _ text: ArraySlice<UInt8>
    ) throws(NoteError) -> (name: String, hash: UInt32, algorithm: UInt8, bytes: [UInt8]) {
        let parts = text.split(
            separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard text.count <= LogVerificationKey.textCountMax, parts.count == 3,
            let hash = KeyText.hash(parts[1]), let bytes = Base64.decode(parts[2]),
            let algorithm = bytes.first, let name = String(validating: parts[0], as: UTF8.self)
        else { throw .malformedKey }
        return (name, hash, algorithm, Array(bytes.dropFirst()))
    }
}
