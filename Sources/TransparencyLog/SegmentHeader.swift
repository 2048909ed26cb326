// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// What stands before each batch of entries in an open segment.
///
///     00 00       where the frame of an entry has its length, which is never 0
///     4 bytes     the number of bytes of the batch's frames, the highest first
///     32 bytes    the leaf hash of its last entry, which commits to all of them
///
/// So one write and one sync make a batch durable, and whoever opens the log sees whether all of it
/// arrived. A bundle has no headers: sealing leaves them out.
///
/// Where a file is written over, bytes of earlier entries follow the last batch; then a header without
/// frames ends it.
public struct SegmentHeader: Hashable, Sendable {
    /// The number of bytes of the batch's frames.
    public var frameByteCount: UInt32
    /// The leaf hash of the batch's last entry.
    public var lastLeafHash: SHA256Digest

    /// What ends the batches of a segment that bytes of earlier entries follow.
    public static func end(after lastLeafHash: SHA256Digest) -> SegmentHeader {
        SegmentHeader(frameByteCount: 0, lastLeafHash: lastLeafHash)
    }

    /// The number of bytes of a header.
    public static let byteCount = 6 + SHA256Digest.byteCount

    /// Makes a header.
    public init(frameByteCount: UInt32, lastLeafHash: SHA256Digest) {
        self.frameByteCount = frameByteCount
        self.lastLeafHash = lastLeafHash
    }

    /// Reads the header at an offset; nil if there is none.
    public init?(at offset: Int, in bytes: RawSpan) {
        guard Self.isHeader(at: offset, in: bytes) else { return nil }
        let count = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset + 2, as: UInt32.self)
        let hash = bytes.extracting((offset + 6)..<(offset + Self.byteCount))
        frameByteCount = UInt32(bigEndian: count)
        lastLeafHash = SHA256Digest(bytes: hash) ?? .zero
    }

    /// The offset of the frame at, or after the header at, an offset; nil where a header ends the segment.
    public static func frameOffset(at offset: Int, in bytes: RawSpan) -> Int? {
        guard isHeader(at: offset, in: bytes) else { return offset }
        let count = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset + 2, as: UInt32.self)
        return count == 0 ? nil : offset + byteCount
    }

    private static func isHeader(at offset: Int, in bytes: RawSpan) -> Bool {
        guard offset >= 0, offset <= bytes.byteCount - byteCount else { return false }
        return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self) == 0
    }

    /// Writes the header.
    public func store(to place: UnsafeMutableRawPointer) {
        unsafe place.storeBytes(of: 0, as: UInt16.self)
        unsafe (place + 2).storeBytes(of: frameByteCount.bigEndian, as: UInt32.self)
        unsafe lastLeafHash.store(to: place + 6)
    }

    /// The header's bytes.
    public var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            unsafe store(to: UnsafeMutableRawPointer(base))
            count = Self.byteCount
        }
    }
}
