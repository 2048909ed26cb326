// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TransparencyLog

/// Memory for one batch: its header, its frames, and a header that ends the segment.
@safe
final class BatchSpace: Sendable {
    // SAFETY: whoever prepares or stages the batch writes here until it is handed over; whoever writes it
    // to the file then reads.
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

/// Memory of the parts of large commits, used again: fresh memory costs more than what is done there.
final class SpacePool: Sendable {
    /// The number that is kept.
    private static let countMax = 8
    /// Larger memory is not kept.
    private static let capacityMax = 1 << 20

    private let free = Mutex<[BatchSpace]>([])

    /// Memory with room for that many bytes of frames.
    func take(capacity: Int) -> BatchSpace {
        let space = free.withLock { $0.popLast() }
        if let space, space.capacity >= capacity { return space }
        return BatchSpace(capacity: max(capacity, 1 << 16))
    }

    func give(_ space: BatchSpace) {
        guard space.capacity <= Self.capacityMax else { return }
        free.withLock { if $0.count < Self.countMax { $0.append(space) } }
    }
}
