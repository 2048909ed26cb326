// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Dispatch
import Glibc
import Synchronization

/// What is left of a log without parsing, hashing, numbering and sealing.
///
/// For each batch, entries and their leaf hashes go to two files, with a sync of each, one after the
/// other, as the first format of the log had it; or entries to one file with one sync, as it is today;
/// or each entry is hashed before that, which no log of this format can do without. All of it comes
/// from memory that was made before.
final class BareLog: Sendable {
    /// The bytes of an entry and of its leaf hash, as they reach the disk.
    static let entryByteCount = 437
    static let leafByteCount = 32

    private let entries: Int32
    /// Negative if there is one file.
    private let leaves: Int32
    private let isDurable: Bool
    private let kind: Kind
    private let bytes: [UInt8]
    private let hasher = Mutex(SHA256Hasher())

    /// What it does for each batch.
    enum Kind: CaseIterable {
        case twoFiles, oneFile, oneFileHashed
    }

    /// `countMax` is the greatest number of entries of a batch.
    init(_ path: String, isDurable: Bool, countMax: Int, _ kind: Kind = .twoFiles) {
        self.kind = kind
        bytes = [UInt8](repeating: 0x61, count: countMax * Self.entryByteCount)
        func file(_ end: String) -> Int32 {
            unsafe open(path + end, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        }
        (entries, leaves) = (file(".seg"), kind == .twoFiles ? file(".leaf") : -1)
        self.isDurable = isDurable
    }

    deinit {
        close(entries)
        if leaves >= 0 { close(leaves) }
    }

    /// Writes the bytes of a batch of entries.
    func append(count: Int) {
        if kind == .oneFileHashed { hash(count) }
        write(count * Self.entryByteCount, to: entries)
        if leaves >= 0 { write(count * Self.leafByteCount, to: leaves) }
        guard isDurable else { return }
        precondition(fdatasync(entries) == 0, "the disk syncs")
        precondition(leaves < 0 || fdatasync(leaves) == 0, "the disk syncs")
    }

    private func hash(_ count: Int) {
        hasher.withLock { hasher in
            for place in 0..<count {
                let start = place * Self.entryByteCount
                let hash = unsafe bytes.withUnsafeBytes { bytes in
                    unsafe hasher.leafHash(
                        UnsafeRawBufferPointer(
                            rebasing: bytes[start..<(start + Self.entryByteCount)]))
                }
                precondition(hash != .zero, "no entry hashes to nothing")
            }
        }
    }

    private func write(_ count: Int, to file: Int32) {
        precondition(unsafe Glibc.write(file, bytes, count) == count, "the disk takes the bytes")
    }
}

/// A bare log that callers share in the simplest way that loses nothing: a thread of its own writes for
/// all who wait, and each caller sleeps until its entry is durable.
final class SharedBareLog: Sendable {
    private let log: BareLog
    private let waiting = Mutex<[DispatchSemaphore]>([])
    private let arrival = DispatchSemaphore(value: 0)

    init(_ log: BareLog, callCount: Int) {
        self.log = log
        let thread = Thread { [self] in
            var left = callCount
            while left > 0 {
                arrival.wait()
                let callers = waiting.withLock { callers in
                    defer { callers = [] }
                    return callers
                }
                guard !callers.isEmpty else { continue }
                log.append(count: callers.count)
                for caller in callers { caller.signal() }
                left -= callers.count
            }
        }
        thread.start()
    }

    /// Appends one entry, and returns when it is durable.
    func append(_ turn: DispatchSemaphore) {
        waiting.withLock { $0.append(turn) }
        arrival.signal()
        turn.wait()
    }
}

/// A thread of its own.
final class Thread: Sendable {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func start() {
        var thread = pthread_t()
        let pointer = unsafe Unmanaged.passRetained(self).toOpaque()
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let thread = unsafe Unmanaged<Thread>.fromOpaque(argument).takeRetainedValue()
                thread.body()
                return nil
            }, pointer)
        precondition(status == 0, "the system gives threads")
        pthread_detach(thread)
    }
}
