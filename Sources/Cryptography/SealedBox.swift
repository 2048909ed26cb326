// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Encryption that also proves that nothing was changed: AES-256 in Galois/Counter Mode
/// (NIST SP 800-38D).
public enum SealedBox {
    /// The number of bytes of a key.
    public static let keyByteCount = 32
    private static let nonceByteCount = 12
    private static let tagByteCount = 16

    /// Encrypts a message under a nonce drawn at random.
    ///
    /// - Parameters:
    ///   - message: What to hide.
    ///   - context: What the box is bound to; it opens with the same bytes only.
    ///   - key: 32 bytes.
    /// - Returns: Nonce (12 bytes), ciphertext, tag (16 bytes).
    /// - Throws: ``CryptographyError``.
    public static func seal(
        _ message: [UInt8], context: [UInt8], key: SecretBytes
    ) throws(CryptographyError) -> [UInt8] {
        let nonce = try RandomBytes.make(count: nonceByteCount)
        return try seal(message, context: context, key: key, nonce: nonce)
    }

    /// The same under a given nonce, which must never serve twice under one key.
    static func seal(
        _ message: [UInt8], context: [UInt8], key: SecretBytes, nonce: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard key.count == keyByteCount, let cipher = unsafe EVP_CIPHER_CTX_new() else {
            throw .invalidKey
        }
        defer { unsafe EVP_CIPHER_CTX_free(cipher) }
        var text = [UInt8](repeating: 0, count: message.count)
        var tag = [UInt8](repeating: 0, count: tagByteCount)
        var count: Int32 = 0
        guard
            unsafe EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), nil, key.bytes, nonce) == 1,
            unsafe EVP_EncryptUpdate(cipher, nil, &count, context, Int32(context.count)) == 1,
            unsafe EVP_EncryptUpdate(cipher, &text, &count, message, Int32(message.count)) == 1,
            unsafe EVP_EncryptFinal_ex(cipher, &tag, &count) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(
                cipher, EVP_CTRL_GCM_GET_TAG, Int32(tagByteCount), &tag) == 1
        else { throw .invalidKey }
        return nonce + text + tag
    }

    /// Opens a box.
    ///
    /// - Returns: The message; nil if the key or the context is another, or one bit was changed.
    public static func open(
        _ box: [UInt8], context: [UInt8], key: SecretBytes
    ) -> SecretBytes? {
        guard key.count == keyByteCount, box.count >= nonceByteCount + tagByteCount,
            let cipher = unsafe EVP_CIPHER_CTX_new()
        else { return nil }
        defer { unsafe EVP_CIPHER_CTX_free(cipher) }
        let nonce = Array(box.prefix(nonceByteCount))
        let body = Array(box.dropFirst(nonceByteCount).dropLast(tagByteCount))
        var tag = Array(box.suffix(tagByteCount))
        var message = [UInt8](repeating: 0, count: body.count)
        defer { unsafe OPENSSL_cleanse(&message, message.count) }
        var rest = [UInt8](repeating: 0, count: 16)
        var count: Int32 = 0
        guard
            unsafe EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), nil, key.bytes, nonce) == 1,
            unsafe EVP_DecryptUpdate(cipher, nil, &count, context, Int32(context.count)) == 1,
            unsafe EVP_DecryptUpdate(cipher, &message, &count, body, Int32(body.count)) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(
                cipher, EVP_CTRL_GCM_SET_TAG, Int32(tagByteCount), &tag) == 1,
            unsafe EVP_DecryptFinal_ex(cipher, &rest, &count) == 1
        else {
            // A box that does not open is an answer, not an error to be left in the queue.
            ERR_clear_error()
            return nil
        }
        return SecretBytes(message)
    }
}
