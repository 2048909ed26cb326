// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// What remains of bytes that were seen: the same tag again means the same bytes.
public struct ContentTag: Hashable, Sendable {
    package let low: UInt64
    package let high: UInt64
}

/// Tells whether bytes are those that were seen before, at a seventh of what hashing them costs.
///
/// A tag is Poly1305 (RFC 8439, section 2.5) under a key that is drawn at random and stays in the
/// process, as its tags must: who has seen neither alters `n` bytes unnoticed with a chance of at most
/// `n` in 2¹⁰⁷, whatever the bytes. So one key serves for many messages, which it must not where tags
/// are shown.
@safe
public struct ContentTagger: ~Copyable {
    private let context: OpaquePointer
    private let key: SecretBytes

    /// Draws a key; nil if libcrypto offers no Poly1305, which a restricted one may not.
    public static func makeKey() -> SecretBytes? {
        guard let key = try? SecretBytes.random(count: 32), ContentTagger(key) != nil else {
            return nil
        }
        return key
    }

    /// Makes a tagger, for one thread; nil if libcrypto offers no Poly1305.
    public init?(_ key: SecretBytes) {
        guard let algorithm = unsafe EVP_MAC_fetch(nil, "POLY1305", nil) else {
            ERR_clear_error()
            return nil
        }
        defer { unsafe EVP_MAC_free(algorithm) }
        guard let context = unsafe EVP_MAC_CTX_new(algorithm) else { return nil }
        unsafe self.context = context
        self.key = key
        start()
    }

    deinit { unsafe EVP_MAC_CTX_free(context) }

    /// Starts a message; what was fed of another is forgotten.
    public func start() {
        let status = unsafe EVP_MAC_init(context, key.bytes, key.count, nil)
        precondition(status == 1, "libcrypto could not start Poly1305")
    }

    /// Feeds bytes to the message.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        let status = unsafe EVP_MAC_update(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "libcrypto could not continue Poly1305")
    }

    /// Ends the message.
    public func finish() -> ContentTag {
        var tag: (UInt64, UInt64) = (0, 0)
        var count = 0
        let status = unsafe withUnsafeMutableBytes(of: &tag) { bytes in
            unsafe EVP_MAC_final(
                context, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, &count,
                bytes.count)
        }
        precondition(status == 1 && count == 16, "libcrypto could not finish Poly1305")
        return ContentTag(low: tag.0, high: tag.1)
    }

    /// The tag of one message.
    public func tag(_ bytes: UnsafeRawBufferPointer) -> ContentTag {
        start()
        unsafe update(bytes)
        return finish()
    }
}
