// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// The entries of one commit, before they are written: as frames, and as their leaf hashes.
///
/// Its memory is kept from one commit to the next, up to a limit.
@safe
struct StagedBatch: ~Copyable {
    /// What is kept for the next commit.
    private static let capacityKept = 4 << 20

    // SAFETY: allocated and freed here alone; `capacity` bytes, `frameByteCount` of them initialised.
    private nonisolated(unsafe) var frames: UnsafeMutableRawPointer
    private var capacity = 1 << 16
    private(set) var frameByteCount = 0
    /// Where each entry's frame starts.
    private(set) var offsets: [Int] = []
    private(set) var leafHashes: [SHA256Digest] = []
    private var hasher = LeafChainHasher()

    init() { unsafe frames = .allocate(byteCount: 1 << 16, alignment: 16) }

    deinit { unsafe frames.deallocate() }

    var count: Int { offsets.count }

    mutating func removeAll() {
        if capacity > Self.capacityKept { reserve(1 << 16, keeping: 0) }
        frameByteCount = 0
        offsets.removeAll(keepingCapacity: true)
        leafHashes.removeAll(keepingCapacity: true)
    }

    private mutating func reserve(_ newCapacity: Int, keeping count: Int) {
        let new = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
        unsafe new.copyMemory(from: frames, byteCount: count)
        unsafe frames.deallocate()
        unsafe frames = new
        capacity = newCapacity
    }

    /// Adds an entry.
    ///
    /// - Parameters:
    ///   - submission: The entry as its caller gave it.
    ///   - assigned: What the log sets in it.
    ///   - nextHead: What the entry after it starts with, as far as that is known; ``forgetNext()``
    ///     takes it back.
    /// - Returns: Its leaf hash.
    mutating func append(
        _ submission: borrowing Submission, _ assigned: EntryRenderer.LogAssigned,
        nextHead: ArraySlice<UInt8>
    ) -> SHA256Digest {
        let header = EntryBundle.headerByteCount
        let room = header + submission.bytes.count + EntryRenderer.growthMax
        if frameByteCount + room > capacity {
            reserve(max(2 * capacity, frameByteCount + room), keeping: frameByteCount)
        }
        let start = unsafe frames + frameByteCount
        let count = unsafe EntryRenderer.write(
            submission.bytes.span.bytes, submission.places, assigned, to: start + header)
        precondition(
            count <= EntryScanner.byteCountMax, "a submission leaves room for what the log adds")
        unsafe start.storeBytes(of: UInt16(count).bigEndian, as: UInt16.self)
        let leafHash = unsafe hasher.leafHash(
            UnsafeRawBufferPointer(start: start + header, count: count),
            nextHead: nextHead.span.bytes)
        offsets.append(frameByteCount)
        leafHashes.append(leafHash)
        frameByteCount += header + count
        return leafHash
    }

    /// Another entry comes next than the last one was told.
    mutating func forgetNext() { hasher.forgetAhead() }

    /// Lends all frames.
    func withFrames<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try unsafe body(UnsafeRawBufferPointer(start: frames, count: frameByteCount))
    }

    /// The frames of some entries; they are there until the batch changes.
    func frames(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        let start = offsets[range.lowerBound]
        let end = range.upperBound < offsets.count ? offsets[range.upperBound] : frameByteCount
        return unsafe UnsafeRawBufferPointer(start: frames + start, count: end - start)
    }

    /// The bytes of one entry.
    func entry(_ place: Int) -> [UInt8] {
        let start = offsets[place] + EntryBundle.headerByteCount
        let end = place + 1 < offsets.count ? offsets[place + 1] : frameByteCount
        return unsafe Array(UnsafeRawBufferPointer(start: frames + start, count: end - start))
    }
}
