// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Dispatch
import Synchronization
import TransparencyLog

/// A segment that takes no more entries: a thread of its own moves its full bundles to their files, with
/// the tiles they fill, while the writer goes on in the next segment.
///
/// The bytes are read back from the segment and hashed again before they are copied, so that no bundle
/// ever holds what was not acknowledged. The segment is removed last: until then the entries are in both
/// places.
final class ClosedSegment: Sendable {
    private static let queue = DispatchQueue(label: "vigie.log.seal")

    private let segment: WriteAheadSegment
    /// The tiles that its bundles fill, in the order of their leaves; each level-0 tile has a bundle.
    private let tiles: [TileContent]
    private let done = DispatchSemaphore(value: 0)
    private let outcome = Mutex<Result<Void, StorageError>?>(nil)

    init(_ segment: consuming WriteAheadSegment, tiles: [TileContent]) {
        self.segment = segment
        self.tiles = tiles
    }

    /// The index of its first entry.
    var first: UInt64 { segment.first }

    /// The frames of some entries, counted from the segment's first.
    func frames(_ range: Range<Int>) throws(StorageError) -> [UInt8] {
        try segment.frames(range)
    }

    /// Begins to seal; ``finish()`` says how it went.
    func start(in directory: LogDirectory, isDurable: Bool) {
        Self.queue.async { [self] in
            let result: Result<Void, StorageError>
            do throws(StorageError) {
                result = .success(try seal(in: directory, isDurable: isDurable))
            } catch {
                result = .failure(error)
            }
            outcome.withLock { $0 = result }
            done.signal()
        }
    }

    /// Whether it is sealed, or that failed.
    var isDone: Bool { outcome.withLock { $0 != nil } }

    /// Waits until it is sealed.
    func finish() throws(StorageError) {
        done.wait()
        defer { done.signal() }
        try outcome.withLock { $0 }?.get()
    }

    private func seal(in directory: LogDirectory, isDurable: Bool) throws(StorageError) {
        var batch = try FileBatch(
            fileCount: 2 * tiles.count, in: directory.path, isDurable: isDurable)
        let width = LogPath.fullWidth
        let hasher = SHA256Hasher()
        for tile in tiles {
            if tile.level == 0 {
                let place = Int(tile.index * UInt64(width) - first)
                let frames = try segment.frames(place..<(place + width))
                guard hasher.hold(frames, tile.hashes) else {
                    throw StorageError(.altered, directory.path(of: .segment(first: first)))
                }
                let bundle = LogPath.bundle(index: tile.index, width: width)
                try batch.add(bundle.text, in: directory.path, frames, mode: 0o444)
            }
            try batch.add(tile.path.text, in: directory.path, tile.bytes, mode: 0o444)
        }
        try batch.commit()
        try FileTree.remove(directory.path(of: .segment(first: first)))
        try FileTree.remove(directory.path(of: .segmentLeaves(first: first)))
        if isDurable { try FileTree.syncFolder(directory.wal) }
    }
}

extension SHA256Hasher {
    /// Whether frames hold the entries with these leaf hashes, and nothing else.
    func hold(_ frames: [UInt8], _ hashes: [SHA256Digest]) -> Bool {
        let bytes = unsafe frames.span.bytes
        let ranges = EntryBundle.entryRanges(in: bytes)
        guard ranges.count == hashes.count, (ranges.last?.upperBound ?? 0) == bytes.byteCount else {
            return false
        }
        var place = 0
        while place + 1 < ranges.count {
            let pair = leafHashes(
                bytes.extracting(ranges[place]), bytes.extracting(ranges[place + 1]))
            guard pair == (hashes[place], hashes[place + 1]) else { return false }
            place += 2
        }
        guard place < ranges.count else { return true }
        return leafHash(bytes.extracting(ranges[place])) == hashes[place]
    }
}
