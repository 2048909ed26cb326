// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// An Ed25519 key that stays in a security token, which signs with it.
///
/// Logs sign about once a second: so each signature has a session of its own, and a token that was pulled
/// out and put back is found again.
public struct TokenKey: Hashable, Sendable {
    /// Where the key is.
    public let reference: TokenReference

    /// Names a key.
    public init(_ reference: TokenReference) { self.reference = reference }

    /// The key, to sign with; its private half is only asked for when it signs.
    ///
    /// - Throws: ``TokenError``.
    public func signingKey() throws(TokenError) -> SigningKey {
        let reference = reference
        let key = try withSession { session throws(TokenError) in
            try session.publicKey(reference.object)
        }
        return SigningKey(heldElsewhere: key) { message throws(CryptographyError) in
            do throws(TokenError) {
                return try self.withSession { session throws(TokenError) in
                    try session.sign(message, reference.object)
                }
            } catch {
                throw .signingFailed
            }
        }
    }

    /// Makes the key, under a label that no key of the token has yet.
    ///
    /// - Throws: ``TokenError``.
    public func generate() throws(TokenError) -> SigningKey {
        try withSession(isWriting: true) { session throws(TokenError) in
            try session.generate(reference.object)
        }
        return try signingKey()
    }

    /// Destroys the key; one that is gone already is no error.
    ///
    /// - Throws: ``TokenError``.
    public func destroy() throws(TokenError) {
        try withSession(isWriting: true) { session throws(TokenError) in
            try session.destroy(reference.object)
        }
    }

    /// Whether the token has the key.
    ///
    /// - Throws: ``TokenError``.
    public func isThere() throws(TokenError) -> Bool {
        try withSession { session throws(TokenError) in
            try session.find(.privateKey, reference.object) != nil
        }
    }

    private func withSession<Value: Sendable>(
        isWriting: Bool = false, _ body: (borrowing TokenSession) throws(TokenError) -> Value
    ) throws(TokenError) -> Value {
        try reference.withSession(isWriting: isWriting, body)
    }
}
