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
    /// What the segment's full bundles must be when they are sealed.
    var tags: BundleTags
    /// The segments before, while their bundles are being sealed, the oldest first.
    var closed: [ClosedSegment] = []
    /// The files of sealed segments, for the next ones.
    let spares: SpareSegments
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
    /// The size whose neighbours' partial tiles may be left from an earlier process; nil once looked at.
    var leftSize: UInt64?
    /// Why nothing can be written any more.
    var failure: StorageError?
    /// The number of entries before a commit that failed, parts of which may have been written.
    private var sizeAtFailure: UInt64?

    /// Whether callers are appending, for what is to be done when they are not.
    let activity = CommitActivity()
    /// The entries of the batch at hand.
    private var staged = StagedBatch()
    /// The hashes of the names of the next submissions.
    private var names: [UInt64] = []
    /// What the next entry gets.
    private var assigned: EntryRenderer.LogAssigned
    private let hasher = SHA256Hasher()

    /// The number of entries in the segment from which on it is sealed without a checkpoint: what
    /// recovery may have to read again.
    static let segmentEntryCountMax = 1 << 15
    static let segmentByteCountMax = 1 << 24
    /// The number of entries whose names are worth being kept when the log is closed.
    static let identifierCountMin = 4_096
    /// The number of submissions whose names are hashed ahead.
    private static let namesAheadCount = 64
    /// The number of bytes from which on a part of a durable commit is written while the rest is staged.
    private static let pieceByteCount = 1 << 18

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

    /// Writes all jobs, in parts if they are much, and tells their callers after one sync.
    ///
    /// - Parameters:
    ///   - jobs: The jobs.
    ///   - beforeTelling: Called once they are durable.
    mutating func commit(_ jobs: [AppendJob], beforeTelling: () -> Void = {}) {
        guard !jobs.isEmpty else { return }
        activity.note()
        let size = toldSize
        var isWritten = false
        do throws(StorageError) {
            try requireOpen()
            staged.removeAll()
            try loadIdentifiers(for: jobs)
            recordedAt = max(recordedAt, options.clock())
            assigned = .init(seq: treeSize, prev: link, at: recordedAt)
            var results: [[Acknowledgement]] = []
            for job in jobs { results.append(try stage(job)) }
            try writeStaged()
            isWritten = true
            beforeTelling()
            for (job, result) in zip(jobs, results) { job.finish(.success(result)) }
            let end = identifierEnd
            try identifiers?.flush(end)
            if segment.entryCount >= Self.segmentEntryCountMax
                || segment.byteCount >= Self.segmentByteCountMax
            {
                try roll()
            } else {
                try noteSealing()
            }
        } catch {
            fail(error)
            if !isWritten { sizeAtFailure = size }
            // Who is told opens the log again, perhaps at once: no part may reach the file after that.
            segment.settle()
            beforeTelling()
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
            return try stage(submissions)
        case .own(let draft):
            let sequence = ownSequence + 1
            let bytes = draft.rendered(
                id: "vigie-\(sequence)", source: "vigie", sequence: sequence,
                occurredAt: recordedAt)
            guard let submission = try? Submission(own: bytes) else {
                preconditionFailure("a draft is checked before it is queued")
            }
            // Never taken for a retry, whatever names callers have used.
            staged.forgetNext()
            let name = identifiers.map { submission.nameHash($0.key) }
            let answer = unsafe withUnsafePointer(to: submission) { submission in
                unsafe stage(submission, name, nextHead: [])
            }
            return [answer]
        }
    }

    /// The names of some submissions are hashed first, so that what their look-ups read is near by then.
    private mutating func stage(
        _ submissions: [Submission]
    ) throws(StorageError) -> [Acknowledgement] {
        var acknowledgements: [Acknowledgement] = []
        acknowledgements.reserveCapacity(submissions.count)
        staged.forgetNext()
        try unsafe submissions.withUnsafeBufferPointer { submissions throws(StorageError) in
            var start = 0
            while start < submissions.count {
                if isDurable, staged.frameByteCount >= Self.pieceByteCount { try beginWriting() }
                let places = start..<min(start + Self.namesAheadCount, submissions.count)
                try unsafe stage(submissions, places, &acknowledgements)
                start = places.upperBound
            }
        }
        return acknowledgements
    }

    // A buffer lends its elements where an array would copy them, and no method of the whole writer is
    // called that only reads: it would be copied.
    private mutating func stage(
        _ submissions: UnsafeBufferPointer<Submission>, _ places: Range<Int>,
        _ acknowledgements: inout [Acknowledgement]
    ) throws(StorageError) {
        unsafe hashNames(submissions, places)
        for place in places {
            if identifiers?.mayHold(names[place - places.lowerBound]) == true {
                let key = identifiers?.key
                let first = try unsafe acknowledged(
                    submissions[place], names[place - places.lowerBound])
                // An index that is made anew has another key.
                if identifiers?.key != key { unsafe hashNames(submissions, places) }
                if let first {
                    staged.forgetNext()
                    acknowledgements.append(first)
                    continue
                }
            }
            let isLast = place + 1 == submissions.count
            let head = unsafe isLast ? [] : submissions[place + 1].head
            guard let base = submissions.baseAddress else { return }
            unsafe acknowledgements.append(
                stage(base + place, names[place - places.lowerBound], nextHead: head))
        }
    }

    private mutating func hashNames(
        _ submissions: UnsafeBufferPointer<Submission>, _ places: Range<Int>
    ) {
        guard let key = identifiers?.key else {
            preconditionFailure("the index is read before submissions are staged")
        }
        names.removeAll(keepingCapacity: true)
        for place in places { names.append(unsafe submissions[place].nameHash(key)) }
        identifiers?.touch(names)
    }

    private mutating func stage(
        _ submission: UnsafePointer<Submission>, _ hash: UInt64?, nextHead: ArraySlice<UInt8>
    ) -> Acknowledgement {
        let index = assigned.seq
        link = unsafe staged.append(submission, assigned, nextHead: nextHead)
        assigned.prev = link
        assigned.seq = index + 1
        identifiers?.append(hash)
        if unsafe submission.pointee.isOwn {
            unsafe ownSequence = max(ownSequence, submission.pointee.sourceSequence)
        }
        return Acknowledgement(index: index, leafHash: link, isRepetition: false)
    }

    // MARK: Idempotency

    /// What is known of the last entry, for the index.
    var identifierEnd: IdentifierEnd {
        IdentifierEnd(leafHash: link, ownSequence: ownSequence, recordedAt: recordedAt)
    }

    /// Reads the index of identifiers when the first caller submits an event.
    private mutating func loadIdentifiers(for jobs: [AppendJob]) throws(StorageError) {
        guard identifiers == nil, jobs.contains(where: \.hasSubmissions) else { return }
        try loadIdentifiers(isNew: false)
    }

    private mutating func loadIdentifiers(isNew: Bool) throws(StorageError) {
        // The names of bundles that are still being sealed are read from their files.
        try finishSealing()
        let content = SegmentContent(
            first: segment.first, frames: try segment.frames(0..<segment.entryCount),
            leaves: tree.leaves)
        let state = try DerivedState.loadAll(
            directory, content, isDurable: isDurable, isNew: isNew)
        identifiers = state.identifiers
        ownSequence = max(ownSequence, state.ownSequence)
    }

    /// Makes the index anew, which is not as it was written; the entries at hand are added to it.
    private mutating func rebuildIdentifiers() throws(StorageError) {
        identifiers = nil
        try loadIdentifiers(isNew: true)
        let scanner = EntryScanner()
        for place in 0..<staged.count {
            let entry = staged.entry(place)
            let scanned = try? scanner.scan(entry)
            let hash = scanned.flatMap { unsafe identifiers?.hash(entry.span.bytes, $0) }
            identifiers?.append(hash)
        }
    }

    /// The first acknowledgement of an event that the log holds already; nil if it does not.
    @inline(never)
    private mutating func acknowledged(
        _ submission: borrowing Submission, _ name: UInt64
    ) throws(StorageError) -> Acknowledgement? {
        var candidates: [UInt64]
        do throws(StorageError) {
            candidates = try identifiers?.candidates(name) ?? []
        } catch {
            try rebuildIdentifiers()
            guard let key = identifiers?.key else { return nil }
            candidates = try identifiers?.candidates(submission.nameHash(key)) ?? []
        }
        for index in candidates {
            guard let entry = try entry(at: index),
                let scanned = try? EntryScanner().scan(entry),
                Self.sameName(entry, scanned, submission)
            else { continue }
            let leafHash = hasher.leafHash(entry)
            return Acknowledgement(index: index, leafHash: leafHash, isRepetition: true)
        }
        return nil
    }

    private static func sameName(
        _ entry: [UInt8], _ scanned: ScannedEntry, _ submission: borrowing Submission
    ) -> Bool {
        guard let source = scanned.range(of: .source), let identifier = scanned.range(of: .id)
        else { return false }
        return entry[source].elementsEqual(submission.bytes[submission.source])
            && entry[identifier].elementsEqual(submission.bytes[submission.identifier])
    }

    /// The bytes of an entry, staged or written; nil if they were purged.
    func entry(at index: UInt64) throws(StorageError) -> [UInt8]? {
        let header = EntryBundle.headerByteCount
        if index >= treeSize { return staged.entry(Int(index - treeSize)) }
        if index >= segment.first {
            let place = Int(index - segment.first)
            return Array(try segment.frames(place..<(place + 1)).dropFirst(header))
        }
        if let old = closed.last(where: { $0.first <= index }) {
            let place = Int(index - old.first)
            if let frame = try old.frames(place..<(place + 1)) {
                return Array(frame.dropFirst(header))
            }
        }
        return try SealedEntry.read(index, in: directory)
    }

    // MARK: Writing

    private mutating func writeStaged() throws(StorageError) {
        if staged.count > 0 {
            try segment.append(staged)
            tags.add(staged)
            tree.append(staged.leafHashes)
        }
        try segment.commit(isDurable: isDurable)
    }

    /// Begins to write what is staged of a large commit; what comes next is staged meanwhile.
    private mutating func beginWriting() throws(StorageError) {
        tags.add(staged)
        tree.append(staged.leafHashes)
        try segment.begin(&staged)
    }
}
