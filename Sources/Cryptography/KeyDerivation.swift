// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
public enum HMACSHA256 {
    /// The 32 bytes that authenticate a message under a key.
    public static func code(of message: [UInt8], key: SecretBytes) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        var count: UInt32 = 0
        let keyBytes = key.bytes
        let result = unsafe HMAC(
            EVP_sha256(), keyBytes, Int32(keyBytes.count), message, message.count, &code, &count)
        let isComplete = unsafe result != nil && count == SHA256Digest.byteCount
        precondition(isComplete, "HMAC of bytes in memory does not fail")
        return code
    }
}

/// Keys made from a secret (HKDF with SHA-256, RFC 5869).
public enum KeyDerivation {
    /// Derives a key that only this use, named by `info`, gets from the secret.
    ///
    /// - Parameters:
    ///   - secret: The input keying material.
    ///   - salt: Bytes that need not be secret; none stands for 32 zeros.
    ///   - info: What the key is for, and all it is bound to.
    ///   - count: The number of bytes, 1 to 8,160.
    /// - Returns: The key.
    public static func key(
        from secret: SecretBytes, salt: [UInt8] = [], info: [UInt8], count: Int = 32
    ) -> SecretBytes {
        precondition((1...255 * SHA256Digest.byteCount).contains(count), "HKDF's limit")
        let zeros = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        let extracted = SecretBytes(
            HMACSHA256.code(of: secret.bytes, key: SecretBytes(salt.isEmpty ? zeros : salt)))
        var output: [UInt8] = []
        var block: [UInt8] = []
        var number: UInt8 = 1
        while output.count < count {
            block = HMACSHA256.code(of: block + info + [number], key: extracted)
            output += block
            number &+= 1
        }
        return SecretBytes(Array(output.prefix(count)))
    }
}
