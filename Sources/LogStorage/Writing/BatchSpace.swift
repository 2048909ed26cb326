// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TransparencyLog

/// Memory for one batch: its header, its frames, and a header that ends the segment.
///
/// It goes back to its pool once nobody holds it any more: the batch is written, and its tags are made.
final class BatchSpace: Sendable {
    private let memory: Memory
    private let pool: SpacePool?

    /// Memory of no pool.
    convenience init(capacity: Int) { self.init(Memory(capacity), nil) }

    fileprivate init(_ memory: Memory, _ pool: SpacePool?) {
        self.memory = memory
        self.pool = pool
    }

    deinit { pool?.give(memory) }

    /// Room for frames, in bytes.
    var capacity: Int { memory.capacity }
    var bytes: UnsafeMutableRawPointer { unsafe memory.bytes }
    var frames: UnsafeMutableRawPointer { unsafe bytes + SegmentHeader.byteCount }

    @safe
    fileprivate final class Memory: Sendable {
        // SAFETY: whoever prepares or stages the batch writes here until it is handed over; who writes it
        // to the file, and who makes its tags, then read.
        nonisolated(unsafe) let bytes: UnsafeMutableRawPointer
        let capacity: Int

        init(_ capacity: Int) {
            self.capacity = capacity
            unsafe bytes = .allocate(
                byteCount: 2 * SegmentHeader.byteCount + capacity, alignment: 16)
        }

        deinit { unsafe bytes.deallocate() }
    }
}

/// Memory of the parts of large commits, used again: fresh memory costs more than what is done there.
final class SpacePool: Sendable {
    /// The number that is kept.
    private static let countMax = 24
    private static let capacityMin = 1 << 16
    /// Larger memory is not kept.
    private static let capacityMax = 1 << 20

    private let free = Mutex<[BatchSpace.Memory]>([])

    /// Memory with room for that many bytes of frames.
    func take(capacity: Int) -> BatchSpace {
        let spare = free.withLock { free -> BatchSpace.Memory? in
            free.lastIndex { $0.capacity >= capacity }.map { free.remove(at: $0) }
        }
        if let spare { return BatchSpace(spare, self) }
        return BatchSpace(BatchSpace.Memory(max(capacity, Self.capacityMin)), self)
    }

    fileprivate func give(_ memory: BatchSpace.Memory) {
        guard memory.capacity <= Self.capacityMax else { return }
        free.withLock { free in
            // What was too small is the first to be there for long.
            if free.count == Self.countMax { free.removeFirst() }
            free.append(memory)
        }
    }
}
