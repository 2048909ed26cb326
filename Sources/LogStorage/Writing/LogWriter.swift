// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// The one writer of a log: all that the appender knows and does, without any threads.
///
/// A failed write or sync makes `failure` final: what the system did with the bytes is then not
/// known, and only reading them again, by opening the log, can tell.
struct LogWriter: ~Copyable {
    let directory: LogDirectory
    /// The key of the present epoch.
    var key: LogSigningKey
    let options: LogAppender.Options
    /// Held while the log is open.
    private let lock: OpenFile
    var segment: WriteAheadSegment
    var tree: LogTree
    /// Nil until somebody submits an event: a long log is opened without reading it.
    var identifiers: IdentifierIndex?
    /// The greatest `source_seq` of the log's own source.
    var ownSequence: UInt64
    /// The last entry's leaf hash, or the opening link.
    var link: SHA256Digest
    /// When the last entry was recorded.
    var recordedAt: Int64
    /// The last head that was signed.
    var signed: SignedState?
    /// Whether the checkpoint is the last head that was signed: a crash may come between the two.
    var isPublished: Bool
    /// What was to be done about the keys when the log was opened.
    private let step: SigningKeys.Step
    /// What recovery dropped.
    let tornTail: TornTail?
    /// The partial tiles of the last two checkpoints, the older first.
    var partialFiles: [[String]] = []
    /// Why nothing can be written any more.
    var failure: StorageError?

    /// The entries of the batch at hand.
    private var staged = StagedBatch()
    private let hasher = SHA256Hasher()

    /// The number of entries in the segment from which on it is sealed without a checkpoint.
    static let segmentEntryCountMax = 4_096
    static let segmentByteCountMax = 1 << 24

    init(
        _ directory: LogDirectory, _ options: LogAppender.Options,
        lock: consuming OpenFile, recovered: consuming RecoveredLog
    ) {
        self.directory = directory
        key = recovered.step.signer
        step = recovered.step
        self.options = options
        self.lock = lock
        link = recovered.link
        recordedAt = recovered.recordedAt
        signed = recovered.signed
        isPublished = recovered.isPublished
        tornTail = recovered.torn
        if let signed { partialFiles = [Self.partialFiles(treeSize: signed.treeSize)] }
        identifiers = recovered.identifiers
        ownSequence = recovered.ownSequence
        segment = recovered.segment
        tree = recovered.tree
    }

    var isDurable: Bool { options.isDurable }
    var treeSize: UInt64 { tree.treeSize }
    var hasUnsignedEntries: Bool { signed?.treeSize != treeSize || !isPublished }

    /// Writes all jobs with one write to each file, and then tells their callers.
    mutating func commit(_ jobs: [AppendJob]) {
        guard !jobs.isEmpty else { return }
        do throws(StorageError) {
            try requireOpen()
            staged.removeAll()
            try loadIdentifiers(for: jobs)
            recordedAt = max(recordedAt, options.clock())
            var results: [[Acknowledgement]] = []
            for job in jobs { results.append(try stage(job)) }
            try writeStaged()
            for (job, result) in zip(jobs, results) { job.finish(.success(result)) }
            if segment.entryCount >= Self.segmentEntryCountMax
                || segment.byteCount >= Self.segmentByteCountMax
            {
                try seal()
            }
        } catch {
            fail(error)
            for job in jobs where job.result == nil { job.finish(.failure(error)) }
        }
    }

    /// Finishes a rotation that was cut short, or drops a next key that nothing announced.
    mutating func settleKeys(_ keys: SigningKeys) throws(StorageError) {
        guard let file = keys.file else { return }
        switch step {
        case .sign: try file.discardNext()
        case .promote: try file.promoteNext()
        case .close(_, let next): try closeEpoch(file, next)
        }
    }

    /// Writes one job, for which nobody else waits.
    mutating func record(_ work: AppendJob.Work) throws(StorageError) {
        let job = AppendJob(work)
        commit([job])
        _ = try job.result?.get()
    }

    func requireOpen() throws(StorageError) {
        guard let failure else { return }
        throw StorageError(.stopped, path: failure.path, systemError: failure.systemError)
    }

    mutating func fail(_ error: StorageError) {
        if failure == nil { failure = error }
    }

    // MARK: Staging

    private mutating func stage(_ job: AppendJob) throws(StorageError) -> [Acknowledgement] {
        switch job.work {
        case .submissions(let submissions):
            var acknowledgements: [Acknowledgement] = []
            acknowledgements.reserveCapacity(submissions.count)
            // In place: a submission holds the places of all its fields, and is large to copy.
            let span = submissions.span
            for place in span.indices { acknowledgements.append(try stage(span[place])) }
            return acknowledgements
        case .own(let draft):
            let sequence = ownSequence + 1
            let bytes = draft.rendered(
                id: "vigie-\(sequence)", source: "vigie", sequence: sequence,
                occurredAt: recordedAt)
            guard let submission = try? Submission(own: bytes) else {
                preconditionFailure("a draft is checked before it is queued")
            }
            // Never taken for a retry, whatever names callers have used.
            return [try stage(submission, Self.identifierKey(submission))]
        }
    }

    private mutating func stage(
        _ submission: borrowing Submission
    ) throws(StorageError) -> Acknowledgement {
        let key = Self.identifierKey(submission)
        if let first = try acknowledged(submission, key) { return first }
        return try stage(submission, key)
    }

    private static func identifierKey(_ submission: Submission) -> UInt64 {
        unsafe IdentifierIndex.key(submission.bytes.span.bytes, submission.scanned)
    }

    private mutating func stage(
        _ submission: borrowing Submission, _ key: UInt64
    ) throws(StorageError) -> Acknowledgement {
        let index = treeSize + UInt64(staged.offsets.count)
        guard index < IdentifierIndex.countMax else {
            throw StorageError(.full, directory.path)
        }
        let entry = staged.append(
            submission, .init(seq: index, prev: link, at: recordedAt))
        link = unsafe hasher.leafHash(staged.frames.span.bytes.extracting(entry))
        staged.leafHashes.append(link)
        identifiers?.append(key)
        noteOwnSequence(submission)
        return Acknowledgement(index: index, leafHash: link, isRepetition: false)
    }

    private mutating func noteOwnSequence(_ submission: borrowing Submission) {
        guard let source = submission.scanned.range(of: .source),
            submission.bytes[source].elementsEqual(IdentifierIndex.ownSource)
        else { return }
        ownSequence = max(ownSequence, submission.scanned.sourceSeq)
    }

    // MARK: Idempotency

    /// Reads the index of identifiers when the first caller submits an event.
    private mutating func loadIdentifiers(for jobs: [AppendJob]) throws(StorageError) {
        guard identifiers == nil, jobs.contains(where: \.hasSubmissions) else { return }
        let content = SegmentContent(
            first: segment.first, frames: try segment.frames(0..<segment.entryCount),
            leaves: tree.leaves)
        let state = try DerivedState.loadAll(directory, content, Int(treeSize))
        identifiers = state.identifiers
        ownSequence = max(ownSequence, state.ownSequence)
    }

    /// The first acknowledgement of an event that the log holds already.
    private func acknowledged(
        _ submission: borrowing Submission, _ key: UInt64
    ) throws(StorageError) -> Acknowledgement? {
        guard let candidates = identifiers?.candidates(key) else { return nil }
        for index in candidates.sorted() {
            guard let entry = try entry(at: UInt64(index)),
                let scanned = try? EntryScanner().scan(entry),
                Self.sameName(entry, scanned, submission)
            else { continue }
            return Acknowledgement(
                index: UInt64(index), leafHash: hasher.leafHash(entry), isRepetition: true)
        }
        return nil
    }

    private static func sameName(
        _ entry: [UInt8], _ scanned: ScannedEntry, _ submission: borrowing Submission
    ) -> Bool {
        for field in [EntryField.source, .id] {
            guard let one = scanned.range(of: field), let two = submission.scanned.range(of: field),
                entry[one].elementsEqual(submission.bytes[two])
            else { return false }
        }
        return true
    }

    /// The bytes of an entry, staged or written; nil if they were purged.
    func entry(at index: UInt64) throws(StorageError) -> [UInt8]? {
        let header = EntryBundle.headerByteCount
        if index >= treeSize { return staged.entry(Int(index - treeSize)) }
        if index >= segment.first {
            let place = Int(index - segment.first)
            return Array(try segment.frames(place..<(place + 1)).dropFirst(header))
        }
        return try SealedEntry.read(index, in: directory)
    }

    // MARK: Writing

    private mutating func writeStaged() throws(StorageError) {
        guard !staged.offsets.isEmpty else { return }
        let hashes = TileContent(level: 0, index: 0, hashes: staged.leafHashes).bytes
        try segment.append(
            staged.frames, offsets: staged.offsets, leaves: hashes, isDurable: isDurable)
        for hash in staged.leafHashes { tree.append(hash) }
    }
}

/// The entries of one commit, before they are written.
struct StagedBatch {
    var frames: [UInt8] = []
    /// Where each entry's frame starts.
    var offsets: [Int] = []
    var leafHashes: [SHA256Digest] = []

    mutating func removeAll() {
        frames.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        leafHashes.removeAll(keepingCapacity: true)
    }

    /// Adds an entry.
    ///
    /// - Returns: Where its bytes are in `frames`.
    mutating func append(
        _ submission: borrowing Submission, _ assigned: EntryRenderer.LogAssigned
    ) -> Range<Int> {
        let start = frames.count
        offsets.append(start)
        frames.append(0)
        frames.append(0)
        do throws(EntryError) {
            try EntryRenderer.append(
                to: &frames, submission.bytes, submission.scanned, assigned)
        } catch {
            preconditionFailure("a submission leaves room for what the log adds")
        }
        let count = frames.count - start - EntryBundle.headerByteCount
        frames[start] = UInt8(truncatingIfNeeded: count >> 8)
        frames[start + 1] = UInt8(truncatingIfNeeded: count)
        return (start + EntryBundle.headerByteCount)..<frames.count
    }

    func entry(_ place: Int) -> [UInt8] {
        let start = offsets[place] + EntryBundle.headerByteCount
        let end = place + 1 < offsets.count ? offsets[place + 1] : frames.count
        return Array(frames[start..<end])
    }
}
