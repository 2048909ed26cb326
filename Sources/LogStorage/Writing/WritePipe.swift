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

    private struct State {
        /// The number of batches that nobody has waited for.
        var count = 0
        var failure: StorageError?
        /// Memory of batches that were written.
        var free: [BatchSpace] = []
    }

    /// The thread that writes; each file has its own, since no log waits for the disk of another.
    private let queue = DispatchQueue(label: "vigie.log.write")
    private let state = Mutex(State())
    private let written = DispatchSemaphore(value: 0)

    /// Memory that is free again.
    func takeFree() -> BatchSpace? { state.withLock { $0.free.popLast() } }

    /// Gives back memory that is free.
    func releaseFree() { state.withLock { $0.free = [] } }

    /// Begins to write the first bytes of some memory; ``finish()`` says how it went.
    ///
    /// The file stays open until then.
    func write(
        _ space: BatchSpace, count: Int, to descriptor: Int32, _ path: String, at offset: Int
    ) {
        state.withLock { $0.count += 1 }
        queue.async { [self] in
            var failure: StorageError?
            do throws(StorageError) {
                let bytes = unsafe UnsafeRawBufferPointer(start: space.bytes, count: count)
                try unsafe OpenFile.write(bytes, to: descriptor, path, at: offset)
                // A hint, which may fail: the sync of the commit says whether all is durable.
                _ = sync_file_range(descriptor, Int64(offset), Int64(count), Self.beginWriting)
            } catch {
                failure = error
            }
            state.withLock { [failure] state in
                state.free.append(space)
                if state.failure == nil { state.failure = failure }
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

/// Memory for one batch: its header, its frames, and a header that ends the segment.
@safe
final class BatchSpace: Sendable {
    // SAFETY: whoever stages the batch writes here until it is handed over; whoever writes it to the file
    // then reads.
    nonisolated(unsafe) let bytes: UnsafeMutableRawPointer
    /// Room for frames, in bytes.
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        unsafe bytes = .allocate(
            byteCount: 2 * SegmentHeader.byteCount + capacity, alignment: 16)
    }

    deinit { unsafe bytes.deallocate() }

    var frames: UnsafeMutableRawPointer { unsafe bytes + SegmentHeader.byteCount }
}
