// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// The state of a log that is open for writing, used by one thread at a time.
struct LogWriter: ~Copyable {
    let directory: LogDirectory
    let key: LogSigningKey
    let hasher = SHA256Hasher()
    var segment: Segment
    var tree: TileTree
    /// The leaf hash of the last entry, or the link of entry 0.
    var link: SHA256Digest
    var lastRecordedAt: Int64
    /// The last `source_seq` of the log's own source.
    var ownSequence: UInt64
    var known: KnownIDs
    /// The tiles that filled up since the last signature.
    var filled: [TileTree.FullTile] = []
    var signed: SignedState?
    /// The partial files of the last two signatures, the older ones first.
    var partials: [[String]] = []
    /// Why nothing more is accepted.
    private(set) var failure: StorageError?
    private let lock: OpenFile

    init(
        _ directory: LogDirectory, _ key: LogSigningKey, _ found: RecoveredLog,
        segment: consuming Segment, lock: consuming OpenFile
    ) {
        self.directory = directory
        self.key = key
        tree = found.tree
        link = found.link
        lastRecordedAt = found.lastRecordedAt
        ownSequence = found.ownSequence
        known = found.known
        filled = found.filled
        signed = found.signed
        self.segment = segment
        self.lock = lock
    }

    /// Appends submissions, and returns when they are durable.
    ///
    /// - Throws: ``StorageError``; after a failed write the writer accepts nothing more.
    mutating func commit(
        _ submissions: [Submission], at now: Int64
    ) throws(StorageError) -> [Acknowledgement] {
        if let failure { throw StorageError(.stopped, path: failure.path) }
        do throws(StorageError) {
            return try write(submissions, recordedAt: max(now, lastRecordedAt))
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func write(
        _ submissions: [Submission], recordedAt: Int64
    ) throws(StorageError) -> [Acknowledgement] {
        var batch = Batch(seq: tree.size, link: link)
        var acknowledgements: [Acknowledgement] = []
        acknowledgements.reserveCapacity(submissions.count)
        for submission in submissions {
            let key = KnownIDs.key(submission.bytes, submission.scanned)
            if let first = try repetition(of: submission, key, batch) {
                acknowledgements.append(first)
                continue
            }
            let leafHash = batch.add(submission, key, recordedAt: recordedAt, hasher: hasher)
            acknowledgements.append(
                Acknowledgement(index: batch.seq - 1, leafHash: leafHash, isRepetition: false))
        }
        guard !batch.leafHashes.isEmpty else { return acknowledgements }
        try segment.append(
            framed: batch.framed, ends: batch.ends, leafHashes: batch.leafHashes.flatMap(\.bytes))
        for (position, leafHash) in batch.leafHashes.enumerated() {
            known[batch.keys[position]] = tree.size
            tree.append(leafHash, hasher: hasher, filled: &filled)
        }
        link = batch.link
        lastRecordedAt = recordedAt
        return acknowledgements
    }

    /// The first acknowledgement of an entry that is in the log, or in the batch, already.
    private func repetition(
        of submission: Submission, _ key: Int, _ batch: borrowing Batch
    ) throws(StorageError) -> Acknowledgement? {
        let entry: [UInt8]
        let index: UInt64
        if let position = batch.position(of: key) {
            (entry, index) = (batch.entry(position), batch.first + UInt64(position))
        } else if let found = known[key] {
            (entry, index) = (try self.entry(at: found), found)
        } else {
            return nil
        }
        guard let fields = try? EntryScanner().scan(entry),
            KnownIDs.isSame(entry, fields, submission.bytes, submission.scanned)
        else { return nil }
        return Acknowledgement(
            index: index, leafHash: hasher.leafHash(entry), isRepetition: true)
    }

    /// The bytes of an entry that is in the log.
    func entry(at index: UInt64) throws(StorageError) -> [UInt8] {
        if index >= segment.first {
            return Array(try segment.framedEntries(index..<(index + 1)).dropFirst(2))
        }
        let path = LogPath.bundle(index: index / 256, width: LogPath.fullWidth).text
        guard let bundle = try directory.read(path) else {
            throw StorageError(.altered, path: directory.path(path))
        }
        let ranges = unsafe EntryBundle.entryRanges(in: bundle.span.bytes)
        guard ranges.count == LogPath.fullWidth else {
            throw StorageError(.altered, path: directory.path(path))
        }
        return Array(bundle[ranges[Int(index % 256)]])
    }
}

/// Entries on their way to the disk.
private struct Batch: ~Copyable {
    let first: UInt64
    var seq: UInt64
    var link: SHA256Digest
    var framed: [UInt8] = []
    var ends: [Int] = []
    var leafHashes: [SHA256Digest] = []
    var keys: [Int] = []
    private var positions: [Int: Int] = [:]

    init(seq: UInt64, link: SHA256Digest) {
        first = seq
        self.seq = seq
        self.link = link
    }

    func position(of key: Int) -> Int? { positions[key] }

    func entry(_ position: Int) -> [UInt8] {
        let start = position == 0 ? 0 : ends[position - 1]
        return Array(framed[(start + EntryBundle.headerByteCount)..<ends[position]])
    }

    mutating func add(
        _ submission: Submission, _ key: Int, recordedAt: Int64, hasher: borrowing SHA256Hasher
    ) -> SHA256Digest {
        let start = framed.count
        framed.append(contentsOf: [0, 0])
        do throws(EntryError) {
            try EntryRenderer.append(
                to: &framed, submission.bytes, submission.scanned,
                .init(seq: seq, prev: link, at: recordedAt))
        } catch {
            preconditionFailure("a submission leaves room for what the log sets")
        }
        let count = framed.count - start - 2
        framed[start] = UInt8(truncatingIfNeeded: count >> 8)
        framed[start + 1] = UInt8(truncatingIfNeeded: count)
        link = unsafe framed.withUnsafeBytes { raw in
            unsafe hasher.leafHash(UnsafeRawBufferPointer(rebasing: raw[(start + 2)...]))
        }
        positions[key] = ends.count
        ends.append(framed.count)
        leafHashes.append(link)
        keys.append(key)
        seq += 1
        return link
    }
}
