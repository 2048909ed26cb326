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

    private(set) var space = BatchSpace(capacity: capacityMin)
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
        let count = unsafe Self.write(submission, assigned, to: frames + frameByteCount)
        return unsafe add(byteCount: count, nextHead: nextHead.span.bytes)
    }

    /// Writes the frame of an entry.
    ///
    /// - Returns: The number of bytes.
    static func write(
        _ submission: UnsafePointer<Submission>, _ assigned: EntryRenderer.LogAssigned,
        to frame: UnsafeMutableRawPointer
    ) -> Int {
        let header = EntryBundle.headerByteCount
        let count = unsafe EntryRenderer.write(
            submission.pointee.bytes.span.bytes, submission.pointee.places, assigned,
            to: frame + header)
        precondition(
            count <= EntryScanner.byteCountMax, "a submission leaves room for what the log adds")
        unsafe frame.storeBytes(of: UInt16(count).bigEndian, as: UInt16.self)
        return header + count
    }

    /// Adds the entry whose frame is there.
    private mutating func add(byteCount: Int, nextHead: RawSpan) -> SHA256Digest {
        let header = EntryBundle.headerByteCount
        let leafHash = unsafe hasher.leafHash(
            UnsafeRawBufferPointer(
                start: frames + frameByteCount + header, count: byteCount - header),
            nextHead: nextHead)
        offsets.append(frameByteCount)
        leafHashes.append(leafHash)
        frameByteCount += byteCount
        return leafHash
    }

    /// Takes the memory of prepared entries, which are to be appended in order.
    mutating func adopt(_ entries: borrowing PreparedEntries) {
        precondition(count == 0, "what was staged before is being written")
        space = entries.space
    }

    /// Adds some of the entries whose memory was taken.
    ///
    /// - Parameters:
    ///   - entries: All of them.
    ///   - places: The places of those to be added; those before them were.
    ///   - link: The leaf hash of the entry before, and then that of the last one.
    mutating func append(
        _ entries: borrowing PreparedEntries, _ places: Range<Int>, link: inout SHA256Digest
    ) {
        precondition(
            places.isEmpty || entries.offsets[places.lowerBound] == frameByteCount,
            "prepared entries are appended in order")
        let header = EntryBundle.headerByteCount
        for place in places {
            let (start, end) = (entries.offsets[place] + header, entries.offsets[place + 1])
            unsafe link.storeHex(to: frames + entries.linkOffsets[place])
            // The next one is known up to its own link.
            let isLast = place + 1 == entries.count
            let head = unsafe UnsafeRawBufferPointer(
                start: frames + end + header,
                count: isLast ? 0 : entries.linkOffsets[place + 1] - end - header)
            link = unsafe hasher.leafHash(
                UnsafeRawBufferPointer(start: frames + start, count: end - start),
                nextHead: head.bytes)
            leafHashes.append(link)
        }
        offsets.append(contentsOf: entries.offsets[places])
        frameByteCount = entries.offsets[places.upperBound]
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
    mutating func take(next: SpacePool, isEnded: Bool) -> WritePipe.Batch {
        let taken = WritePipe.Batch(space: space, byteCount: storeHeaders(isEnded: isEnded))
        leave(next: next)
        return taken
    }

    /// Leaves its memory to those who hold it, and begins the next batch in other memory.
    mutating func leave(next: SpacePool) {
        space = next.take(capacity: Self.capacityMin)
        clear()
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

    /// The bytes of one entry.
    func entry(_ place: Int) -> [UInt8] {
        let start = offsets[place] + EntryBundle.headerByteCount
        let end = place + 1 < offsets.count ? offsets[place + 1] : frameByteCount
        return unsafe Array(UnsafeRawBufferPointer(start: frames + start, count: end - start))
    }
}
