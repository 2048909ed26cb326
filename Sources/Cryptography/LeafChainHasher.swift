// SPDX-License-Identifier: Apache-2.0

/// Hashes leaves of which each holds the hash of the one before, by one thread.
///
/// Such a leaf cannot be begun before the last one is finished, but for its head: the bytes before
/// that hash. The head of the next leaf is hashed while this one is finished, block by block in
/// turn, which a processor overlaps.
public struct LeafChainHasher: ~Copyable {
    private let lanes = BlockLanes()
    /// The number of whole blocks of the next leaf that were hashed ahead.
    private var aheadBlockCount = 0

    /// Makes a hasher.
    public init() {}

    deinit { lanes.free() }

    /// Forgets the head that was hashed ahead: another leaf comes next.
    public mutating func forgetAhead() { aheadBlockCount = 0 }

    /// The hash of a leaf, `SHA-256(0x00 ‖ bytes)` (RFC 6962, section 2.1).
    ///
    /// - Parameters:
    ///   - bytes: The leaf; it starts with the head that was given with the one before, if one was,
    ///     and was not forgotten.
    ///   - head: What the next leaf starts with; empty if that is not known.
    /// - Returns: The hash.
    public mutating func leafHash(
        _ bytes: UnsafeRawBufferPointer, nextHead head: RawSpan
    ) -> SHA256Digest {
        let done = aheadBlockCount
        let hash = unsafe head.withUnsafeBytes { head in
            unsafe lanes.leaf(bytes, from: done, ahead: head)
        }
        aheadBlockCount = BlockLanes.headBlockCount(head.byteCount)
        return hash
    }
}
