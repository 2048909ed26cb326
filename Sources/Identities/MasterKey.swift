// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// The key without which a vault's file shows nobody: it hides the records once more, and keys the
/// index of identifiers.
public struct MasterKey: Sendable {
    /// The number of bytes.
    public static let byteCount = 32
    private let secret: SecretBytes

    /// Takes a key of 32 bytes; nil if there are not 32.
    public init?(_ secret: SecretBytes) {
        guard secret.count == Self.byteCount else { return nil }
        self.secret = secret
    }

    /// Draws a new key.
    ///
    /// - Throws: ``Cryptography/CryptographyError/noRandomness`` if the generator fails.
    public static func random() throws(CryptographyError) -> SecretBytes {
        try SecretBytes.random(count: byteCount)
    }

    /// What tells this key from another in the vault's file, without showing it.
    var check: [UInt8] { derived("check").bytes }

    /// The key that hides records.
    var wrapping: SecretBytes { derived("wrap") }

    /// The place of an identifier in the index: who has no key cannot try identifiers.
    func place(of identifier: String, kind: PersonKind, period: String) -> [UInt8] {
        HMACSHA256.code(
            of: Array("\(kind.rawValue)\u{0}\(period)\u{0}\(identifier)".utf8),
            key: derived("index"))
    }

    private func derived(_ use: String) -> SecretBytes {
        KeyDerivation.key(from: secret, info: Array("vigie/vault/1/\(use)".utf8))
    }
}
