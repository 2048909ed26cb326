// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
public import TransparencyLog

/// The one writer of a log: it takes submissions from any thread, and answers when they are durable.
///
/// Callers queue. Whoever finds the writer free takes the batches of all who wait, and commits
/// them with one write and one sync; the others find their answer when their turn comes. It
/// blocks, so call it from a thread of your own and never from the cooperative pool.
public final class LogAppender: Sendable {
    private let writer: Mutex<LogWriter>
    private let queue = Mutex<[Ticket]>([])
    private let clock: @Sendable () -> Int64

    /// How a log is opened for writing.
    public struct Options: Sendable {
        /// Whether an entry is on the disk before it is acknowledged.
        public var isDurable: Bool
        /// Milliseconds since 1970; an entry's `recorded_at`, never before the last one's.
        public var clock: @Sendable () -> Int64

        /// Makes options.
        public init(isDurable: Bool = true, clock: @escaping @Sendable () -> Int64) {
            self.isDurable = isDurable
            self.clock = clock
        }
    }

    /// Opens a log, with recovery, or makes one where the directory is empty or absent.
    ///
    /// - Parameters:
    ///   - path: The log's directory.
    ///   - key: The key that signs the log; its name is the log's origin.
    ///   - genesis: The submission of entry 0, for a log that does not exist; nil to refuse.
    ///   - options: Durability and clock.
    /// - Throws: ``StorageError``.
    public init(
        _ path: String, key: LogSigningKey, genesis: Submission? = nil, options: Options
    ) throws(StorageError) {
        clock = options.clock
        let directory = LogDirectory(path: path, isDurable: options.isDurable)
        let exists = try !directory.names(in: ".state").isEmpty
        if genesis != nil {
            try Self.prepare(directory)
        } else if !exists {
            throw StorageError(.notFound, path: path)
        }
        let lock = try OpenFile(directory.path(".state/lock"), O_RDWR | O_CREAT, mode: 0o600)
        guard flock(lock.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw .system(errno, path: directory.path(".state/lock"))
        }
        let recovered = try RecoveredLog.find(in: directory, key: key)
        let tornByteCount = recovered.found.tornByteCount
        var opened = LogWriter(
            directory, key, recovered.found, segment: recovered.segment, lock: lock)
        if let genesis { _ = try opened.commit([genesis], at: options.clock()) }
        if tornByteCount > 0 {
            try opened.recordRecovery(tornByteCount: tornByteCount, at: options.clock())
        }
        writer = Mutex(opened)
    }

    private static func prepare(_ directory: LogDirectory) throws(StorageError) {
        guard try directory.names(in: ".").isEmpty else {
            throw StorageError(.exists, path: directory.path)
        }
        guard unsafe mkdir(directory.path, 0o755) == 0 || errno == EEXIST else {
            throw .system(errno, path: directory.path)
        }
        try directory.makeFolder(".state")
    }

    /// Appends submissions in order, as one batch.
    ///
    /// One with a (`source`, `id`) that the log holds already appends nothing, and gets the first
    /// one's acknowledgement.
    ///
    /// - Throws: ``StorageError``; then none of the batch is acknowledged, and the log must be
    ///   opened again.
    public func append(_ submissions: [Submission]) throws(StorageError) -> [Acknowledgement] {
        let ticket = Ticket(submissions)
        queue.withLock { $0.append(ticket) }
        writer.withLock { writer in
            guard ticket.result == nil else { return }
            let waiting = queue.withLock { tickets in
                defer { tickets = [] }
                return tickets
            }
            Ticket.settle(waiting, with: &writer, at: clock())
        }
        guard let result = ticket.result else { preconditionFailure("a ticket was settled") }
        return try result.get()
    }

    /// Signs a checkpoint over all entries; nothing is done if none was appended since the last.
    ///
    /// - Returns: The number of entries that the checkpoint covers.
    /// - Throws: ``StorageError``.
    @discardableResult
    public func sign() throws(StorageError) -> UInt64 {
        let result: Result<UInt64, StorageError> = writer.withLock { writer in
            do throws(StorageError) {
                try writer.publish()
                return .success(writer.tree.size)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The number of entries.
    public var size: UInt64 {
        writer.withLock { $0.tree.size }
    }
}

/// A caller's batch, and its answer.
private final class Ticket: Sendable {
    private let submissions: [Submission]
    private let state = Mutex<Result<[Acknowledgement], StorageError>?>(nil)

    init(_ submissions: [Submission]) {
        self.submissions = submissions
    }

    var result: Result<[Acknowledgement], StorageError>? { state.withLock { $0 } }

    /// Commits the batches of all who wait as one, and tells each its part.
    static func settle(_ tickets: [Ticket], with writer: inout LogWriter, at now: Int64) {
        do throws(StorageError) {
            var rest = try writer.commit(tickets.flatMap(\.submissions), at: now)[...]
            for ticket in tickets {
                let part = Array(rest.prefix(ticket.submissions.count))
                rest = rest.dropFirst(part.count)
                ticket.state.withLock { $0 = .success(part) }
            }
        } catch {
            for ticket in tickets { ticket.state.withLock { $0 = .failure(error) } }
        }
    }
}

extension LogWriter {
    /// Records that recovery dropped bytes that nobody was told were kept.
    fileprivate mutating func recordRecovery(
        tornByteCount: Int, at now: Int64
    ) throws(StorageError) {
        let text = """
            {"count":\(tornByteCount),"first":\(tree.size),"id":"log.recover.\(tree.size)",\
            "occurred_at":"\(Timestamp.format(now))","source":"vigie",\
            "source_seq":\(ownSequence + 1),"type":"log.recover","v":1}
            """
        guard let submission = try? Submission(Array(text.utf8)) else {
            preconditionFailure("the log's own submissions are canonical")
        }
        _ = try commit([submission], at: now)
        ownSequence += 1
    }
}
