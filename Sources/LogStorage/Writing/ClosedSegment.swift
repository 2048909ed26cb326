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
/// bundle ever holds anything else. The segment is removed last, or kept to be written over: until then the
/// entries are in both places.
///
/// Several may wait; they are sealed one after the other.
final class ClosedSegment: Sendable {
    /// The tree of what was sealed before.
    enum Before: Sendable {
        case tree(SealedTree)
        case segment(ClosedSegment)

        fileprivate func tree() throws(StorageError) -> SealedTree {
            switch self {
            case .tree(let tree): tree
            case .segment(let segment): try segment.finish()
            }
        }
    }

    /// The file, which is closed with the last reference: the system frees its place then, and the writer
    /// need not wait for that.
    private final class File: Sendable {
        let segment: WriteAheadSegment

        init(_ segment: consuming WriteAheadSegment) { self.segment = segment }
    }

    private struct Work {
        var file: File
        var before: Before
    }

    /// The index of its first entry.
    let first: UInt64
    /// The leaf hashes of its bundles.
    private let leaves: [SHA256Digest]
    /// The tag of each bundle, as far as it has one.
    private let tags: [ContentTag?]
    private let key: SecretBytes?
    /// Nil once it is sealed.
    private let work: Mutex<Work?>
    private let hurried = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)
    private let outcome = Mutex<Result<SealedTree, StorageError>?>(nil)

    init(
        _ segment: consuming WriteAheadSegment, after before: Before, leaves: [SHA256Digest],
        tags: [ContentTag?], key: SecretBytes?
    ) {
        precondition(
            tags.count * LogPath.fullWidth == leaves.count, "each bundle has a tag, or has none")
        first = segment.first
        work = Mutex(Work(file: File(segment), before: before))
        self.leaves = leaves
        self.tags = tags
        self.key = key
    }

    /// The frames of some entries, counted from the segment's first; nil if they are sealed.
    func frames(_ range: Range<Int>) throws(StorageError) -> [UInt8]? {
        let file = work.withLock { $0?.file }
        return try file?.segment.frames(range)
    }

    /// Begins to seal; ``finish()`` says how it went.
    ///
    /// A durable log lets commits go first, whose callers wait for the same disk: it begins when none
    /// comes for a moment, or when somebody is in a hurry.
    func start(
        in directory: LogDirectory, _ spares: SpareSegments, isDurable: Bool,
        after activity: CommitActivity
    ) {
        activity.queue.async { [self] in
            if isDurable { activity.waitForPause(orElse: hurried) }
            let result: Result<SealedTree, StorageError>
            do throws(StorageError) {
                result = .success(try seal(in: directory, spares, isDurable: isDurable))
            } catch {
                result = .failure(error)
            }
            work.withLock { $0 = nil }
            outcome.withLock { $0 = result }
            done.signal()
        }
    }

    /// Whether it is sealed, or that failed.
    var isDone: Bool { outcome.withLock { $0 != nil } }

    /// Has it sealed now.
    func hurry() { hurried.signal() }

    /// Has it sealed now, and waits until it is.
    ///
    /// - Returns: The tree of all that is sealed with it.
    @discardableResult
    func finish() throws(StorageError) -> SealedTree {
        hurry()
        done.wait()
        defer { done.signal() }
        guard let result = outcome.withLock({ $0 }) else {
            preconditionFailure("the outcome is there before it is told")
        }
        return try result.get()
    }

    private func seal(
        in directory: LogDirectory, _ spares: SpareSegments, isDurable: Bool
    ) throws(StorageError) -> SealedTree {
        guard let (file, before) = work.withLock({ $0.map { ($0.file, $0.before) } }) else {
            preconditionFailure("a segment is sealed once")
        }
        var tree = try before.tree()
        let hasher = SHA256Hasher()
        let width = LogPath.fullWidth
        let tagger = key.flatMap { ContentTagger($0) }
        var batch = try FileBatch(
            fileCount: 2 * tags.count, in: directory.path, isDurable: isDurable)
        var buffer: [UInt8] = []
        for bundle in tags.indices {
            let hashes = Array(leaves[(bundle * width)..<((bundle + 1) * width)])
            let frames = try file.segment.read(bundle: bundle, into: &buffer)
            let bytes = unsafe buffer.span.extracting(first: frames).bytes
            var found: ContentTag?
            if tags[bundle] != nil {
                found = unsafe bytes.withUnsafeBytes { unsafe tagger?.tag($0) }
            }
            guard found == nil ? hasher.hold(bytes, hashes) : found == tags[bundle] else {
                throw StorageError(.altered, directory.path(of: .segment(first: first)))
            }
            // A log that is not durable has no readers, and recovery compares these files with the
            // segment: there they get their names at once.
            let index = first / UInt64(width) + UInt64(bundle)
            try batch.add(
                LogPath.bundle(index: index, width: width).text, in: directory.path, bytes,
                mode: 0o444, isNamed: !isDurable)
            let tile = TileContent(level: 0, index: index, hashes: hashes)
            for tile in [tile] + tree.append(tile: hashes, index: index, hasher: hasher) {
                try unsafe batch.add(
                    tile.path.text, in: directory.path, tile.bytes.span.bytes, mode: 0o444,
                    isNamed: !isDurable && tile.level == 0)
            }
        }
        try batch.commit()
        // Nobody reads an entry from the file any more once it can be written over.
        work.withLock { $0 = nil }
        try spares.take(over: first, byteCount: file.segment.fileByteCount)
        return tree
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
