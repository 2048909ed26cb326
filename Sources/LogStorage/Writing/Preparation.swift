// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import TransparencyLog

/// The parts of a large commit, which another thread prepares while the writer chains those before: the
/// chain is what one thread must do in order, and nothing else is.
///
/// The writer does a part wholly by itself where nobody has come to it, and prepares a later one where it
/// would wait.
final class Preparation: Sendable {
    /// The number of submissions from which on it is worth its while.
    static let submissionCountMin = 2 * partCountMax
    private static let partCountMax = 512
    /// The number of entries of the first part, which nobody prepares, and of any other at least.
    private static let partCountMin = 128
    /// The number of parts that are prepared ahead at most: what is near is still in the cache of the
    /// processor that prepared it when it writes it.
    private static let aheadCountMax = 3

    private final class Part: Sendable {
        let places: Range<Int>
        private let isTaken = Atomic(false)
        let done = DispatchSemaphore(value: 0)
        private let entries = Mutex<PreparedEntries?>(nil)
        private let isDone = Atomic(false)

        init(_ places: Range<Int>) { self.places = places }

        /// Whether nobody has begun with it; then the caller does.
        func take() -> Bool { !isTaken.exchange(true, ordering: .relaxed) }

        var isPrepared: Bool { isDone.load(ordering: .acquiring) }

        func finish(_ prepared: PreparedEntries?) {
            entries.withLock { $0 = prepared }
            isDone.store(true, ordering: .releasing)
            done.signal()
        }

        func takeEntries() -> PreparedEntries? {
            entries.withLock { entries in
                defer { entries = nil }
                return entries
            }
        }
    }

    private let submissions: [Submission]
    private let assigned: EntryRenderer.LogAssigned
    private let key: IdentifierKey
    private let pool: SpacePool
    private let parts: [Part]
    /// The part that the writer is at.
    private let current = Atomic(0)
    /// No part before it is left to be taken.
    private let next = Atomic(1)

    /// Makes the parts.
    ///
    /// - Parameters:
    ///   - submissions: The submissions.
    ///   - assigned: What the log sets in the first of them.
    ///   - key: What names are hashed with.
    ///   - pool: Where memory comes from.
    init(
        _ submissions: [Submission], _ assigned: EntryRenderer.LogAssigned, _ key: IdentifierKey,
        _ pool: SpacePool
    ) {
        self.submissions = submissions
        self.assigned = assigned
        self.key = key
        self.pool = pool
        parts = Self.places(submissions.count).map { Part($0) }
    }

    /// The last parts become smaller: each is written while the next is chained, and nothing is chained
    /// while the last one is written.
    private static func places(_ count: Int) -> [Range<Int>] {
        var places = [0..<min(partCountMin, count)]
        while let start = places.last?.upperBound, start < count {
            let left = count - start
            let size = left < 2 * partCountMin ? left : max(partCountMin, left / 2)
            places.append(start..<(start + min(size, partCountMax)))
        }
        return places
    }

    var partIndices: Range<Int> { parts.indices }

    /// The submissions of a part.
    func places(_ number: Int) -> Range<Int> { parts[number].places }

    /// Whether the writer does a part by itself, and will do the next too unless somebody prepares it.
    var isUrgent: Bool {
        let number = next.load(ordering: .relaxed)
        return number < parts.count && number <= current.load(ordering: .relaxed)
    }

    /// Prepares the next part that nobody has begun with.
    ///
    /// - Returns: Whether there was one, not too far ahead.
    func prepareNext() -> Bool {
        while true {
            let number = next.load(ordering: .relaxed)
            guard number < parts.count,
                number <= current.load(ordering: .relaxed) + Self.aheadCountMax
            else { return false }
            let isNext = next.compareExchange(
                expected: number, desired: number + 1, ordering: .relaxed
            ).exchanged
            guard isNext, parts[number].take() else { continue }
            prepare(parts[number])
            return true
        }
    }

    private func prepare(_ part: Part) {
        var assigned = assigned
        assigned.seq += UInt64(part.places.lowerBound)
        part.finish(PreparedEntries(submissions, part.places, assigned, key, pool))
    }

    /// A part as it was prepared; nil if the caller is to do it.
    ///
    /// Each is asked for once, in order.
    func entries(_ number: Int) -> PreparedEntries? {
        current.store(number, ordering: .relaxed)
        let part = parts[number]
        guard !part.take() else { return nil }
        while !part.isPrepared, prepareNext() {}
        part.done.wait()
        return part.takeEntries()
    }

    /// Has nothing more prepared.
    func stop() {
        next.store(parts.count, ordering: .relaxed)
        for part in parts { _ = part.take() }
    }
}
