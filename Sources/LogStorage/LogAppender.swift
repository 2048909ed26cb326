// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import TransparencyLog

/// The one writer of a log: it takes submissions from any thread, and answers when they are durable.
///
/// Callers queue. Whoever finds the writer free takes the batches of all who wait, and commits
/// them with one write and one sync, for all of them; in parts, if they are much. That blocks, so call
/// it from a thread of your own; from a task, call the asynchronous form.
///
/// A retry of an event, known by its `source` and `id`, gets the first acknowledgement again.
public final class LogAppender: Sendable {
    /// How a log is opened for writing.
    public struct Options: Sendable {
        /// Whether an entry is on the disk before it is acknowledged.
        public var isDurable: Bool
        /// The least time between two checkpoints of a durable log; one that is not durable is
        /// signed only when asked.
        public var signingIntervalMilliseconds = 1_000
        /// Whether every tile is compared with the tree when the log is opened, which takes a time
        /// that grows with the log; else what the last signature and the next entries need.
        public var isThorough = false
        /// Milliseconds since 1970; an entry's `recorded_at`, never before the last one's.
        public var clock: @Sendable () -> Int64

        /// Makes options.
        public init(isDurable: Bool = true, clock: @escaping @Sendable () -> Int64) {
            self.isDurable = isDurable
            self.clock = clock
        }
    }

    /// What recovery dropped when the log was opened; nil if the log was whole.
    public let tornTail: TornTail?

    /// The file of the key, if it is in one.
    private let keyFile: SigningKeyFile?
    private let log: OpenLog

    /// Opens a log, with recovery, or makes one where the directory is empty or absent.
    ///
    /// - Parameters:
    ///   - path: The log's directory.
    ///   - key: The key that signs the log; its name is the log's origin.
    ///   - genesis: The submission of entry 0, for a log that does not exist; nil to refuse.
    ///   - options: Durability and clock.
    /// - Throws: ``StorageError``.
    public convenience init(
        _ path: String, key: LogSigningKey, genesis: Submission? = nil, options: Options
    ) throws(StorageError) {
        try self.init(path, genesis, options) { () throws(StorageError) in SigningKeys(key) }
    }

    /// Opens a log whose key is in a file, and finishes a rotation that a crash cut short.
    ///
    /// - Throws: ``StorageError``.
    public convenience init(
        _ path: String, keyFile: SigningKeyFile, options: Options
    ) throws(StorageError) {
        try self.init(path, nil, options) { () throws(StorageError) in try SigningKeys(keyFile) }
    }

    private init(
        _ path: String, _ genesis: Submission?, _ options: Options,
        keys: () throws(StorageError) -> SigningKeys
    ) throws(StorageError) {
        let directory = LogDirectory(path)
        if genesis != nil {
            try Self.prepare(directory, isDurable: options.isDurable)
        } else if try !FileTree.exists(directory.wal) {
            throw StorageError(.notFound, path: path)
        }
        let lock = try OpenFile.lock(of: directory)
        let keys = try keys()
        keyFile = keys.file
        let recovery = LogRecovery(
            directory: directory, keys: keys, isDurable: options.isDurable,
            isThorough: options.isThorough)
        let opened = LogWriter(
            directory, options, lock: lock, recovered: try recovery.recover())
        let torn = opened.tornTail
        tornTail = torn
        log = OpenLog(opened)
        // Whatever fails from here on, the log is closed as it always is.
        try log.withWriter { writer throws(StorageError) in
            try writer.settleKeys(keys)
            try writer.settlePurge()
            if let genesis { try writer.record(.submissions([genesis])) }
            guard let torn else { return }
            try writer.record(.own(.recovery(count: torn.byteCount, first: torn.first)))
        }
    }

    deinit { log.close() }

    /// Checks that a log can be made in a folder, and makes none.
    ///
    /// - Parameter path: The log's folder.
    /// - Throws: ``StorageError``, ``StorageError/Code/exists`` if there is anything in it.
    public static func requireRoom(at path: String) throws(StorageError) {
        let directory = LogDirectory(path)
        guard try FileTree.names(in: directory.path).isEmpty else {
            throw StorageError(.exists, path: directory.path)
        }
        let isThere = try FileTree.exists(directory.path)
        try FileTree.requireWritable(
            isThere ? directory.path : FileTree.parent(of: directory.path), for: directory.path)
    }

    private static func prepare(
        _ directory: LogDirectory, isDurable: Bool
    ) throws(StorageError) {
        try FileTree.makeFolder(directory.path)
        guard try FileTree.names(in: directory.path).isEmpty else {
            throw StorageError(.exists, path: directory.path)
        }
        try FileTree.makeFolder(directory.wal)
        _ = try WriteAheadSegment(
            creating: 0, in: directory, [], link: .zero, over: nil, isDurable: isDurable)
        guard isDurable else { return }
        try FileTree.syncFolder(directory.path)
        try FileTree.syncFolder(FileTree.parent(of: directory.path))
    }

    /// Appends submissions in order, as one batch.
    ///
    /// One with a (`source`, `id`) that the log holds already appends nothing, and gets the first
    /// one's acknowledgement.
    ///
    /// - Throws: ``StorageError``; then none of the batch is acknowledged, and the log must be
    ///   opened again.
    public func append(_ submissions: [Submission]) throws(StorageError) -> [Acknowledgement] {
        try run(.submissions(submissions))
    }

    /// Appends submissions in order, as one batch, without blocking a thread meanwhile.
    ///
    /// - Throws: ``StorageError``, as the other form does.
    public func appendWithoutBlocking(
        _ submissions: [Submission]
    ) async throws -> [Acknowledgement] {
        try await withCheckedThrowingContinuation { continuation in
            log.add(AppendJob(.submissions(submissions)) { continuation.resume(with: $0) })
        }
    }

    /// Records that the log is alive though nothing happens.
    ///
    /// - Throws: ``StorageError``.
    @discardableResult
    public func heartbeat() throws(StorageError) -> [Acknowledgement] {
        try run(.own(.heartbeat))
    }

    /// Records an event of this program: the log numbers it, and says when it occurred.
    ///
    /// - Throws: ``TransparencyLog/EntryError`` if a value is none that the format allows, and
    ///   ``StorageError``.
    @discardableResult
    public func record(_ draft: EventDraft) throws -> [Acknowledgement] {
        let rendered = draft.rendered(
            id: "vigie-\(UInt64.max)", source: "vigie", sequence: 1 << 52, occurredAt: 0)
        try Submission.refuseReservedType(rendered)
        return try run(.own(draft))
    }

    func run(_ work: AppendJob.Work) throws(StorageError) -> [Acknowledgement] {
        try log.run(work)
    }

    /// Signs a checkpoint over all entries; nothing is done if none was appended since the last.
    ///
    /// - Returns: The number of entries that the checkpoint covers.
    /// - Throws: ``StorageError``.
    @discardableResult
    public func sign() throws(StorageError) -> UInt64 {
        try withWriter { writer throws(StorageError) in
            try writer.signOrFail()
            return writer.treeSize
        }
    }

    /// Ends the epoch of the key: announces the next one, keeps the checkpoint that ends the epoch,
    /// and destroys the key that signed it.
    ///
    /// - Returns: The key that signs from now on.
    /// - Throws: ``StorageError``, with ``StorageError/Code/wrongKey`` if the key is in no file, and
    ///   ``StorageError/Code/credential`` if that is a credential.
    @discardableResult
    public func rotateKey() throws(StorageError) -> LogVerificationKey {
        guard let keyFile else { throw StorageError(.wrongKey, path: "") }
        guard !keyFile.isCredential else { throw StorageError(.credential, path: keyFile.path) }
        return try withWriter { writer throws(StorageError) in
            try writer.rotate(keyFile)
            return writer.key.verificationKey
        }
    }

    /// Refuses a purge that is not permitted, before anything is done for it.
    ///
    /// - Throws: ``StorageError``, as ``purge(_:)`` does.
    public func checkPurge(_ request: PurgeRequest) throws(StorageError) {
        try withWriter { writer throws(StorageError) in try writer.requirePermitted(request) }
    }

    /// What a purge of entries recorded before a moment would take; nil if there is nothing.
    ///
    /// - Throws: ``StorageError``.
    public func planPurge(before cutoff: Int64) throws(StorageError) -> PurgePlan? {
        try withWriter { writer throws(StorageError) in try writer.planPurge(cutoff: cutoff) }
    }

    /// Deletes the bundles of entries recorded before a moment, keeping their hashes.
    ///
    /// - Returns: The entries; empty if no bundle is that old, or none of the log's own entries
    ///   shows that it is.
    /// - Throws: ``StorageError``, with ``StorageError/Code/tooEarly`` where the policy forbids it, and
    ///   ``StorageError/Code/decidedAlone`` where one person asks and approves.
    public func purge(_ request: PurgeRequest) throws(StorageError) -> Range<UInt64> {
        try withWriter { writer throws(StorageError) in try writer.purge(request) }
    }

    /// Removes again what purges took, and what is there again, as from a backup (`LOG253`).
    ///
    /// - Returns: The entries, in whole bundles; none if nothing came back.
    /// - Throws: ``StorageError``, with ``StorageError/Code/altered`` if the log is not intact.
    public func removeReturned() throws(StorageError) -> [Range<UInt64>] {
        try withWriter { writer throws(StorageError) in try writer.removeReturned() }
    }

    /// Records and signs the present head, and keeps that checkpoint.
    ///
    /// - Returns: The number of entries that it covers.
    /// - Throws: ``StorageError``.
    @discardableResult
    public func seal() throws(StorageError) -> UInt64 {
        try withWriter { writer throws(StorageError) in
            try writer.sealKept()
            return writer.treeSize
        }
    }

    /// Keeps a copy of a policy set, which `policy.activate` or a purge names, in the log's folder.
    ///
    /// - Parameters:
    ///   - version: The set's version, 64 hexadecimal digits.
    ///   - files: Its files, by their paths in the set.
    /// - Throws: ``StorageError``, also if a path leads outside.
    public func storePolicySet(
        _ version: String, files: [(path: String, bytes: [UInt8])]
    ) throws(StorageError) {
        try withWriter { writer throws(StorageError) in
            try writer.storePolicySet(version, files)
        }
    }

    private func withWriter<Value: Sendable>(
        _ body: (inout LogWriter) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        try log.withWriter(body)
    }

    /// The number of entries, without those of a commit that failed.
    public var size: UInt64 { log.size }
}
