// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// The entries of one batch, before they are written: as frames, and as their leaf hashes.
///
/// Its memory is kept from one commit to the next, up to a limit.
@safe
struct StagedBatch: ~Copyable {
    /// What is kept for the next commit.
    private static let capacityKept = 4 << 20
    private static let capacityMin = 1 << 16

    private var space = BatchSpace(capacity: capacityMin)
    private(set) var frameByteCount = 0
    /// Where each entry's frame starts.
    private(set) var offsets: [Int] = []
    private(set) var leafHashes: [SHA256Digest] = []
    private var hasher = LeafChainHasher()

    init() {}

    private var frames: UnsafeMutableRawPointer { unsafe space.frames }

    var count: Int { offsets.count }

    mutating func removeAll() {
        if space.capacity > Self.capacityKept { space = BatchSpace(capacity: Self.capacityMin) }
        clear()
    }

    private mutating func clear() {
        frameByteCount = 0
        offsets.removeAll(keepingCapacity: true)
        leafHashes.removeAll(keepingCapacity: true)
    }

    private mutating func reserve(_ capacity: Int) {
        let new = BatchSpace(capacity: capacity)
        unsafe new.frames.copyMemory(from: frames, byteCount: frameByteCount)
        space = new
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
        _ submission: UnsafePointer<Submission>, _ assigned: EntryRenderer.LogAssigned,
        nextHead: ArraySlice<UInt8>
    ) -> SHA256Digest {
        let header = EntryBundle.headerByteCount
        let room = unsafe header + submission.pointee.bytes.count + EntryRenderer.growthMax
        if frameByteCount + room > space.capacity {
            reserve(max(2 * space.capacity, frameByteCount + room))
        }
        let start = unsafe frames + frameByteCount
        let count = unsafe EntryRenderer.write(
            submission.pointee.bytes.span.bytes, submission.pointee.places, assigned,
            to: start + header)
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

    /// The number of bytes of a segment's batch.
    var segmentByteCount: Int { SegmentHeader.byteCount + frameByteCount }

    /// Lends the bytes of a segment's batch: the header, then all frames, then what ends the segment if
    /// `isEnded`.
    func withSegmentBytes<Value, Failure: Error>(
        isEnded: Bool, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let count = storeHeaders(isEnded: isEnded)
        return try unsafe body(UnsafeRawBufferPointer(start: space.bytes, count: count))
    }

    /// Hands out the bytes of a segment's batch, and begins the next one in other memory.
    mutating func take(
        next: BatchSpace?, isEnded: Bool
    ) -> (space: BatchSpace, byteCount: Int) {
        let taken = (space, storeHeaders(isEnded: isEnded))
        space = next ?? BatchSpace(capacity: space.capacity)
        clear()
        return taken
    }

    /// Writes what stands before and after the frames.
    ///
    /// - Returns: The number of bytes of all.
    private func storeHeaders(isEnded: Bool) -> Int {
        guard let last = leafHashes.last else { preconditionFailure("a batch has entries") }
        let header = SegmentHeader(
            frameByteCount: UInt32(frameByteCount), lastLeafHash: last)
        unsafe header.store(to: space.bytes)
        guard isEnded else { return segmentByteCount }
        unsafe SegmentHeader.end(after: last).store(to: space.bytes + segmentByteCount)
        return segmentByteCount + SegmentHeader.byteCount
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
