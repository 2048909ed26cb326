// SPDX-License-Identifier: Apache-2.0

import CLinux
import Synchronization

/// A number that threads sleep on until it changes: one call wakes them all (futex(2)).
///
/// A semaphore for each thread takes a call for each to be woken. Whoever looks at the number, then at
/// what he waits for, and sleeps only while the number is the same, is never left asleep by one who
/// changes first what he waits for, and then the number.
@safe
struct FutexWord: ~Copyable, Sendable {
    /// Who sleeps, so that one of them can be woken without the others.
    enum Group: UInt32 {
        case others = 1
        /// The one thread that may come to lead.
        case next = 2
    }

    // SAFETY: the atomic is in memory of its own, since the kernel compares it at its address; it is freed
    // with the word, which outlives every call to it.
    private nonisolated(unsafe) let word: UnsafeMutablePointer<Atomic<UInt32>>

    init() {
        // A cache line of its own.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
        unsafe word = memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
        unsafe word.initialize(to: Atomic(0))
    }

    deinit {
        unsafe word.deinitialize(count: 1)
        unsafe word.deallocate()
    }

    /// The number; what was written before it changed is seen by then.
    var value: UInt32 { unsafe word.pointee.load(ordering: .acquiring) }

    /// Sleeps while the number is that one, or for less.
    ///
    /// - Parameters:
    ///   - value: The number.
    ///   - group: Which wakes are meant for this thread.
    ///   - deadline: When to stop, on the monotonic clock, in nanoseconds; nil for never.
    func sleep(while value: UInt32, in group: Group, until deadline: Int64? = nil) {
        unsafe vigie_futex_wait(word, value, group.rawValue, deadline ?? -1)
    }

    /// Changes the number, and wakes all who sleep.
    func wakeAll() {
        unsafe word.pointee.wrappingAdd(1, ordering: .releasing)
        unsafe vigie_futex_wake(word, .max, Group.others.rawValue | Group.next.rawValue)
    }

    /// Changes the number, and wakes the one thread of a group.
    func wakeOne(in group: Group) {
        unsafe word.pointee.wrappingAdd(1, ordering: .releasing)
        unsafe vigie_futex_wake(word, 1, group.rawValue)
    }
}
