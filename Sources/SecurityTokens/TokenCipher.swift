// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// An AES-256 key that stays in a security token, and seals other keys with it.
///
/// What is sealed opens with that token and its PIN alone; a copy of the file that holds it opens
/// nowhere else.
public struct TokenCipher: Hashable, Sendable {
    /// Where the key is.
    public let reference: TokenReference

    /// Names a key.
    public init(_ reference: TokenReference) { self.reference = reference }

    /// Makes the key, under a label that no such key of the token has yet.
    ///
    /// - Throws: ``TokenError``.
    public func generate() throws(TokenError) {
        try reference.withSession(isWriting: true) { session throws(TokenError) in
            try session.generateSecret(reference.object)
        }
    }

    /// Destroys the key, and with it all that it sealed; one that is gone already is no error.
    ///
    /// - Throws: ``TokenError``.
    public func destroy() throws(TokenError) {
        try reference.withSession(isWriting: true) { session throws(TokenError) in
            try session.destroySecret(reference.object)
        }
    }

    /// Seals a secret.
    ///
    /// - Parameters:
    ///   - secret: What is sealed.
    ///   - context: What it is for; it opens for the same alone.
    /// - Returns: The initialisation vector (12 bytes), the ciphertext and the tag (16 bytes).
    /// - Throws: ``TokenError``, also if no random bytes can be had.
    public func seal(_ secret: SecretBytes, context: [UInt8]) throws(TokenError) -> [UInt8] {
        guard let iv = try? RandomBytes.make(count: TokenSession.ivCount) else {
            throw .noRandomness
        }
        return try reference.withSession { session throws(TokenError) in
            try session.seal(secret.bytes, iv: iv, context: context, reference.object)
        }
    }

    /// Opens what ``seal(_:context:)`` gave; nil if it was altered, or sealed for something else.
    ///
    /// - Throws: ``TokenError``.
    public func open(_ box: [UInt8], context: [UInt8]) throws(TokenError) -> SecretBytes? {
        try reference.withSession { session throws(TokenError) in
            try session.unseal(box, context: context, reference.object).map { SecretBytes($0) }
        }
    }
}
