// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Dispatch
import Synchronization
import TransparencyLog

/// A segment that takes no more entries: a thread of its own moves its full bundles to their files, with
/// the tiles they fill, while the writer goes on in the next segment.
///
/// The bytes are read back from the segment before they are copied, and must be those that were
/// acknowledged: they have the tag that these got, or else their hashes are those of the tile. So no
/// bundle ever holds anything else. The segment is removed last: until then the entries are in both
/// places.
final class ClosedSegment: Sendable {
    private static let queue = DispatchQueue(label: "vigie.log.seal")

    private let segment: WriteAheadSegment
    /// The tiles that its bundles fill, in the order of their leaves; each level-0 tile has a bundle.
    private let tiles: [TileContent]
    /// The tag of each bundle, as far as it has one.
    private let tags: [ContentTag?]
    private let key: SecretBytes?
    private let done = DispatchSemaphore(value: 0)
    private let outcome = Mutex<Result<Void, StorageError>?>(nil)

    init(
        _ segment: consuming WriteAheadSegment, tiles: [TileContent], tags: [ContentTag?],
        key: SecretBytes?
    ) {
        precondition(
            tags.count == tiles.count { $0.level == 0 }, "each bundle has a tag, or has none")
        self.segment = segment
        self.tiles = tiles
        self.tags = tags
        self.key = key
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
        let hasher = SHA256Hasher()
        let tagger = key.flatMap { ContentTagger($0) }
        var buffer: [UInt8] = []
        for tile in tiles {
            // A log that is not durable has no readers, and recovery compares these files with the
            // segment: there they get their names at once.
            let isNamed = !isDurable && tile.level == 0
            if tile.level == 0 {
                let bundle = Int(tile.index - first / UInt64(LogPath.fullWidth))
                let frames = try segment.read(bundle: bundle, into: &buffer)
                let bytes = unsafe buffer.span.extracting(first: frames).bytes
                var found: ContentTag?
                if tags[bundle] != nil {
                    found = unsafe bytes.withUnsafeBytes { unsafe tagger?.tag($0) }
                }
                guard found == nil ? hasher.hold(bytes, tile.hashes) : found == tags[bundle] else {
                    throw StorageError(.altered, directory.path(of: .segment(first: first)))
                }
                let path = LogPath.bundle(index: tile.index, width: LogPath.fullWidth)
                try batch.add(
                    path.text, in: directory.path, bytes, mode: 0o444, isNamed: isNamed)
            }
            try unsafe batch.add(
                tile.path.text, in: directory.path, tile.bytes.span.bytes, mode: 0o444,
                isNamed: isNamed)
        }
        try batch.commit()
        try FileTree.remove(directory.path(of: .segment(first: first)))
    }

}

extension SHA256Hasher {
    /// Whether frames hold the entries with these leaf hashes, and nothing else.
    func hold(_ bytes: RawSpan, _ hashes: [SHA256Digest]) -> Bool {
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
