// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A failure of the cryptographic library.
public enum CryptographyError: String, Error, Hashable, Sendable {
    /// A key has the wrong number of bytes, or libcrypto refuses it.
    case invalidKey
    /// libcrypto could not sign.
    case signingFailed
    /// The system gave no random bytes.
    case noRandomness
}

/// Random bytes from the operating system's generator, for keys and pseudonyms.
public enum RandomBytes {
    /// Draws random bytes.
    ///
    /// - Throws: ``CryptographyError/noRandomness`` if the generator fails.
    public static func make(count: Int) throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard count > 0 else { return bytes }
        guard unsafe RAND_bytes(&bytes, Int32(clamping: count)) == 1 else {
            throw .noRandomness
        }
        return bytes
    }
}

/// A private Ed25519 key (RFC 8032), which is never printed.
@safe
public final class SigningKey: Sendable {
    /// Signs with a key that this process does not hold.
    public typealias Signer = @Sendable (_ message: [UInt8]) throws(CryptographyError) -> [UInt8]

    // SAFETY: set once; libcrypto's keys may be used by several threads that do not change them.
    private nonisolated(unsafe) let key: OpaquePointer?
    private let signer: Signer?

    /// The key that verifies what this one signs.
    public let verificationKey: VerificationKey

    /// Makes a key from its seed of 32 bytes.
    ///
    /// - Throws: ``CryptographyError/invalidKey`` if there are not 32 bytes.
    public init(seed: [UInt8]) throws(CryptographyError) {
        guard seed.count == VerificationKey.byteCount,
            let key = unsafe EVP_PKEY_new_raw_private_key(
                EVP_PKEY_ED25519, nil, seed, seed.count)
        else { throw .invalidKey }
        var bytes = [UInt8](repeating: 0, count: VerificationKey.byteCount)
        var count = bytes.count
        let status = unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count)
        guard status == 1, let verificationKey = VerificationKey(bytes: bytes) else {
            unsafe EVP_PKEY_free(key)
            throw .invalidKey
        }
        unsafe self.key = key
        self.verificationKey = verificationKey
        signer = nil
    }

    /// Makes a key whose private half is elsewhere, in a security token for example.
    ///
    /// - Parameters:
    ///   - verificationKey: The public half.
    ///   - signer: Asks for a signature; what it gives is verified before anybody gets it.
    public init(heldElsewhere verificationKey: VerificationKey, signer: @escaping Signer) {
        unsafe key = nil
        self.verificationKey = verificationKey
        self.signer = signer
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// Whether ``seed`` can be had.
    public var hasSeed: Bool { signer == nil }

    /// Makes a new random key.
    ///
    /// - Throws: ``CryptographyError/noRandomness`` if the generator fails.
    public static func generate() throws(CryptographyError) -> SigningKey {
        try SigningKey(seed: RandomBytes.make(count: VerificationKey.byteCount))
    }

    /// The seed, for writing the key to its file; keep it nowhere else.
    ///
    /// It traps for a key that is held elsewhere.
    public var seed: [UInt8] {
        precondition(hasSeed, "a key that is held elsewhere has no seed here")
        var bytes = [UInt8](repeating: 0, count: VerificationKey.byteCount)
        var count = bytes.count
        let status = unsafe EVP_PKEY_get_raw_private_key(key, &bytes, &count)
        precondition(status == 1 && count == bytes.count, "an Ed25519 key has a seed of 32 bytes")
        return bytes
    }

    /// Signs a message; the signature has 64 bytes and depends on key and message alone.
    ///
    /// - Throws: ``CryptographyError/signingFailed`` if libcrypto fails.
    public func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        if let signer {
            let signature = try signer(message)
            guard verificationKey.verify(signature, of: message) else { throw .signingFailed }
            return signature
        }
        guard let context = unsafe EVP_MD_CTX_new() else { throw .signingFailed }
        defer { unsafe EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: VerificationKey.signatureByteCount)
        var count = signature.count
        guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1,
            count == signature.count
        else { throw .signingFailed }
        return signature
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    /// Says that this is a private key, and nothing of it.
    public var description: String { "SigningKey(private)" }

    /// Shows nothing of the key to a debugger or `dump`.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A public Ed25519 key (RFC 8032).
public struct VerificationKey: Hashable, Sendable {
    /// The number of bytes of a key.
    public static let byteCount = 32
    /// The number of bytes of a signature.
    public static let signatureByteCount = 64

    /// The 32 bytes of the key.
    public let bytes: [UInt8]

    /// Makes a key from its bytes; nil if there are not 32 of them.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Whether `signature` is this key's over `message`.
    public func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == Self.signatureByteCount,
            let key = unsafe EVP_PKEY_new_raw_public_key(
                EVP_PKEY_ED25519, nil, bytes, bytes.count)
        else { return false }
        defer { unsafe EVP_PKEY_free(key) }
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
        let status = unsafe EVP_DigestVerify(
            context, signature, signature.count, message, message.count)
        // A bad signature is an answer here, not an error to be left in the queue.
        ERR_clear_error()
        return status == 1
    }
}
