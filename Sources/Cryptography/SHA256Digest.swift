// SPDX-License-Identifier: Apache-2.0

/// A SHA-256 digest, as four words, so that it is passed in registers and never allocates.
///
/// The first word holds the first eight bytes, the first of them most significant: words
/// compare as the bytes do.
public struct SHA256Digest: Hashable, Sendable, BitwiseCopyable {
    /// Bytes 0 to 7.
    public let word0: UInt64
    /// Bytes 8 to 15.
    public let word1: UInt64
    /// Bytes 16 to 23.
    public let word2: UInt64
    /// Bytes 24 to 31.
    public let word3: UInt64

    /// The number of bytes of a digest.
    public static let byteCount = 32

    /// Thirty-two zero bytes: the digest of nothing known, a placeholder.
    public static let zero = SHA256Digest(0, 0, 0, 0)

    /// Makes a digest from its words.
    @inlinable
    public init(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Makes a digest from its 32 bytes; nil for any other number of bytes.
    @inlinable
    public init?(bytes: RawSpan) {
        guard bytes.byteCount == Self.byteCount else { return nil }
        self = unsafe bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return .zero }
            return unsafe SHA256Digest(unsafeBytes: base)
        }
    }

    /// Makes a digest from its 32 bytes; nil for any other number of bytes.
    public init?(bytes: [UInt8]) {
        unsafe self.init(bytes: bytes.span.bytes)
    }

    /// Makes a digest from the 32 bytes that start at `bytes`.
    @inlinable
    public init(unsafeBytes bytes: UnsafeRawPointer) {
        unsafe self.init(
            UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)))
    }

    /// Writes the 32 bytes from `destination` on.
    @inlinable
    public func store(to destination: UnsafeMutableRawPointer) {
        unsafe destination.storeBytes(of: word0.bigEndian, as: UInt64.self)
        unsafe destination.storeBytes(of: word1.bigEndian, toByteOffset: 8, as: UInt64.self)
        unsafe destination.storeBytes(of: word2.bigEndian, toByteOffset: 16, as: UInt64.self)
        unsafe destination.storeBytes(of: word3.bigEndian, toByteOffset: 24, as: UInt64.self)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            unsafe store(to: UnsafeMutableRawPointer(base))
            count = Self.byteCount
        }
    }
}

extension SHA256Digest: Comparable {
    /// Whether the bytes of `lhs` come before those of `rhs`.
    public static func < (lhs: SHA256Digest, rhs: SHA256Digest) -> Bool {
        (lhs.word0, lhs.word1, lhs.word2, lhs.word3)
            < (rhs.word0, rhs.word1, rhs.word2, rhs.word3)
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// The digest in lower-case hexadecimal.
    public var description: String { hex }
}
