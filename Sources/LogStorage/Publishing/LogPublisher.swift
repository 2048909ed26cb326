// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
public import TransparencyLog

/// Mirrors a log to a folder that any file server may serve: a C2SP `tlog-tiles` prefix.
///
/// Only what the mirror lacks is copied, everything that a checkpoint covers before the checkpoint
/// itself, so that a reader of the mirror never sees a head without its tiles. What is copied is
/// checked against the head first (``PublicationCheck``): a mirror never spreads an altered log, and
/// never a fork, and loses nothing but what an entry says was purged.
public struct LogPublisher {
    /// What a publication did.
    public struct Outcome: Hashable, Sendable {
        /// The head that the mirror now has.
        public var head: Checkpoint
        /// The number of files that were written.
        public var writtenCount = 0
        /// The number of files that were removed: purged, or partial ones of an older head.
        public var removedCount = 0
    }

    private let source: LogDirectory
    private let target: LogDirectory
    private let isDryRun: Bool
    private static let width = UInt64(LogPath.fullWidth)
    /// Folders whose files are copied if they differ.
    private static let smallFolders = [
        "checkpoints", "kept", "anchors", "cosignatures", "policies",
    ]
    private static let depthMax = 6
    /// How often a log that moved on meanwhile is read again.
    private static let attemptCountMax = 5

    /// Mirrors the log in one folder to another.
    ///
    /// - Parameters:
    ///   - source: The log's folder.
    ///   - target: The mirror's.
    ///   - isDryRun: Whether to find out what there is to do, and to write and remove nothing.
    public init(from source: String, to target: String, isDryRun: Bool = false) {
        (self.source, self.target) = (LogDirectory(source), LogDirectory(target))
        self.isDryRun = isDryRun
    }

    /// Brings the mirror to the log's latest checkpoint.
    ///
    /// - Throws: ``StorageError``, with ``StorageError/Code/forkedMirror`` if the mirror holds another
    ///   log, or more of this one.
    public func publish() throws(StorageError) -> Outcome {
        try requireApart()
        for attempt in 1... {
            guard let note = try Self.checkpoint(source) else {
                throw StorageError(.notFound, source.path(of: .checkpoint))
            }
            do throws(StorageError) {
                return try publish(note)
            } catch {
                // Its writer removes partial tiles of earlier heads: of a log that moved on, what is
                // missing says nothing.
                let now = try Self.checkpoint(source)
                guard attempt < Self.attemptCountMax, now?.checkpoint != note.checkpoint,
                    error.code == .notFound || error.code == .altered
                else { throw error }
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    /// A mirror that is in the log, or has it in itself, would be a part of what it mirrors.
    private func requireApart() throws(StorageError) {
        guard let log = FileTree.realPath(source.path) else { return }
        let place =
            FileTree.realPath(target.path)
            ?? FileTree.realPath(FileTree.parent(of: target.path)).map {
                $0 + "/" + FileTree.name(of: target.path)
            }
        guard let place else { return }
        guard !(place + "/").hasPrefix(log + "/"), !(log + "/").hasPrefix(place + "/") else {
            throw StorageError(.exists, target.path)
        }
    }

    /// The mirror's folder is there, or can be made.
    private func requirePlace() throws(StorageError) {
        let isThere = try FileTree.exists(target.path)
        let folder = isThere ? target.path : FileTree.parent(of: target.path)
        guard let real = FileTree.realPath(folder), try FileTree.isFolder(real) else {
            throw StorageError(.notFound, target.path)
        }
    }

    private func publish(_ note: CheckpointNote) throws(StorageError) -> Outcome {
        let head = note.checkpoint
        let tiles = TileTree(source: LogReader(source.path), treeSize: head.treeSize)
        guard root(head.treeSize, tiles) == head.rootHash else {
            throw StorageError(.altered, source.tiles)
        }
        let check = PublicationCheck(source, head, tiles)
        guard try check.isSigned(note) else {
            throw StorageError(.altered, source.path(of: .checkpoint))
        }
        if isDryRun {
            try requirePlace()
        } else {
            try FileTree.makeFolder(target.path)
        }
        let oldNote = try Self.checkpoint(target)
        let old = oldNote?.checkpoint
        if let old {
            guard old.origin.utf8.elementsEqual(head.origin.utf8), old.treeSize <= head.treeSize,
                root(old.treeSize, tiles) == old.rootHash
            else { throw StorageError(.forkedMirror, target.path) }
        }
        let purged = try purgedBundles(head, check)
        var copy = MirrorCopy(target: target, isDryRun: isDryRun)
        try copyTiles(from: old?.treeSize ?? 0, to: head.treeSize, tiles, check, &copy)
        for folder in Self.smallFolders { try copyFolder(folder, 0, check, &copy) }
        for purge in try StandingFolder.purges(source) where purge < head.treeSize {
            try copyFolder("standing/\(purge)", 0, check, &copy)
        }
        try copy.commit()
        var outcome = Outcome(head: head)
        outcome.writtenCount = copy.writtenCount
        var signed = note.note
        // Cosignatures that the mirror has already are evidence that a log may have lost.
        if let oldNote, oldNote.note.text.utf8.elementsEqual(signed.text.utf8) {
            signed.merge(oldNote.note.signatures)
        }
        if try FileTree.bytes(of: target.path(of: .checkpoint)) != signed.bytes {
            if !isDryRun {
                try FileTree.replace(
                    target.path(of: .checkpoint), with: signed.bytes, isDurable: true)
            }
            outcome.writtenCount += 1
        }
        outcome.removedCount = try removeStale(old, head, purged)
        return outcome
    }

    /// The bundles that the mirror has, each of which an entry says was purged: the log has it not, or has it
    /// again.
    ///
    /// - Throws: ``StorageError/Code/altered`` if one was lost: the mirror may have the last copy.
    private func purgedBundles(
        _ head: Checkpoint, _ check: PublicationCheck
    ) throws(StorageError) -> [String] {
        var purged: [String] = []
        for bundle in 0..<(head.treeSize / Self.width) {
            let path = LogPath.bundle(index: bundle, width: LogPath.fullWidth)
            let isThere = try FileTree.exists(source.path(of: path))
            if isThere, try !check.isReturned(bundle: bundle) { break }
            guard try FileTree.exists(target.path(of: path)) else { continue }
            var isPurged = isThere
            if !isThere { isPurged = try check.isPurged(bundle: bundle) }
            guard isPurged else {
                throw StorageError(.altered, source.path(of: path))
            }
            purged.append(target.path(of: path))
        }
        return purged
    }

    private static func checkpoint(_ log: LogDirectory) throws(StorageError) -> CheckpointNote? {
        let path = log.path(of: .checkpoint)
        guard let bytes = try FileTree.bytes(of: path, byteCountMax: SignedNote.byteCountMax)
        else { return nil }
        guard let note = try? CheckpointNote(parsing: bytes) else {
            throw StorageError(.altered, path)
        }
        return note
    }

    private func root(_ size: UInt64, _ tiles: TileTree) -> SHA256Digest? {
        // A hash that is not known gives no root, and so none that could be the signed one.
        try? MerkleTree.root(treeSize: size, reader: tiles)
    }

    // MARK: Tiles

    private func copyTiles(
        from old: UInt64, to new: UInt64, _ tiles: TileTree, _ check: PublicationCheck,
        _ copy: inout MirrorCopy
    ) throws(StorageError) {
        var level = 0
        while new >> UInt64(8 * level) > 0 {
            let (first, count) = (old >> UInt64(8 * level), new >> UInt64(8 * level))
            for index in (first / Self.width)...(count / Self.width) {
                let width = Int(min(count - index * Self.width, Self.width))
                guard width > 0 else { continue }
                try copyTile(level, index, width, tiles, check, &copy)
            }
            level += 1
        }
    }

    private func copyTile(
        _ level: Int, _ index: UInt64, _ width: Int, _ tiles: TileTree,
        _ check: PublicationCheck, _ copy: inout MirrorCopy
    ) throws(StorageError) {
        let path = LogPath.tile(level: level, index: index, width: width)
        guard let hashes = tiles.tile(level, index),
            width < LogPath.fullWidth
                || tiles.subtreeHash(level: 8 * (level + 1), index: index)
                    == MerkleTree.root(of: hashes)
        else { throw StorageError(.altered, source.path(of: path)) }
        let content = TileContent(level: level, index: index, hashes: hashes)
        try copy.add(path, content.bytes)
        guard level == 0 else { return }
        try copyBundle(index, hashes, check, &copy)
    }

    private func copyBundle(
        _ index: UInt64, _ hashes: [SHA256Digest], _ check: PublicationCheck,
        _ copy: inout MirrorCopy
    ) throws(StorageError) {
        let path = LogPath.bundle(index: index, width: hashes.count)
        let whole = LogPath.bundle(index: index, width: LogPath.fullWidth)
        if path == whole, try check.isReturned(bundle: index) { return }
        var bytes = try FileTree.bytes(of: source.path(of: path))
        if bytes == nil, path != whole { bytes = try FileTree.bytes(of: source.path(of: whole)) }
        // Purged: its hashes are there all the same.
        guard let bytes else {
            guard path == whole, try check.isPurged(bundle: index) else {
                throw StorageError(.notFound, source.path(of: path))
            }
            return
        }
        let ranges = unsafe EntryBundle.entryRanges(in: bytes.span.bytes).prefix(hashes.count)
        let hasher = SHA256Hasher()
        let same = zip(ranges, hashes).allSatisfy { range, hash in
            unsafe hasher.leafHash(bytes.span.bytes.extracting(range)) == hash
        }
        guard same, ranges.count == hashes.count, let end = ranges.last?.upperBound else {
            throw StorageError(.altered, source.path(of: path))
        }
        try copy.add(path, Array(bytes[..<end]))
    }

    // MARK: Other files

    private func copyFolder(
        _ relative: String, _ depth: Int, _ check: PublicationCheck, _ copy: inout MirrorCopy
    ) throws(StorageError) {
        guard depth < Self.depthMax else { return }
        for name in try FileTree.names(in: source.path + "/" + relative)
        where !name.hasPrefix(".") && !name.hasSuffix(".new") {
            let path = relative + "/" + name
            if try FileTree.isFolder(source.path + "/" + path) {
                try copyFolder(path, depth + 1, check, &copy)
            } else if let bytes = try FileTree.bytes(of: source.path + "/" + path),
                try copy.lacks(path, bytes)
            {
                switch try check.judge(path, bytes) {
                case .copy: try copy.add(path, bytes)
                case .later: continue
                case .altered: throw StorageError(.altered, source.path + "/" + path)
                }
            }
        }
    }

    /// Removes the partial tiles of the mirror's last head, and the bundles that were purged.
    private func removeStale(
        _ old: Checkpoint?, _ head: Checkpoint, _ purged: [String]
    ) throws(StorageError) -> Int {
        var count = purged.count
        if !isDryRun {
            for path in purged { try FileTree.remove(path) }
            for folder in Set(purged.map { FileTree.parent(of: $0) }).sorted() {
                try FileTree.syncFolder(folder)
            }
        }
        if let old, old.treeSize < head.treeSize {
            let kept = Set(LogWriter.partialFiles(treeSize: head.treeSize))
            for file in LogWriter.partialFiles(treeSize: old.treeSize) where !kept.contains(file) {
                let path = target.path + "/" + file
                guard try FileTree.exists(path) else { continue }
                count += 1
                guard !isDryRun else { continue }
                try FileTree.remove(path)
                FileTree.removeEmptyFolder(FileTree.parent(of: path))
            }
        }
        // What an earlier purge left, and the last one did not.
        let current = try StandingFolder.purges(source)
        for purge in try StandingFolder.purges(target) where !current.contains(purge) {
            if !isDryRun { try StandingFolder(directory: target, purge: purge).remove() }
            count += 1
        }
        return count
    }
}

/// Files on their way to a mirror, put in place in groups; in a dry run they are only counted.
struct MirrorCopy: ~Copyable {
    let target: LogDirectory
    let isDryRun: Bool
    private(set) var writtenCount = 0
    private var batch = FileBatch(isDurable: true)
    private var pendingCount = 0
    private static let groupMax = 128

    init(target: LogDirectory, isDryRun: Bool) {
        (self.target, self.isDryRun) = (target, isDryRun)
    }

    /// Copies a file of the log; a full tile or bundle never changes once it is there.
    mutating func add(_ path: LogPath, _ bytes: [UInt8]) throws(StorageError) {
        try add(path.text, bytes)
    }

    /// Whether the mirror has no such file, or another.
    func lacks(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
        try FileTree.bytes(of: target.path + "/" + path) != bytes
    }

    /// Copies a file, unless the mirror has the same.
    mutating func add(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
        guard try lacks(path, bytes) else { return }
        writtenCount += 1
        guard !isDryRun else { return }
        try batch.add(path, in: target.path, bytes, mode: 0o644)
        pendingCount += 1
        if pendingCount >= Self.groupMax { try commit() }
    }

    /// Puts what was written in place.
    mutating func commit() throws(StorageError) {
        var full = FileBatch(isDurable: true)
        swap(&full, &batch)
        pendingCount = 0
        try full.commit()
    }
}
