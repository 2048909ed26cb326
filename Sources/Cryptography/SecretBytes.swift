// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Bytes of a key, wiped from memory when the last reference goes away.
///
/// Copies that are made of them are not: use them where they are.
@safe
public final class SecretBytes: Sendable {
    // SAFETY: allocated and filled in the initialiser, read only afterwards, freed in deinit.
    private nonisolated(unsafe) let storage: UnsafeMutableRawBufferPointer

    /// Takes over bytes; the caller's copy stays the caller's to forget.
    public init(_ bytes: [UInt8]) {
        unsafe storage = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, bytes.count), alignment: 16)
        unsafe storage.copyBytes(from: bytes)
        count = bytes.count
    }

    deinit {
        unsafe OPENSSL_cleanse(storage.baseAddress, storage.count)
        unsafe storage.deallocate()
    }

    /// The number of bytes.
    public let count: Int

    /// Draws random bytes.
    ///
    /// - Throws: ``CryptographyError/noRandomness`` if the generator fails.
    public static func random(count: Int) throws(CryptographyError) -> SecretBytes {
        SecretBytes(try RandomBytes.make(count: count))
    }

    /// A copy, for a call that takes an array.
    public var bytes: [UInt8] { unsafe Array(storage.prefix(count)) }
}

extension SecretBytes: CustomStringConvertible, CustomReflectable {
    /// Says how many bytes there are, and nothing of them.
    public var description: String { "SecretBytes(\(count))" }

    /// Shows nothing of the bytes to a debugger or `dump`.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
