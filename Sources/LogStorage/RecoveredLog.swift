// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// What opening a log finds: the state after its last good entry.
///
/// The rules are those of `docs/log-format.md`, "Recovery".
struct RecoveredLog {
    var tree = TileTree()
    var link: SHA256Digest
    var lastRecordedAt: Int64 = 0
    var ownSequence: UInt64 = 0
    var known = KnownIDs()
    var filled: [TileTree.FullTile] = []
    var signed: SignedState?
    /// The number of bytes after the last good entry, which nobody was told were kept.
    var tornByteCount = 0

    private let directory: LogDirectory
    private let scanner = EntryScanner()

    private init(link: SHA256Digest, directory: LogDirectory) {
        self.link = link
        self.directory = directory
    }

    /// Finds the state of a log.
    ///
    /// - Throws: ``StorageError/Code/altered`` or ``StorageError/Code/behindSignature`` if
    ///   something that was signed is not as it was: such a log is not written to.
    static func find(
        in directory: LogDirectory, key: LogSigningKey
    ) throws(StorageError) -> OpenedLog {
        var found = RecoveredLog(
            link: LogGenesis.link(origin: key.verificationKey.name), directory: directory)
        found.signed = try found.lastSignature(key)
        let size = found.signed?.size ?? 0
        found.tree = try TileTree(size: size) { level, index, width throws(StorageError) in
            try found.tile(.tile(level: level, index: index, width: width), count: width)
        }
        if let signed = found.signed, found.tree.root(hasher: SHA256Hasher()) != signed.root {
            throw StorageError(.altered, path: directory.path("tile"))
        }
        let firsts = try directory.numbers(in: "wal", suffix: ".seg")
        guard let first = firsts.last else {
            guard size == 0 else { throw StorageError(.behindSignature, path: directory.path) }
            return OpenedLog(found: found, segment: try Segment(first: 0, in: directory))
        }
        guard first % 256 == 0, first <= size else {
            throw StorageError(.behindSignature, path: directory.path("wal"))
        }
        try found.readBundles(before: first)
        var segment = try Segment(first: first, in: directory)
        try found.replay(&segment)
        return OpenedLog(found: found, segment: segment)
    }

    /// Rule 2: the last signature, by this key and of what the public checkpoint says.
    private func lastSignature(_ key: LogSigningKey) throws(StorageError) -> SignedState? {
        guard let bytes = try directory.read(SignedState.file) else {
            guard try directory.read(LogPath.checkpoint.text) == nil else {
                throw StorageError(.altered, path: directory.path(SignedState.file))
            }
            return nil
        }
        guard let state = SignedState(bytes) else {
            throw StorageError(.altered, path: directory.path(SignedState.file))
        }
        guard state.keyHash == key.verificationKey.hash else {
            throw StorageError(.wrongKey, path: directory.path)
        }
        guard let note = try directory.read(LogPath.checkpoint.text) else { return state }
        do throws(NoteError) {
            let published = try CheckpointNote(parsing: note)
            _ = try published.note.verify(with: [key.verificationKey])
            guard published.checkpoint.treeSize <= state.size else { throw .malformedCheckpoint }
        } catch {
            throw StorageError(.altered, path: directory.path(LogPath.checkpoint.text))
        }
        return state
    }

    private func tile(_ path: LogPath, count: Int) throws(StorageError) -> [SHA256Digest] {
        guard let bytes = try directory.read(path.text),
            bytes.count == count * SHA256Digest.byteCount
        else { throw StorageError(.altered, path: directory.path(path.text)) }
        return stride(from: 0, to: bytes.count, by: SHA256Digest.byteCount).compactMap {
            SHA256Digest(bytes: Array(bytes[$0..<($0 + SHA256Digest.byteCount)]))
        }
    }

    /// Learns which entries the sealed bundles hold; their hashes are the verifier's business.
    private mutating func readBundles(before first: UInt64) throws(StorageError) {
        for index in 0..<(first / 256) {
            let path = LogPath.bundle(index: index, width: 256).text
            guard let bytes = try directory.read(path) else {
                throw StorageError(.behindSignature, path: directory.path(path))
            }
            for (offset, range) in unsafe EntryBundle.entryRanges(in: bytes.span.bytes).enumerated()
            {
                let entry = Array(bytes[range])
                guard let fields = try? scanner.scan(entry) else {
                    throw StorageError(.altered, path: directory.path(path))
                }
                learn(entry, fields, at: index * 256 + UInt64(offset))
            }
        }
    }

    private mutating func learn(_ entry: [UInt8], _ fields: ScannedEntry, at index: UInt64) {
        known[KnownIDs.key(entry, fields)] = index
        lastRecordedAt = max(lastRecordedAt, fields.recordedAt)
        if let source = fields.range(of: .source), entry[source].elementsEqual("vigie".utf8) {
            ownSequence = max(ownSequence, fields.sourceSeq)
        }
    }

    /// Rules 3 to 5: goes through the open segment, up to the first entry that is not whole.
    private mutating func replay(_ segment: inout Segment) throws(StorageError) {
        let contents = try segment.contents()
        var (offsets, index) = ([0], segment.first)
        let sealed = try sealedHashes(from: segment.first)
        while let range = unsafe EntryBundle.entryRange(
            at: offsets[offsets.count - 1], in: contents.entries.span.bytes)
        {
            let entry = Array(contents.entries[range])
            let leafHash = SHA256Hasher().leafHash(entry)
            let position = Int(index - segment.first)
            let isSigned = index < signed?.size ?? 0
            let expected = isSigned ? sealed[position] : stored(contents.leaves, position)
            guard leafHash == expected, let fields = try? scanner.scan(entry),
                fields.seq == index, (index == segment.first && index > 0) || fields.prev == link
            else { break }
            learn(entry, fields, at: index)
            link = leafHash
            if !isSigned { tree.append(leafHash, hasher: SHA256Hasher(), filled: &filled) }
            offsets.append(range.upperBound)
            index += 1
        }
        guard index >= signed?.size ?? 0 else {
            throw StorageError(
                .behindSignature, path: directory.path(LogPath.segment(first: segment.first).text))
        }
        let kept = offsets[offsets.count - 1]
        tornByteCount = contents.entries.count - kept
        if tornByteCount > 0 {
            try directory.makeFolder(".state")
            try directory.replace(
                ".state/torn-\(index)", Array(contents.entries[kept...]), mode: 0o600)
        }
        try segment.keep(offsets: offsets)
    }

    /// The leaf hashes that are signed, from an index on.
    private func sealedHashes(from first: UInt64) throws(StorageError) -> [SHA256Digest] {
        let size = signed?.size ?? 0
        var hashes: [SHA256Digest] = []
        for index in (first / 256)..<max(size / 256, first / 256) {
            hashes += try tile(.tile(level: 0, index: index, width: 256), count: 256)
        }
        return hashes + tree.levels[0]
    }

    private func stored(_ leaves: [UInt8], _ position: Int) -> SHA256Digest? {
        let start = position * SHA256Digest.byteCount
        guard start + SHA256Digest.byteCount <= leaves.count else { return nil }
        return SHA256Digest(bytes: Array(leaves[start..<(start + SHA256Digest.byteCount)]))
    }
}

/// A log that was found good, and its open segment.
struct OpenedLog: ~Copyable {
    let found: RecoveredLog
    let segment: Segment
}
