// SPDX-License-Identifier: Apache-2.0

import CLinux
import Dispatch
import Synchronization
import TransparencyLog

/// Has the batches of a large commit written by the helper, each while the next is staged; the disk begins
/// with each at once, and what is written is synced meanwhile (``EarlySync``).
final class WritePipe: Sendable {
    /// `SYNC_FILE_RANGE_WRITE`.
    private static let beginWriting: UInt32 = 2
    /// The number of bytes from which on the disk begins at once: it is asked once for each.
    private static let hintByteCountMin = 1 << 16
    /// The number of batches that wait at most, to be written or for their tags, which bounds the memory.
    private static let countMax = 16
    /// The number of their bytes from which on no other may wait.
    private static let byteCountMax = 8 << 20

    /// A batch to be written.
    struct Batch {
        /// Its bytes are at the start.
        var space: BatchSpace
        /// The number of its bytes, with what ends the segment after it.
        var byteCount: Int
    }

    private struct State {
        /// The number of batches that nobody has waited for.
        var count = 0
        /// The number of bytes that are not written.
        var byteCount = 0
        var failure: StorageError?
    }

    private let state = Mutex(State())
    private let written = DispatchSemaphore(value: 0)
    private let sync = EarlySync()

    /// Begins to write a batch; ``finish()`` says how it went.
    ///
    /// The file stays open until then.
    func write(
        _ batch: Batch, to descriptor: Int32, _ path: String, at offset: Int, _ tags: BundleTags,
        by helper: CommitThread
    ) {
        while !hasRoom(for: batch) {
            written.wait()
            state.withLock { $0.count -= 1 }
        }
        helper.perform { [self] in
            do throws(StorageError) {
                try Self.write(batch, to: descriptor, path, at: offset)
                sync.note(batch.byteCount, of: descriptor, path)
            } catch {
                state.withLock { if $0.failure == nil { $0.failure = error } }
            }
            state.withLock { $0.byteCount -= batch.byteCount }
            written.signal()
            tags.make(leaving: Self.countMax, Self.byteCountMax)
        }
    }

    /// Whether a batch may wait too; then it does.
    private func hasRoom(for batch: Batch) -> Bool {
        state.withLock { state in
            guard state.count < Self.countMax, state.byteCount < Self.byteCountMax else {
                return false
            }
            state.count += 1
            state.byteCount += batch.byteCount
            return true
        }
    }

    private static func write(
        _ batch: Batch, to descriptor: Int32, _ path: String, at offset: Int
    ) throws(StorageError) {
        let bytes = unsafe UnsafeRawBufferPointer(
            start: batch.space.bytes, count: batch.byteCount)
        try unsafe OpenFile.write(bytes, to: descriptor, path, at: offset)
        guard batch.byteCount >= hintByteCountMin else { return }
        // A hint, which may fail: the sync of the commit says whether all is durable.
        _ = sync_file_range(descriptor, Int64(offset), Int64(batch.byteCount), beginWriting)
    }

    /// Waits until all is written.
    func finish() throws(StorageError) {
        let count = state.withLock { state in
            defer { state.count = 0 }
            return state.count
        }
        for _ in 0..<count { written.wait() }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Waits until nothing is being synced any more, once the file was: a failure may be told to either.
    func finishSyncing() throws(StorageError) { try sync.finish() }
}
