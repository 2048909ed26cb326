// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Glibc
import TransparencyLog

/// The open segment: the entries after the last sealed bundle, and their leaf hashes.
///
/// Its two files hold exactly the bytes of the coming entry bundles and level-0 tiles.
struct Segment: ~Copyable {
    /// The index of its first entry, a multiple of 256.
    let first: UInt64
    /// Where each entry's frame starts in the file, in bytes, and where the last one ends.
    private(set) var offsets: [Int] = [0]
    private let entries: OpenFile
    private let leaves: OpenFile
    private let directory: LogDirectory

    /// Opens or makes the segment that starts at an index, to append to it.
    init(first: UInt64, in directory: LogDirectory) throws(StorageError) {
        try directory.makeFolder("wal")
        let flags = O_RDWR | O_CREAT | O_APPEND
        let entries = try OpenFile(directory.path(LogPath.segment(first: first).text), flags)
        let leaves = try OpenFile(directory.path(LogPath.segmentLeaves(first: first).text), flags)
        if directory.isDurable { try directory.synchronizeFolder(of: "wal/x") }
        self.first = first
        self.directory = directory
        self.entries = entries
        self.leaves = leaves
    }

    /// The number of entries.
    var count: Int { offsets.count - 1 }

    /// The index after its last entry.
    var end: UInt64 { first + UInt64(count) }

    /// Writes framed entries and their leaf hashes, and makes both durable.
    mutating func append(
        framed: [UInt8], ends: [Int], leafHashes: [UInt8]
    ) throws(StorageError) {
        try entries.write(framed)
        try leaves.write(leafHashes)
        if directory.isDurable {
            try entries.synchronize()
            try leaves.synchronize()
        }
        let start = offsets[offsets.count - 1]
        for end in ends { offsets.append(start + end) }
    }

    /// Both files' bytes as they are on the disk.
    func contents() throws(StorageError) -> (entries: [UInt8], leaves: [UInt8]) {
        (try entries.readAll(), try leaves.readAll())
    }

    /// The framed entries from one index up to another, read again from the file.
    func framedEntries(_ range: Range<UInt64>) throws(StorageError) -> [UInt8] {
        let start = offsets[Int(range.lowerBound - first)]
        let end = offsets[Int(range.upperBound - first)]
        let bytes = try entries.readAll(from: start)
        guard bytes.count >= end - start else {
            throw StorageError(.altered, path: entries.path)
        }
        return Array(bytes[..<(end - start)])
    }

    /// Takes over entries found by recovery, and cuts what comes after them.
    mutating func keep(offsets kept: [Int]) throws(StorageError) {
        offsets = kept
        try entries.truncate(to: kept[kept.count - 1])
        try leaves.truncate(to: (kept.count - 1) * SHA256Digest.byteCount)
        if directory.isDurable {
            try entries.synchronize()
            try leaves.synchronize()
        }
    }

    /// Removes the files; what they hold is in bundles.
    func remove() {
        directory.remove(LogPath.segment(first: first).text)
        directory.remove(LogPath.segmentLeaves(first: first).text)
    }
}
