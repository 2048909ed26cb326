// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// Opens a log's files for writing, by the rules of the format's section on recovery.
struct LogRecovery {
    let directory: LogDirectory
    let key: LogSigningKey
    let isDurable: Bool
    private let width = UInt64(LogPath.fullWidth)

    init(_ directory: LogDirectory, _ key: LogSigningKey, isDurable: Bool) {
        self.directory = directory
        self.key = key
        self.isDurable = isDurable
    }

    /// Follows the rules, the lock being held (rule 1).
    func recover() throws(StorageError) -> RecoveredLog {
        let signed = try lastSignature()
        let first = try openSegment()
        var trunk = RecoveredTrunk(signed: signed)
        try readTiles(before: first, &trunk)
        var segment = try WriteAheadSegment(opening: first, in: directory)
        let contents = try segment.contents()
        let tail = scan(contents, from: first, link: trunk.link(key), &trunk)
        try judge(tail, trunk, signed)
        let torn = try keepTorn(contents.entries, tail)
        let isCut =
            torn != nil || contents.leaves.count != tail.offsets.count * SHA256Digest.byteCount
        try segment.adopt(offsets: tail.offsets, byteCount: tail.byteCount, isCut: isCut)
        let whole = Array(contents.entries[..<tail.byteCount])
        let derived = try DerivedState.load(
            directory, segmentFirst: first, whole, tree: trunk.tree, link: tail.link)
        try requireOrigin(derived.opening)
        if signed?.treeSize == trunk.tree.treeSize {
            for tile in trunk.tree.partialTiles() { try compare(tile) }
        }
        return RecoveredLog(
            segment: segment, tree: trunk.takeTree(), identifiers: derived.identifiers,
            link: tail.link, recordedAt: max(tail.recordedAt, derived.recordedAt),
            signed: signed, torn: torn)
    }

    // MARK: Rule 2

    private func lastSignature() throws(StorageError) -> SignedState? {
        let recorded = try SignedState.read(directory.signed)
        let path = directory.path(of: .checkpoint)
        guard
            let bytes = try FileTree.bytes(of: path, byteCountMax: SignedNote.byteCountMax)
        else { return recorded }
        let verificationKey = key.verificationKey
        guard let note = try? CheckpointNote(parsing: bytes) else {
            throw StorageError(.altered, path)
        }
        guard (try? note.note.verify(with: [verificationKey])) != nil,
            note.checkpoint.origin.utf8.elementsEqual(verificationKey.name.utf8)
        else { throw StorageError(.wrongKey, path) }
        let published = SignedState(
            treeSize: note.checkpoint.treeSize, rootHash: note.checkpoint.rootHash,
            keyHash: verificationKey.hash)
        guard let recorded else {
            // A copy made without the writer's own folder: the checkpoint is the record.
            try FileTree.replace(
                directory.signed, with: published.bytes, mode: 0o600, isDurable: isDurable)
            return published
        }
        let agrees =
            published.treeSize < recorded.treeSize
            || (published.treeSize == recorded.treeSize && published.rootHash == recorded.rootHash)
        guard agrees, recorded.keyHash == verificationKey.hash else {
            throw StorageError(.altered, directory.signed)
        }
        return recorded
    }

    // MARK: Segments

    /// The open segment; others are left over from a replacement that was cut short.
    private func openSegment() throws(StorageError) -> UInt64 {
        let starts = try directory.segmentStarts()
        guard let first = starts.last, first % width == 0 else {
            throw StorageError(.notFound, directory.wal)
        }
        for left in starts.dropLast() {
            try FileTree.remove(directory.path(of: .segment(first: left)))
        }
        for left in try directory.segmentStarts(suffix: ".leaf") where left != first {
            try FileTree.remove(directory.path(of: .segmentLeaves(first: left)))
        }
        return first
    }

    // MARK: Rule 7

    /// Builds the tree from the level-0 tiles, and compares the full tiles above with it.
    private func readTiles(before first: UInt64, _ trunk: inout RecoveredTrunk) throws(StorageError)
    {
        for index in 0..<(first / width) {
            let hashes = try leafHashes(tile: index)
            trunk.pass(hashes)
            for tile in trunk.tree.add(tile: hashes, index: index) { try compare(tile) }
            trunk.lastLeafHash = hashes.last
        }
    }

    /// Writes a tile that is not there, and refuses one that is not what the entries give.
    private func compare(_ tile: TileContent) throws(StorageError) {
        let path = directory.path(of: tile.path)
        guard let bytes = try FileTree.bytes(of: path) else { return try write(tile) }
        guard bytes == tile.bytes else { throw StorageError(.altered, path) }
    }

    /// The hashes of a full tile; they are computed from its bundle if it is not there.
    private func leafHashes(tile index: UInt64) throws(StorageError) -> [SHA256Digest] {
        let tile = LogPath.tile(level: 0, index: index, width: LogPath.fullWidth)
        let path = directory.path(of: tile)
        if let bytes = try FileTree.bytes(of: path) {
            guard let hashes = TileContent.hashes(in: bytes), hashes.count == LogPath.fullWidth
            else { throw StorageError(.altered, path) }
            return hashes
        }
        let bundle = directory.path(of: .bundle(index: index, width: LogPath.fullWidth))
        let bytes = try FileTree.bytes(of: bundle) ?? []
        let hasher = SHA256Hasher()
        let hashes = unsafe EntryBundle.entryRanges(in: bytes.span.bytes).map {
            unsafe hasher.leafHash(bytes.span.bytes.extracting($0))
        }
        guard hashes.count == LogPath.fullWidth else {
            throw StorageError(.altered, bundle)
        }
        try write(TileContent(level: 0, index: index, hashes: hashes))
        return hashes
    }

    private func write(_ tile: TileContent) throws(StorageError) {
        var batch = FileBatch(isDurable: isDurable)
        try batch.add(tile.path.text, in: directory.path, tile.bytes, mode: 0o444)
        try batch.commit()
    }

    // MARK: Rule 3

    /// Reads the entries of the segment up to the first that is not as it must be.
    private func scan(
        _ contents: (entries: [UInt8], leaves: [UInt8]), from first: UInt64, link: SHA256Digest,
        _ trunk: inout RecoveredTrunk
    ) -> RecoveredTail {
        var tail = RecoveredTail(first: first, link: link)
        let scanner = EntryScanner()
        let hasher = SHA256Hasher()
        let bytes = unsafe contents.entries.span.bytes
        while let range = EntryBundle.entryRange(at: tail.byteCount, in: bytes) {
            let leafOffset = tail.offsets.count * SHA256Digest.byteCount
            guard leafOffset + SHA256Digest.byteCount <= contents.leaves.count,
                let stored = SHA256Digest(
                    bytes: Array(
                        contents.leaves[leafOffset..<(leafOffset + SHA256Digest.byteCount)])),
                let entry = try? scanner.scan(bytes.extracting(range)),
                entry.seq == tail.end, entry.prev == tail.link,
                hasher.leafHash(bytes.extracting(range)) == stored
            else { break }
            tail.add(range, stored, entry.recordedAt)
            trunk.tree.append(stored)
            trunk.noteSize()
        }
        return tail
    }

    // MARK: Rules 4, 5 and 6

    private func judge(
        _ tail: RecoveredTail, _ trunk: borrowing RecoveredTrunk, _ signed: SignedState?
    ) throws(StorageError) {
        guard let signed else { return }
        let path = directory.path(of: .segment(first: tail.first))
        guard tail.end >= signed.treeSize else {
            throw StorageError(.behindSignature, path)
        }
        guard trunk.signedRoot == signed.rootHash else {
            throw StorageError(.altered, directory.tiles)
        }
    }

    /// Keeps aside the bytes that will be cut.
    private func keepTorn(
        _ entries: [UInt8], _ tail: RecoveredTail
    ) throws(StorageError) -> TornTail? {
        guard entries.count > tail.byteCount else { return nil }
        let count = entries.count - tail.byteCount
        let path = "\(directory.state)/torn-\(tail.end)-\(count)"
        try FileTree.replace(
            path, with: Array(entries[tail.byteCount...]), mode: 0o600, isDurable: isDurable)
        return TornTail(first: tail.end, byteCount: count, path: path)
    }

    /// Entry 0 must open the log that the key signs.
    private func requireOrigin(_ opening: [UInt8]?) throws(StorageError) {
        guard let opening, let scanned = try? EntryScanner().scan(opening) else { return }
        guard let origin = scanned.range(of: .origin),
            opening[origin].elementsEqual(key.verificationKey.name.utf8)
        else { throw StorageError(.wrongKey, directory.path) }
    }
}
