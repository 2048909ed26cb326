// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// A key's name and public key, as C2SP `signed-note` writes them.
///
///     vigie.example/pilote+1f2e3d4c+AbCd…
public struct LogVerificationKey: Hashable, Sendable {
    static let algorithm: UInt8 = 1
    static let textCountMax = 1_024

    /// The key's name: the log's origin.
    public let name: String
    /// The public key.
    public let key: VerificationKey
    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key).
    public let hash: UInt32

    /// Makes a key from its name and bytes.
    ///
    /// - Throws: ``NoteError/invalidKeyName`` if the name is empty or holds a space or a plus.
    public init(name: String, key: VerificationKey) throws(NoteError) {
        guard Self.isAllowed(name.utf8), name.utf8.count <= 255 else { throw .invalidKeyName }
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

    /// Whether a name may stand in a note: not empty, no space or control, no plus.
    static func isAllowed(_ name: some Collection<UInt8>) -> Bool {
        !name.isEmpty && name.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "+") && $0 != 0x7F }
    }
}

extension LogVerificationKey: CustomStringConvertible {
    /// The text form.
    public var description: String { text }
}

/// A key's name and private key, as C2SP `signed-note` writes them.
///
///     PRIVATE+KEY+vigie.example/pilote+1f2e3d4c+AaBb…
public struct LogSigningKey: Sendable {
    /// The key that verifies what this one signs.
    public let verificationKey: LogVerificationKey
    /// The private key; its description shows nothing of it.
    public let key: SigningKey

    /// Makes a key from its name and private key.
    ///
    /// - Throws: ``NoteError/invalidKeyName`` if the name is empty or holds a space or a plus.
    public init(name: String, key: SigningKey) throws(NoteError) {
        self.key = key
        verificationKey = try LogVerificationKey(name: name, key: key.verificationKey)
    }

    /// Parses the text form.
    ///
    /// - Throws: ``NoteError`` if the text is not in the form, or its hash is wrong.
    public init(parsing text: some StringProtocol) throws(NoteError) {
        let parts = Array(text.utf8).split(
            separator: UInt8(ascii: "+"), maxSplits: 4, omittingEmptySubsequences: false)
        guard text.utf8.count <= LogVerificationKey.textCountMax, parts.count == 5,
            parts[0].elementsEqual("PRIVATE".utf8), parts[1].elementsEqual("KEY".utf8),
            let hash = KeyText.hash(parts[3]), let bytes = Base64.decode(parts[4]),
            let name = String(validating: parts[2], as: UTF8.self)
        else { throw .malformedKey }
        guard bytes.first == LogVerificationKey.algorithm else { throw .unknownAlgorithm }
        guard let key = try? SigningKey(seed: Array(bytes.dropFirst())) else {
            // The only failure is a seed of another size.
            throw .malformedKey
        }
        try self.init(name: name, key: key)
        guard hash == verificationKey.hash else { throw .keyHashMismatch }
    }

    /// The text form, to be written to the key's file and nowhere else.
    public var privateText: String {
        let secret = Base64.encode([LogVerificationKey.algorithm] + key.seed)
        return "PRIVATE+KEY+\(verificationKey.name)+\(KeyText.hex(verificationKey.hash))+\(secret)"
    }
}

extension LogSigningKey: CustomStringConvertible, CustomReflectable {
    /// The name, and nothing of the key.
    public var description: String { "LogSigningKey(\(verificationKey.name))" }

    /// Shows nothing of the key to a debugger or `dump`.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The hash in the text of a key: eight hexadecimal digits.
enum KeyText {
    static func hash(_ text: some Collection<UInt8>) -> UInt32? {
        guard text.count == 8 else { return nil }
        var hash: UInt32 = 0
        for character in text {
            guard let nibble = EntryBytes.nibble(character) else { return nil }
            hash = hash << 4 | UInt32(nibble)
        }
        return hash
    }

    static func hex(_ hash: UInt32) -> String {
        let text = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - text.utf8.count) + text
    }
}
