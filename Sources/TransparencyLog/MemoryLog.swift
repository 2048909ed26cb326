// SPDX-License-Identifier: Apache-2.0

public import Cryptography
import Merkle

/// A log kept in memory, with the very files that a log directory has.
///
/// It is how tests and simulations get verified entries: they build a real log, and verify it.
/// Its files may be changed at will, since whoever reads them verifies them.
public struct MemoryLog: LogSource {
    /// The files, by what they hold.
    public var files: [LogPath: [UInt8]] = [:]
    /// The leaf hashes of the entries so far.
    public private(set) var leafHashes: [SHA256Digest] = []
    private var key: LogSigningKey
    private var link: SHA256Digest
    private var openBundle: [UInt8] = []
    private let scanner = EntryScanner(mode: .submission)

    /// Opens a log, with `log.open` as its entry 0.
    ///
    /// - Throws: ``EntryError`` if the key's name cannot stand in an entry.
    public init(key: LogSigningKey, openedAt: Int64) throws(EntryError) {
        self.key = key
        link = LogGenesis.link(origin: key.verificationKey.name)
        let opening = LogGenesis.submission(
            key: key.verificationKey, recoveryKey: key.verificationKey, retentionDays: 180...365,
            openedAt: openedAt)
        try append(opening, recordedAt: openedAt)
    }

    /// The number of entries.
    public var treeSize: UInt64 { UInt64(leafHashes.count) }

    /// Appends a submission.
    ///
    /// - Returns: The entry's leaf hash; its index is ``treeSize`` before the call.
    /// - Throws: ``EntryError`` if the submission is not one.
    @discardableResult
    public mutating func append(
        _ submission: [UInt8], recordedAt: Int64
    ) throws(EntryError) -> SHA256Digest {
        let scanned = try scanner.scan(submission)
        let entry = try EntryRenderer.render(
            submission, scanned, seq: treeSize, prev: link, recordedAt: recordedAt)
        link = SHA256Hasher().leafHash(entry)
        leafHashes.append(link)
        EntryBundle.append(entry, to: &openBundle)
        if leafHashes.count % LogPath.fullWidth == 0 {
            let index = UInt64(leafHashes.count / LogPath.fullWidth - 1)
            files[.bundle(index: index, width: LogPath.fullWidth)] = openBundle
            openBundle = []
        }
        return link
    }

    /// Appends a submission.
    ///
    /// - Returns: The entry's leaf hash.
    /// - Throws: ``EntryError`` if the submission is not one.
    @discardableResult
    public mutating func append(
        _ submission: String, recordedAt: Int64
    ) throws(EntryError) -> SHA256Digest {
        try append(Array(submission.utf8), recordedAt: recordedAt)
    }

    /// Signs with another key from now on; the entry that announces it must be the last one.
    ///
    /// - Throws: ``NoteError/signingFailed`` if libcrypto fails.
    public mutating func rotate(to key: LogSigningKey) throws(NoteError) {
        try sign(keep: true)
        self.key = key
    }

    /// Writes the tiles, the bundle that is not full, and a signed checkpoint.
    ///
    /// - Parameter keep: Whether the checkpoint is also kept under its size.
    /// - Throws: ``NoteError/signingFailed`` if libcrypto fails.
    public mutating func sign(keep: Bool = false) throws(NoteError) {
        files = files.filter { !$0.key.isPartial }
        let partialWidth = leafHashes.count % LogPath.fullWidth
        if partialWidth > 0 {
            let index = treeSize / UInt64(LogPath.fullWidth)
            files[.bundle(index: index, width: partialWidth)] = openBundle
        }
        writeTiles()
        let checkpoint = Checkpoint(
            origin: key.verificationKey.name, treeSize: treeSize,
            rootHash: MerkleTree.root(of: leafHashes))
        let note = try checkpoint.signed(with: key)
        files[.checkpoint] = note.bytes
        if keep { files[.keptCheckpoint(size: treeSize)] = note.bytes }
    }

    private mutating func writeTiles() {
        let width = LogPath.fullWidth
        var (nodes, level) = (leafHashes, 0)
        while !nodes.isEmpty {
            for index in 0...(nodes.count - 1) / width {
                let hashes = nodes[(index * width)..<min((index + 1) * width, nodes.count)]
                let path = LogPath.tile(level: level, index: UInt64(index), width: hashes.count)
                files[path] = hashes.flatMap(\.bytes)
            }
            nodes = (0..<(nodes.count / width)).map { index in
                MerkleTree.root(of: Array(nodes[(index * width)..<((index + 1) * width)]))
            }
            level += 1
        }
    }

    /// Lends the bytes of a file.
    public func withFile<Result>(
        _ path: LogPath, _ body: (RawSpan) -> Result
    ) throws(LogSourceError) -> Result? {
        guard let bytes = files[path] else { return nil }
        return unsafe body(bytes.span.bytes)
    }

    /// The sizes of the kept checkpoints.
    public func keptCheckpointSizes() throws(LogSourceError) -> [UInt64] {
        files.keys.compactMap { path in
            if case .keptCheckpoint(let size) = path { size } else { nil }
        }.sorted()
    }

    /// The indices of the entries that purges kept.
    public func keptEntryIndices() throws(LogSourceError) -> [UInt64] {
        files.keys.compactMap { path in
            if case .keptEntry(let index) = path { index } else { nil }
        }.sorted()
    }

    /// The purges that left what is in force.
    public func standingSets() throws(LogSourceError) -> [UInt64] {
        Set(
            files.keys.compactMap { path in
                if case .standing(let purge, _) = path { purge } else { nil }
            }
        ).sorted()
    }

    /// The bundles of which a purge left something.
    public func standingBundles(of wanted: UInt64) throws(LogSourceError) -> [UInt64] {
        files.keys.compactMap { path in
            if case .standing(wanted, let bundle) = path { bundle } else { nil }
        }.sorted()
    }

    /// The sizes whose checkpoints were stamped.
    public func anchorSizes() throws(LogSourceError) -> [UInt64] {
        files.keys.compactMap { path in
            if case .anchor(let size) = path { size } else { nil }
        }.sorted()
    }

    /// The first indices of open segments.
    public func segments() throws(LogSourceError) -> [UInt64] {
        files.keys.compactMap { path in
            if case .segment(let first) = path { first } else { nil }
        }.sorted()
    }
}

extension LogPath {
    /// Whether the file is a tile or bundle that is not full.
    public var isPartial: Bool {
        switch self {
        case .tile(_, _, let width), .bundle(_, let width): width < Self.fullWidth
        case .checkpoint, .keptCheckpoint, .keptEntry, .standing, .cosignatures, .anchor, .segment:
            false
        }
    }
}
