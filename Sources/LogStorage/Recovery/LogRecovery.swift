// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import TransparencyLog

/// Opens a log's files for writing, by the rules of the format's section on recovery.
struct LogRecovery {
    let directory: LogDirectory
    let keys: SigningKeys
    let isDurable: Bool
    /// Whether every tile is read, and compared with the tree, rather than the last ones.
    let isThorough: Bool
    /// What would be written, where nothing may be changed: it is only asked what a recovery would find.
    var foreseen: ForeseenFiles?
    let width = UInt64(LogPath.fullWidth)

    /// Follows the rules, the lock being held (rule 1).
    func recover() throws(StorageError) -> RecoveredLog {
        let found = try examine()
        let head = found.head
        var log = try open(found)
        try head.record(isDurable: isDurable)
        log.signed = head.latest
        log.isPublished = head.published?.treeSize == head.latest?.treeSize
        return log
    }

    /// Reads the log and judges it, by all rules but what they say is to be written.
    ///
    /// What is derived from entries that are there, and lacks, is written all the same, unless it is a trial.
    func examine() throws(StorageError) -> ExaminedLog {
        let head = try RecordedHead(directory, keys.origin)
        let signed = head.latest
        let first = try openSegment()
        var trunk = RecoveredTrunk(signed: signed.map { [$0] } ?? [])
        try readTiles(before: first, head, &trunk)
        let contents = try EarlierSegment.contents(of: first, in: directory)
        let tail = scan(contents, from: first, link: trunk.link(keys.origin), &trunk)
        try judge(tail, trunk, signed)
        let read = { (index: UInt64) throws(StorageError) in
            try entry(index, tail, contents)
        }
        let step = try judgeKeys(head, treeSize: tail.end, read)
        if signed?.treeSize == trunk.tree.treeSize {
            for tile in trunk.tree.partialTiles() { try compare(tile) }
        }
        return ExaminedLog(
            head: head, contents: contents, tail: tail, trunk: trunk, step: step)
    }

    /// Opens the segment at the end of its whole batches, and sets aside what follows them.
    func open(_ found: consuming ExaminedLog) throws(StorageError) -> RecoveredLog {
        let (contents, tail, step) = (found.contents, found.tail, found.step)
        let torn = try keepTorn(contents, tail)
        let segment = try WriteAheadSegment(
            opening: tail.first, in: directory, tail.layout,
            isCut: contents.count > tail.layout.byteCount, isDurable: isDurable)
        let whole = tail.layout.frames(0..<tail.layout.entryCount, in: contents)
        let tree = found.trunk.takeTree()
        let derived = try DerivedState.load(
            directory, SegmentContent(first: tail.first, frames: whole, leaves: tree.leaves),
            isDurable: isDurable)
        return RecoveredLog(
            segment: segment, tree: tree, identifiers: derived.identifiers,
            ownSequence: derived.ownSequence, link: tail.link,
            recordedAt: max(tail.recordedAt, derived.recordedAt), signed: nil, torn: torn,
            step: step)
    }

    // MARK: Rule 2

    /// Finds the keys that the log announces, and checks who signed and who may sign.
    private func judgeKeys(
        _ head: RecordedHead, treeSize: UInt64,
        _ entry: (UInt64) throws(StorageError) -> [UInt8]?
    ) throws(StorageError) -> SigningKeys.Step {
        let epochs = try AnnouncedKeys(directory, treeSize: treeSize, entry: entry)
        let origin = epochs.latest?.key.name ?? keys.origin
        guard origin.utf8.elementsEqual(keys.origin.utf8),
            let step = keys.step(epochs, treeSize: treeSize)
        else {
            throw StorageError(
                epochs.endsInRestoration(treeSize: treeSize) ? .behindSignature : .wrongKey,
                directory.path)
        }
        try head.check(epochs, orElse: keys.current?.verificationKey)
        return step
    }

    /// The bytes of an entry, sealed or in the segment; nil if they were purged.
    func entry(
        _ index: UInt64, _ tail: RecoveredTail, _ contents: [UInt8]
    ) throws(StorageError) -> [UInt8]? {
        guard index >= tail.first else {
            let path = LogPath.bundle(index: index / width, width: LogPath.fullWidth)
            if let bundle = foreseen?.bytes[path] {
                return try SealedEntry.entry(index, of: bundle, directory.path(of: path))
            }
            return try SealedEntry.read(index, in: directory)
        }
        let start = Int(tail.layout.offsets[Int(index - tail.first)])
        return unsafe EntryBundle.entryRange(at: start, in: contents.span.bytes)
            .map { Array(contents[$0]) }
    }

    // MARK: Rule 7

    /// Builds the tree of the full tiles: from the upper tiles of the last head, if they are there,
    /// and the level-0 tiles after it.
    ///
    /// The root that was signed shows whether those upper tiles are right; the other tiles are
    /// compared by the verifier, and by a thorough recovery.
    func readTiles(
        before first: UInt64, _ head: RecordedHead, _ trunk: inout RecoveredTrunk
    ) throws(StorageError) {
        if !isThorough, let upper = try upperTiles(head), upper.treeSize <= first {
            trunk.start(from: LogTree(upper: upper.hashes))
        }
        for index in (trunk.tree.treeSize / width)..<max(first / width, trunk.tree.treeSize / width)
        {
            let hashes = try leafHashes(tile: index)
            trunk.pass(hashes)
            for tile in trunk.tree.add(tile: hashes, index: index) { try compare(tile) }
            trunk.lastLeafHash = hashes.last
        }
        guard first > 0, trunk.lastLeafHash == nil else { return }
        let last = try leafHashes(tile: first / width - 1)
        let tree = TileTree(source: LogReader(directory.path), treeSize: first)
        guard tree.subtreeHash(level: 8, index: first / width - 1) == MerkleTree.root(of: last)
        else { throw StorageError(.altered, directory.tiles) }
        trunk.lastLeafHash = last.last
    }

    /// The hashes of the partial upper tiles under the last head whose tiles are there.
    private func upperTiles(
        _ head: RecordedHead
    ) throws(StorageError) -> (treeSize: UInt64, hashes: [[SHA256Digest]])? {
        for size in [head.latest?.treeSize, head.published?.treeSize].compactMap({ $0 }) {
            let whole = size - size % width
            let tiles = TileTree(source: LogReader(directory.path), treeSize: whole)
            var (hashes, count, level) = ([[SHA256Digest]](), whole / width, 1)
            while count > 0 {
                guard count % width > 0 else {
                    hashes.append([])
                    (count, level) = (count / width, level + 1)
                    continue
                }
                guard let tile = tiles.tile(level, count / width) else { break }
                hashes.append(tile)
                (count, level) = (count / width, level + 1)
            }
            if count == 0 { return (whole, hashes) }
        }
        return nil
    }

    /// Writes a tile that is not there, and refuses one that is not what the entries give.
    private func compare(_ tile: TileContent) throws(StorageError) {
        let path = directory.path(of: tile.path)
        guard let bytes = try FileTree.bytes(of: path) else { return try write(tile) }
        guard bytes == tile.bytes else { throw StorageError(.altered, path) }
    }

    /// The hashes of a full tile; they are computed from its bundle if it is not there.
    func leafHashes(tile index: UInt64) throws(StorageError) -> [SHA256Digest] {
        let tile = LogPath.tile(level: 0, index: index, width: LogPath.fullWidth)
        let path = directory.path(of: tile)
        if let bytes = try bytes(of: tile) {
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

    /// The bytes of a file, as it is or as it would be; nil if it is not there.
    private func bytes(of path: LogPath) throws(StorageError) -> [UInt8]? {
        if let bytes = foreseen?.bytes[path] { return bytes }
        return try FileTree.bytes(of: directory.path(of: path))
    }

    private func write(_ tile: TileContent) throws(StorageError) {
        if let foreseen { return foreseen.bytes[tile.path] = tile.bytes }
        var batch = FileBatch(isDurable: isDurable)
        try batch.add(tile.path.text, in: directory.path, tile.bytes, mode: 0o444)
        try batch.commit()
    }

    // MARK: Rule 3

    /// Reads the batches of the segment up to the first that is not as it must be.
    func scan(
        _ contents: [UInt8], from first: UInt64, link: SHA256Digest,
        _ trunk: inout RecoveredTrunk
    ) -> RecoveredTail {
        var tail = RecoveredTail(first: first, link: link)
        let scanner = EntryScanner()
        let bytes = unsafe contents.span.bytes
        while let batch = RecoveredBatch(after: tail, in: bytes, scanner) {
            tail.add(batch)
            for leafHash in batch.leafHashes {
                trunk.tree.append(leafHash)
                trunk.noteSize()
            }
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
        guard trunk.holds(signed) else {
            throw StorageError(.altered, directory.tiles)
        }
    }

    /// Keeps aside the bytes of batches that did not arrive whole; nil if there are none.
    private func keepTorn(
        _ contents: [UInt8], _ tail: RecoveredTail
    ) throws(StorageError) -> TornTail? {
        guard let bytes = TornBytes(after: tail, in: contents) else { return nil }
        let torn = TornTail(bytes, at: tail.end, in: directory)
        try FileTree.replace(
            torn.path, with: Array(contents[bytes.range]), mode: 0o600, isDurable: isDurable)
        return torn
    }
}
