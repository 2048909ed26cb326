// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import TransparencyLog

/// The parts of a large commit, which a thread of its own prepares while the writer chains those before:
/// the chain is what one thread must do in order, and nothing else is.
///
/// The writer does a part wholly by itself where that thread has not come to it.
final class Preparation: Sendable {
    /// The number of submissions from which on it is worth its while.
    static let submissionCountMin = 2 * partCountMax
    private static let partCountMax = 512
    /// The number of entries of the first part, which nobody prepares, and of the last, which is written
    /// while nothing else is left to do.
    private static let endCount = 128
    /// The number of parts that are prepared ahead at most, which bounds the memory.
    private static let aheadCountMax = 8

    private final class Part: Sendable {
        let places: Range<Int>
        private let isTaken = Atomic(false)
        let done = DispatchSemaphore(value: 0)
        let entries = Mutex<PreparedEntries?>(nil)

        init(_ places: Range<Int>) { self.places = places }

        /// Whether nobody has begun with it; then the caller does.
        func take() -> Bool { !isTaken.exchange(true, ordering: .relaxed) }
    }

    private let submissions: [Submission]
    private let assigned: EntryRenderer.LogAssigned
    private let key: IdentifierKey
    private let pool: SpacePool
    private let parts: [Part]
    /// What waits while too many parts are ahead.
    private let room = DispatchSemaphore(value: 0)

    /// Begins to prepare.
    ///
    /// - Parameters:
    ///   - submissions: The submissions.
    ///   - assigned: What the log sets in the first of them.
    ///   - key: What names are hashed with.
    ///   - pool: Where memory comes from.
    ///   - queue: The thread.
    init(
        _ submissions: [Submission], _ assigned: EntryRenderer.LogAssigned, _ key: IdentifierKey,
        _ pool: SpacePool, on queue: DispatchQueue
    ) {
        self.submissions = submissions
        self.assigned = assigned
        self.key = key
        self.pool = pool
        parts = Self.places(submissions.count).map { Part($0) }
        for _ in 0..<Self.aheadCountMax { room.signal() }
        queue.async { self.run() }
    }

    private static func places(_ count: Int) -> [Range<Int>] {
        var places = [0..<min(endCount, count)]
        while let start = places.last?.upperBound, start < count {
            let left = count - start
            let size = left > endCount ? min(partCountMax, left - endCount) : left
            places.append(start..<(start + size))
        }
        return places
    }

    var partIndices: Range<Int> { parts.indices }

    /// The submissions of a part.
    func places(_ number: Int) -> Range<Int> { parts[number].places }

    private func run() {
        for part in parts.dropFirst() {
            room.wait()
            guard part.take() else { continue }
            var assigned = assigned
            assigned.seq += UInt64(part.places.lowerBound)
            let entries = PreparedEntries(submissions, part.places, assigned, key, pool)
            part.entries.withLock { $0 = entries }
            part.done.signal()
        }
    }

    /// A part as it was prepared; nil if the caller is to do it.
    ///
    /// Each is asked for once, in order.
    func entries(_ number: Int) -> PreparedEntries? {
        if number > 0 { room.signal() }
        let part = parts[number]
        guard !part.take() else { return nil }
        part.done.wait()
        return part.entries.withLock { entries in
            defer { entries = nil }
            return entries
        }
    }

    /// Has nothing more prepared.
    func stop() {
        for part in parts { if part.take() { room.signal() } }
    }
}
