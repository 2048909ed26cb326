// SPDX-License-Identifier: Apache-2.0

import Cryptography
import LogStorage
import Merkle
import TransparencyLog

/// An intact log of any length that takes no room: all its whole bundles are purged, and their tiles
/// hold the same hashes, which nobody can tell from those of entries that are gone.
///
/// What a verifier keeps of a log shows on it without writing gigabytes: each tile is read and hashed,
/// each upper tile compared, and a checkpoint is kept each `daySize` entries.
struct PurgedLog: LogSource {
    private static let width = UInt64(LogPath.fullWidth)
    private static let openedAt: Int64 = 1_735_689_600_000
    private static let day: Int64 = 86_400_000

    private let bundleCount: UInt64
    /// The hashes of whole subtrees of 256 to the power of their place: the first one, and the others.
    private let first: [SHA256Digest]
    private let others: [SHA256Digest]
    /// The files that are not tiles of these.
    private let files: [LogPath: [UInt8]]
    private let keptSizes: [UInt64]

    /// Makes a log of that many whole bundles, and two entries.
    init(bundleCount: UInt64, daySize: UInt64) throws {
        self.bundleCount = bundleCount
        let end = bundleCount * Self.width
        let key = try BenchLog.key()
        let genesis = try BenchLog.genesis(Self.openedAt).bytes
        let link = LogGenesis.link(origin: key.verificationKey.name)
        let opening = try Self.entry(genesis, 0, link, day: 0)
        let hasher = SHA256Hasher()
        let filler = hasher.hash([0])
        (first, others) = Self.subtrees(hasher.leafHash(opening), filler)
        let beat = try Self.entry(
            EventDraft("heartbeat").rendered(
                id: "beat", source: "vigie", sequence: 2, occurredAt: Self.openedAt), end, filler,
            day: 0)
        let purge = EventDraft(
            "retention.purge",
            [
                .first: .integer(0), .last: .integer(Int64(end) - 1), .requester: .text("A1"),
                .approver: .text("A2"), .hash: .digest(filler),
            ])
        let last = try Self.entry(
            purge.rendered(id: "purge", source: "vigie", sequence: 3, occurredAt: Self.openedAt),
            end + 1, hasher.leafHash(beat), day: 200)
        let leaves = [hasher.leafHash(beat), hasher.leafHash(last)]
        var tail: [UInt8] = []
        for entry in [beat, last] { EntryBundle.append(entry, to: &tail) }
        var files: [LogPath: [UInt8]] = [
            .keptEntry(index: 0): opening, .bundle(index: bundleCount, width: 2): tail,
            .tile(level: 0, index: bundleCount, width: 2): leaves.flatMap(\.bytes),
        ]
        var (range, sizes) = (CompactRange(), [UInt64]())
        for bundle in 0..<bundleCount {
            range.append(subtree: (bundle == 0 ? first : others)[1], level: 8, hasher: hasher)
            guard range.treeSize % daySize < Self.width, range.treeSize < end else { continue }
            // In the midst of a bundle, as a day ends.
            var closing = range
            for _ in 0..<7 { closing.append(filler, hasher: hasher) }
            sizes.append(closing.treeSize)
            files[.keptCheckpoint(size: closing.treeSize)] = try Self.head(closing, key)
        }
        for leaf in leaves { range.append(leaf, hasher: hasher) }
        files[.checkpoint] = try Self.head(range, key)
        (self.files, keptSizes) = (files, sizes)
    }

    private static func entry(
        _ submission: [UInt8], _ index: UInt64, _ prev: SHA256Digest, day: Int64
    ) throws -> [UInt8] {
        try EntryRenderer.render(
            submission, Submission.scanner.scan(submission), seq: index, prev: prev,
            recordedAt: openedAt + day * Self.day)
    }

    private static func head(_ range: CompactRange, _ key: LogSigningKey) throws -> [UInt8] {
        try Checkpoint(
            origin: key.verificationKey.name, treeSize: range.treeSize,
            rootHash: range.root(hasher: SHA256Hasher())
        ).signed(with: key).bytes
    }

    private static func subtrees(
        _ opening: SHA256Digest, _ filler: SHA256Digest
    ) -> ([SHA256Digest], [SHA256Digest]) {
        var (first, others) = ([opening], [filler])
        for level in 0..<5 {
            var tile = [SHA256Digest](repeating: others[level], count: LogPath.fullWidth)
            others.append(MerkleTree.root(of: tile))
            tile[0] = first[level]
            first.append(MerkleTree.root(of: tile))
        }
        return (first, others)
    }

    func withFile<Result>(
        _ path: LogPath, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result? {
        guard let bytes = files[path] ?? tile(path) else { return nil }
        return unsafe body(bytes.span.bytes)
    }

    private func tile(_ path: LogPath) -> [UInt8]? {
        guard case .tile(let level, let index, let width) = path,
            // A tile of level 0 holds leaves, of level 1 the roots of bundles, and so on.
            index * Self.width + UInt64(width)
                <= (bundleCount * Self.width) >> UInt64(8 * level)
        else { return nil }
        var hashes = [SHA256Digest](repeating: others[level], count: width)
        if index == 0 { hashes[0] = first[level] }
        return hashes.flatMap(\.bytes)
    }

    func keptCheckpointSizes() throws(LogSourceError) -> [UInt64] { keptSizes }

    func keptEntryIndices() throws(LogSourceError) -> [UInt64] { [0] }

    func segments() throws(LogSourceError) -> [UInt64] { [] }
}
