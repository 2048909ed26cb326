// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Glibc
import TransparencyLog

/// The open segment: the frames of the coming entry bundles, with a header before each batch.
struct WriteAheadSegment: ~Copyable {
    /// The index of its first entry: a multiple of 256.
    let first: UInt64
    private(set) var layout: SegmentLayout
    /// The number of bytes of the file: more than those of the batches where it is written over, which
    /// a header without frames then ends.
    private(set) var fileByteCount: Int

    private let file: OpenFile
    private var isDurable: Bool
    private let pipe = WritePipe()
    /// Whether batches were appended since the last commit.
    private var isChanged = false

    /// Opens a segment that is there, in which recovery found these entries whole; with `isCut`, bytes
    /// follow them that are to go.
    ///
    /// With `isDurable` the entries are on the disk then: whoever wrote them may have ended before the
    /// sync, and a retry of one is acknowledged without another.
    init(
        opening first: UInt64, in directory: LogDirectory, _ layout: SegmentLayout, isCut: Bool,
        isDurable: Bool
    ) throws(StorageError) {
        let file = try OpenFile(directory.path(of: .segment(first: first)), O_RDWR, act: .writing)
        if isCut { try file.truncate(to: layout.byteCount) }
        if isCut || isDurable { try file.synchronize() }
        self.first = first
        self.layout = layout
        self.file = file
        self.isDurable = isDurable
        fileByteCount = layout.byteCount
    }

    /// Makes a segment that starts with some entries, over the file of an earlier one if that is given.
    ///
    /// - Parameters:
    ///   - first: The index of its first entry.
    ///   - directory: The log.
    ///   - frames: The frames of the entries that it starts with.
    ///   - link: The leaf hash of the last of these, or of the entry before.
    ///   - spare: The file of an earlier segment.
    ///   - room: An empty array for where its frames start.
    ///   - isDurable: Whether it is durable before anything follows.
    /// - Throws: ``StorageError``.
    init(
        creating first: UInt64, in directory: LogDirectory, _ frames: [UInt8], link: SHA256Digest,
        over spare: SpareSegment?, room: [UInt32] = [], isDurable: Bool
    ) throws(StorageError) {
        let path = directory.path(of: .segment(first: first))
        let header = SegmentHeader(frameByteCount: UInt32(frames.count), lastLeafHash: link)
        var bytes = (frames.isEmpty ? [] : header.bytes) + frames
        if let spare {
            bytes += SegmentHeader.end(after: link).bytes
            try spare.become(path, bytes, isDurable: isDurable)
        } else {
            try FileTree.replace(path, with: bytes, isDurable: isDurable)
        }
        try self.init(
            opening: first, in: directory, SegmentLayout(oneBatch: frames, room: room),
            isCut: false, isDurable: false)
        self.isDurable = isDurable
        if let spare { fileByteCount = max(spare.byteCount, bytes.count) }
    }

    /// Makes room for so many entries in memory.
    mutating func reserve(_ entryCount: Int) { layout.reserve(entryCount) }

    var entryCount: Int { layout.entryCount }
    var byteCount: Int { layout.byteCount }

    /// The index after the last entry.
    var end: UInt64 { first + UInt64(entryCount) }

    /// All bytes of a segment, as they are on disk; none if it is not there.
    static func contents(
        of first: UInt64, in directory: LogDirectory
    ) throws(StorageError) -> [UInt8] {
        try FileTree.bytes(
            of: directory.path(of: .segment(first: first)), byteCountMax: LogReader.byteCountMax)
            ?? []
    }

    /// The frames of some entries, counted from the segment's first, as they are on disk.
    func frames(_ entries: Range<Int>) throws(StorageError) -> [UInt8] {
        var frames: [UInt8] = []
        let count = try read(entries, into: &frames)
        frames.removeLast(frames.count - count)
        return frames
    }

    /// Reads the frames of a bundle, as they are on disk, to the start of a buffer, which is made
    /// larger if it must be.
    ///
    /// - Returns: The number of bytes.
    func read(bundle: Int, into buffer: inout [UInt8]) throws(StorageError) -> Int {
        let place = bundle * LogPath.fullWidth
        return try read(place..<(place + LogPath.fullWidth), into: &buffer)
    }

    private func read(
        _ entries: Range<Int>, into buffer: inout [UInt8]
    ) throws(StorageError) -> Int {
        try pipe.finish()
        let range = layout.bytes(of: entries)
        if buffer.count < range.count { buffer = [UInt8](repeating: 0, count: range.count) }
        guard try file.read(into: &buffer, at: range.lowerBound, count: range.count) == range.count
        else { throw StorageError(.altered, file.path) }
        return unsafe buffer.withUnsafeMutableBytes { buffer in
            unsafe layout.removeHeaders(of: entries, in: buffer)
        }
    }

    /// Appends a batch in one write.
    mutating func append(_ batch: borrowing StagedBatch) throws(StorageError) {
        let isEnded = try makeRoom(for: batch)
        // What ends the batch before stands where this one begins.
        if isEnded { try pipe.finish() }
        try unsafe batch.withSegmentBytes(isEnded: isEnded) { bytes throws(StorageError) in
            try unsafe file.write(bytes, at: byteCount)
        }
        layout.add(batch.offsets, frameByteCount: batch.frameByteCount)
        isChanged = true
    }

    /// Cuts off what is left of earlier entries where a batch would reach beyond, so that no batch is ever
    /// partly over them.
    ///
    /// - Returns: Whether bytes of earlier entries follow the batch.
    private mutating func makeRoom(for batch: borrowing StagedBatch) throws(StorageError) -> Bool {
        let end = byteCount + batch.segmentByteCount
        guard fileByteCount < end + SegmentHeader.byteCount else { return true }
        try cut()
        fileByteCount = end
        return false
    }

    /// Cuts off what is left of earlier entries.
    ///
    /// That is durable before anything follows: else a batch cut short by a power failure could have old bytes
    /// in it, and nothing would tell.
    mutating func cut() throws(StorageError) {
        guard fileByteCount > byteCount else { return }
        try pipe.finish()
        try file.truncate(to: byteCount)
        if isDurable { try file.synchronize() }
        fileByteCount = byteCount
    }

    /// Waits for all batches to be written, and makes them durable if asked.
    mutating func commit(isDurable: Bool) throws(StorageError) {
        guard isChanged else { return }
        try pipe.finish()
        if isDurable { try file.syncData() }
        try pipe.finishSyncing()
        isChanged = false
    }

    /// Waits for all batches to be written.
    func finishWriting() throws(StorageError) { try pipe.finish() }

    /// Waits until nothing is being written or synced any more, however that went.
    func settle() {
        try? pipe.finish()
        try? pipe.finishSyncing()
    }

    /// Begins to append a batch, whose memory it takes; its tags are made meanwhile.
    mutating func begin(
        _ batch: inout StagedBatch, _ tags: BundleTags, _ pool: SpacePool,
        by helper: CommitThread
    ) throws(StorageError) {
        let isEnded = try makeRoom(for: batch)
        isChanged = true
        let offset = byteCount
        layout.add(batch.offsets, frameByteCount: batch.frameByteCount)
        pipe.write(
            batch.take(next: pool, isEnded: isEnded), to: file.descriptor, file.path, at: offset,
            tags, by: helper)
    }
}
