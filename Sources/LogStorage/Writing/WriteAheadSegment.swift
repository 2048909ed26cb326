// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Dispatch
import Glibc
import Synchronization
import TransparencyLog

/// The open segment: the bytes of the coming entry bundles, and beside them the leaf hashes.
struct WriteAheadSegment: ~Copyable {
    /// The index of its first entry: a multiple of 256.
    let first: UInt64
    /// Where each entry's frame starts.
    private(set) var offsets: [Int] = []
    /// The number of bytes.
    private(set) var byteCount = 0

    private let entries: OpenFile
    private let leaves: OpenFile

    private static let secondSync = DispatchQueue(label: "vigie.log.sync")

    /// Opens a segment that is there.
    init(opening first: UInt64, in directory: LogDirectory) throws(StorageError) {
        let entries = try OpenFile(
            directory.path(of: .segment(first: first)), O_RDWR, act: .writing)
        let leaves = try OpenFile(
            directory.path(of: .segmentLeaves(first: first)), O_RDWR, act: .writing)
        self.first = first
        self.entries = entries
        self.leaves = leaves
    }

    /// Makes a segment that starts with some entries; the leaf hashes are in place first.
    init(
        creating first: UInt64, in directory: LogDirectory, _ bytes: [UInt8],
        _ hashes: [SHA256Digest], isDurable: Bool
    ) throws(StorageError) {
        let leafBytes = TileContent(level: 0, index: 0, hashes: hashes).bytes
        try FileTree.replace(
            directory.path(of: .segmentLeaves(first: first)), with: leafBytes, isDurable: isDurable)
        try FileTree.replace(
            directory.path(of: .segment(first: first)), with: bytes, isDurable: isDurable)
        try self.init(opening: first, in: directory)
        for range in unsafe EntryBundle.entryRanges(in: bytes.span.bytes) {
            offsets.append(range.lowerBound - EntryBundle.headerByteCount)
        }
        byteCount = bytes.count
    }

    var entryCount: Int { offsets.count }

    /// The index after the last entry.
    var end: UInt64 { first + UInt64(entryCount) }

    /// All bytes of both files of a segment, as they are on disk; none of a file that is not there.
    static func contents(
        of first: UInt64, in directory: LogDirectory
    ) throws(StorageError) -> (entries: [UInt8], leaves: [UInt8]) {
        let entries = try FileTree.bytes(
            of: directory.path(of: .segment(first: first)), byteCountMax: LogReader.byteCountMax)
        let leaves = try FileTree.bytes(
            of: directory.path(of: .segmentLeaves(first: first)),
            byteCountMax: LogReader.byteCountMax)
        return (entries ?? [], leaves ?? [])
    }

    /// All bytes of both files, as they are on disk.
    func contents() throws(StorageError) -> (entries: [UInt8], leaves: [UInt8]) {
        (
            try entries.bytes(at: 0, count: entries.byteCount()),
            try leaves.bytes(at: 0, count: leaves.byteCount())
        )
    }

    /// The frames of some entries, counted from the segment's first, as they are on disk.
    func frames(_ range: Range<Int>) throws(StorageError) -> [UInt8] {
        let start = range.lowerBound < entryCount ? offsets[range.lowerBound] : byteCount
        let end = range.upperBound < entryCount ? offsets[range.upperBound] : byteCount
        let bytes = try entries.bytes(at: start, count: end - start)
        guard bytes.count == end - start else {
            throw StorageError(.altered, entries.path)
        }
        return bytes
    }

    /// Reads the frames of a bundle, as they are on disk, to the start of a buffer, which is made
    /// larger if it must be.
    ///
    /// - Returns: The number of bytes.
    func read(bundle: Int, into buffer: inout [UInt8]) throws(StorageError) -> Int {
        let place = bundle * LogPath.fullWidth
        let next = place + LogPath.fullWidth
        let start = offsets[place]
        let count = (next < entryCount ? offsets[next] : byteCount) - start
        if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
        guard try entries.read(into: &buffer, at: start, count: count) == count else {
            throw StorageError(.altered, entries.path)
        }
        return count
    }

    /// Takes over what recovery found to be whole, and cuts the rest.
    mutating func adopt(offsets: [Int], byteCount: Int, isCut: Bool) throws(StorageError) {
        self.offsets = offsets
        self.byteCount = byteCount
        guard isCut else { return }
        try entries.truncate(to: byteCount)
        try leaves.truncate(to: offsets.count * SHA256Digest.byteCount)
        try entries.synchronize()
        try leaves.synchronize()
    }

    /// Appends entries and their leaf hashes, durably if asked.
    mutating func append(
        _ batch: borrowing StagedBatch, isDurable: Bool
    ) throws(StorageError) {
        try unsafe batch.withFrames { frames throws(StorageError) in
            try unsafe entries.write(frames, at: byteCount)
        }
        let hashes = TileContent(level: 0, index: 0, hashes: batch.leafHashes).bytes
        try leaves.write(hashes, at: entryCount * SHA256Digest.byteCount)
        if isDurable { try syncBoth() }
        for offset in batch.offsets { offsets.append(byteCount + offset) }
        byteCount += batch.frameByteCount
    }

    /// Both files at once, the second on a thread of its own.
    private func syncBoth() throws(StorageError) {
        let second = SyncResult()
        let (descriptor, path) = (leaves.descriptor, leaves.path)
        Self.secondSync.async { second.run(descriptor, path) }
        var failure: StorageError?
        do throws(StorageError) { try entries.syncData() } catch { failure = error }
        second.done.wait()
        if let failure = failure ?? second.failure.withLock({ $0 }) { throw failure }
    }
}

/// The outcome of a sync on another thread.
private final class SyncResult: Sendable {
    let done = DispatchSemaphore(value: 0)
    let failure = Mutex<StorageError?>(nil)

    func run(_ descriptor: Int32, _ path: String) {
        if fdatasync(descriptor) != 0 {
            let error = StorageError.system(errno, path, .writing)
            failure.withLock { $0 = error }
        }
        done.signal()
    }
}
