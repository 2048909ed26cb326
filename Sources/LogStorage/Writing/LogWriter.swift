// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Dispatch
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
    /// What the segment's full bundles must be when they are sealed.
    let tags: BundleTags
    /// The segments before, while their bundles are being sealed, the oldest first.
    var closed: [ClosedSegment] = []
    /// The files of sealed segments, for the next ones.
    let spares: SpareSegments
    var tree: LogTree
    /// Nil until somebody submits an event: a long log is opened without reading it.
    var identifiers: IdentifierIndex?
    /// Whether what is stored of it is not as it was written, and is of no use any more.
    var isIndexAltered = false
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
    /// The size whose neighbours' partial tiles may be left from an earlier process; nil once looked at.
    var leftSize: UInt64?
    /// Why nothing can be written any more.
    var failure: StorageError?
    /// The number of entries before a commit that failed, parts of which may have been written.
    private var sizeAtFailure: UInt64?

    /// Whether callers are appending, for what is to be done when they are not.
    let activity = CommitActivity()
    /// Room for the entries of the next segment.
    let nextRoom = MadeAhead<SegmentRoom>()
    /// Memory for parts of large commits.
    let spaces = SpacePool()
    /// The thread that prepares and writes these.
    let helper = CommitThread()
    /// Whether the helper works on the commit at hand.
    var isHelped = false
    /// The entries of the batch at hand.
    var staged = StagedBatch()
    /// The hashes of the names of the next submissions.
    var names: [UInt64] = []
    /// What the next entry gets.
    var assigned: EntryRenderer.LogAssigned
    let hasher = SHA256Hasher()

    /// The number of entries in the segment from which on it is sealed without a checkpoint: what
    /// recovery may have to read again.
    static let segmentEntryCountMax = 1 << 15
    static let segmentByteCountMax = 1 << 24
    /// The number of entries of a segment that large commits fill, at most.
    static let largeSegmentEntryCount = segmentEntryCountMax + Preparation.submissionCountMin
    /// The number of entries whose names are worth being kept when the log is closed.
    static let identifierCountMin = 4_096

    init(
        _ directory: LogDirectory, _ options: LogAppender.Options,
        lock: consuming OpenFile, recovered: consuming RecoveredLog
    ) {
        self.directory = directory
        spares = SpareSegments(directory, isDurable: options.isDurable)
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
        leftSize = signed?.treeSize
        identifiers = recovered.identifiers
        ownSequence = recovered.ownSequence
        tags = BundleTags(recovered: recovered.segment.entryCount)
        segment = recovered.segment
        tree = recovered.tree
        assigned = .init(seq: 0, prev: link, at: 0)
    }

    var isDurable: Bool { options.isDurable }
    var treeSize: UInt64 { tree.treeSize }
    /// The number of entries of which callers were told.
    var toldSize: UInt64 { sizeAtFailure ?? treeSize }
    var hasUnsignedEntries: Bool { signed?.treeSize != treeSize || !isPublished }

    /// Writes all jobs, in parts if they are much, and tells their callers after the sync that ends it.
    ///
    /// - Parameters:
    ///   - jobs: The jobs.
    ///   - beforeTelling: Called once they are durable, or have failed.
    ///   - afterTelling: Called once each of them is finished, to wake their callers.
    mutating func commit(
        _ jobs: consuming [AppendJob], beforeTelling: () -> Void = {},
        afterTelling: () -> Void = {}
    ) {
        var jobs = jobs
        guard !jobs.isEmpty else { return }
        activity.note()
        let size = toldSize
        var isWritten = false
        let now: Int64
        do throws(StorageError) {
            now = try self.now()
        } catch {
            // Nothing was done yet: once the clock is right, the log goes on.
            beforeTelling()
            for job in jobs { job.fail(error) }
            return afterTelling()
        }
        do throws(StorageError) {
            try requireOpen()
            staged.removeAll()
            isHelped = false
            try loadIdentifiers(for: jobs)
            recordedAt = max(recordedAt, now)
            assigned = .init(seq: treeSize, prev: link, at: recordedAt)
            for job in jobs { job.keep(try stage(job)) }
            try writeStaged()
            isWritten = true
            beforeTelling()
            for job in jobs { job.finish() }
            // What is left to a caller alone is freed by its thread, to the memory that it takes from.
            jobs = []
            afterTelling()
            try flushIdentifiers()
            if isSegmentFull {
                try roll()
            } else {
                try noteSealing()
            }
        } catch {
            fail(error)
            // Who is told opens the log again, perhaps at once: no part may reach the file after that.
            segment.settle()
            guard !isWritten else { return }
            sizeAtFailure = size
            beforeTelling()
            for job in jobs { job.fail(error) }
            afterTelling()
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

    /// What the clock says, which is checked before anything is done that will be recorded.
    func now() throws(StorageError) -> Int64 {
        try LogClock.checked(options.clock(), for: directory.path)
    }

    func requireOpen() throws(StorageError) {
        guard let failure else { return }
        throw StorageError(.stopped, path: failure.path, systemError: failure.systemError)
    }

    mutating func fail(_ error: StorageError) {
        if failure == nil { failure = error }
    }

    /// Ends what other threads do for the log, the last thing before it is let go of: they may use nothing of
    /// it, nor of libcrypto, once the program ends.
    mutating func close() {
        // What could not be sealed, recovery seals; nobody else may open the log before.
        for segment in closed { _ = try? segment.finish() }
        try? finishSealing()
        // What is left of earlier entries recovery would cut off too.
        try? dropSpares()
        // The index of identifiers is derived: if it cannot be kept, the next opening makes it.
        try? storeIdentifiers()
        identifiers?.finishWriting()
        helper.finish()
    }

    // MARK: Writing

    private mutating func writeStaged() throws(StorageError) {
        if staged.count > 0 {
            try appendStaged()
        }
        try segment.commit(isDurable: isDurable)
    }

    private mutating func appendStaged() throws(StorageError) {
        try segment.append(staged)
        try segment.finishWriting()
        tags.add(staged)
        tree.append(staged.leafHashes)
        guard isHelped else { return tags.make() }
        // Nobody waits for what the helper does while the disk is at work.
        staged.leave(next: spaces)
        let nextNames = identifiers?.tableToMake
        helper.performLate { [tags, nextRoom] in
            tags.make()
            nextRoom.make { SegmentRoom(entryCount: Self.largeSegmentEntryCount) }
            nextNames?.make { RecentIdentifiers.full }
        }
    }

    /// Writes what is staged of a large commit; of a durable one while what comes next is staged.
    ///
    /// A segment that is full ends here already, so that none is longer than recovery can read.
    mutating func beginWriting() throws(StorageError) {
        if isDurable {
            isHelped = true
            tree.append(staged.leafHashes)
            tags.add(staged)
            try segment.begin(&staged, tags, spaces, by: helper)
        } else {
            try appendStaged()
            staged.removeAll()
        }
        guard isSegmentFull else { return }
        try segment.commit(isDurable: isDurable)
        try roll()
    }

    private var isSegmentFull: Bool {
        segment.entryCount >= Self.segmentEntryCountMax
            || segment.byteCount >= Self.segmentByteCountMax
    }
}
