// SPDX-License-Identifier: Apache-2.0

import CLinux
import Dispatch
import Synchronization
import TransparencyLog

/// Writes the batches of a large commit on a thread of its own, each while the next is staged; the disk
/// begins with each at once.
final class WritePipe: Sendable {
    /// `SYNC_FILE_RANGE_WRITE`.
    private static let beginWriting: UInt32 = 2

    /// A batch to be written.
    struct Batch {
        /// Its bytes are at the start.
        var space: BatchSpace
        /// The number of its bytes, with what ends the segment after it.
        var byteCount: Int
        var frameByteCount: Int
        /// Where each frame starts.
        var offsets: [Int]
    }

    private struct State {
        /// The number of batches that nobody has waited for.
        var count = 0
        var failure: StorageError?
    }

    /// The thread that writes; each log has its own, since none waits for the disk of another.
    private let queue = DispatchQueue(label: "vigie.log.write")
    private let state = Mutex(State())
    private let written = DispatchSemaphore(value: 0)

    /// Begins to write a batch, which `tags` take in, and whose memory `pool` gets back; ``finish()`` says
    /// how it went.
    ///
    /// The file stays open until then.
    func write(
        _ batch: Batch, to descriptor: Int32, _ path: String, at offset: Int, _ tags: BundleTags,
        _ pool: SpacePool
    ) {
        state.withLock { $0.count += 1 }
        queue.async { [self] in
            let space = batch.space
            var failure: StorageError?
            do throws(StorageError) {
                let bytes = unsafe UnsafeRawBufferPointer(
                    start: space.bytes, count: batch.byteCount)
                try unsafe OpenFile.write(bytes, to: descriptor, path, at: offset)
                // A hint, which may fail: the sync of the commit says whether all is durable.
                _ = sync_file_range(
                    descriptor, Int64(offset), Int64(batch.byteCount), Self.beginWriting)
            } catch {
                failure = error
            }
            // The disk is at work meanwhile.
            tags.add(space, offsets: batch.offsets, frameByteCount: batch.frameByteCount)
            pool.give(space)
            if let failure {
                state.withLock { [failure] in if $0.failure == nil { $0.failure = failure } }
            }
            written.signal()
        }
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
}
