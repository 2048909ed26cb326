// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A private X25519 key (RFC 7748), with which two parties agree on a secret.
@safe
public final class AgreementKey: Sendable {
    /// The number of bytes of a private key, a public key and a shared secret.
    public static let byteCount = 32

    // SAFETY: set once; libcrypto's keys may be used by several threads that do not change them.
    private nonisolated(unsafe) let key: OpaquePointer

    /// The 32 bytes that others agree with.
    public let publicKey: [UInt8]

    /// Makes a key from its 32 private bytes.
    ///
    /// - Throws: ``CryptographyError/invalidKey`` if there are not 32 bytes.
    public init(_ secret: SecretBytes) throws(CryptographyError) {
        guard secret.count == Self.byteCount,
            let key = unsafe EVP_PKEY_new_raw_private_key(
                EVP_PKEY_X25519, nil, secret.bytes, secret.count)
        else { throw .invalidKey }
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        var count = bytes.count
        guard unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1,
            count == Self.byteCount
        else {
            unsafe EVP_PKEY_free(key)
            throw .invalidKey
        }
        unsafe self.key = key
        publicKey = bytes
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// The secret that this key and another's public key agree on.
    ///
    /// - Returns: 32 bytes to derive keys from; nil if the public key is not one, or is of small
    ///   order (RFC 7748, section 6.1).
    public func secret(with publicKey: [UInt8]) -> SecretBytes? {
        guard publicKey.count == Self.byteCount,
            let peer = unsafe EVP_PKEY_new_raw_public_key(
                EVP_PKEY_X25519, nil, publicKey, publicKey.count)
        else { return nil }
        defer { unsafe EVP_PKEY_free(peer) }
        guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var secret = [UInt8](repeating: 0, count: Self.byteCount)
        defer { unsafe OPENSSL_cleanse(&secret, secret.count) }
        var count = secret.count
        guard unsafe EVP_PKEY_derive_init(context) == 1,
            unsafe EVP_PKEY_derive_set_peer(context, peer) == 1,
            unsafe EVP_PKEY_derive(context, &secret, &count) == 1,
            count == Self.byteCount, secret.contains(where: { $0 != 0 })
        else {
            ERR_clear_error()
            return nil
        }
        return SecretBytes(secret)
    }
}

extension AgreementKey: CustomStringConvertible, CustomReflectable {
    /// Says that this is a private key, and nothing of it.
    public var description: String { "AgreementKey(private)" }

    /// Shows nothing of the key to a debugger or `dump`.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
