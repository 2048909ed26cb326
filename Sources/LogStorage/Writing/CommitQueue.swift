// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Callers that wait for the writer, and who of them writes for all.
///
/// Whoever finds nobody leading leads: it takes the jobs of all who wait, writes them, tells their
/// callers, and hands over to one who came meanwhile. Callers that were just told come back with their
/// next job, one after the other; a leader that finds fewer jobs than the last commit makes it expect
/// waits for them: for 128 at most, as long as that commit took, and 2 ms at most. A caller who is alone
/// never waits.
///
/// Nobody holds a lock: a thousand threads that are woken at once would queue for it. Jobs are a list, to
/// whose end each caller adds its own by one exchange. All that one commit takes sleep on one word, those
/// that come meanwhile on another, so that one call of the system wakes the callers of a commit, and
/// nobody else (decision 0050).
@safe
final class CommitQueue: Sendable {
    private static let patienceMax: Int64 = 2_000_000
    /// The number of jobs that a leader waits for at most: a sync for as many costs each of them less than
    /// what it takes to wake a thread, and who comes meanwhile has the next.
    private static let awaitedMax = 128

    /// Where a job came in the queue.
    struct Place {
        /// Whether its caller leads.
        let leads: Bool
        /// Whether it is the first of those that the next commit takes: it may come to lead.
        fileprivate let isFirst: Bool
        fileprivate let isOdd: Bool
    }

    /// Jobs that are written together, in the order in which they came.
    struct Round {
        let jobCount: Int
        fileprivate var jobs: [AppendJob]
        fileprivate let isOdd: Bool

        /// Hands out the jobs.
        mutating func takeJobs() -> [AppendJob] { exchange(&jobs, with: []) }
    }

    /// What the last commit teaches about the next.
    private struct Pace {
        /// The number of jobs that are likely to come together.
        var expected = 0
        /// How long to wait for them, in nanoseconds.
        var patience: Int64 = 0
        /// The number of jobs that waited when the last commit was durable, before its callers heard.
        var waitingCount = 0
        /// The number of jobs that were ever taken.
        var takenCount = 0
    }

    private let end = Atomic(QueueEnd(isOdd: false, isLed: false))
    private let even = FutexWord()
    private let odd = FutexWord()
    /// The number of jobs that ever came.
    private let count = Atomic(0)
    /// The number at which the leader goes on; none if it does not wait.
    private let awaited = Atomic(Int.max)
    private let arrival = FutexWord()
    // SAFETY: only who leads reads and writes it; leading begins after whoever led before has ended.
    private nonisolated(unsafe) var pace = Pace()

    /// Adds a job.
    func add(_ job: AppendJob) -> Place {
        let added = unsafe Unmanaged.passRetained(job)
        let before = changeEnd { before in
            unsafe job.before = before.last
            return unsafe QueueEnd(isOdd: before.isOdd, last: added)
        }
        let number = count.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
        if number == awaited.load(ordering: .sequentiallyConsistent) {
            arrival.wakeOne(in: .next)
        }
        return Place(leads: !before.isLed, isFirst: before.isEmpty, isOdd: before.isOdd)
    }

    /// Leads if nobody does, for what is to be done without a job.
    func lead() -> Bool {
        let before = changeEnd { before in
            before.isLed ? nil : QueueEnd(isOdd: before.isOdd, isLed: true)
        }
        return !before.isLed
    }

    /// Changes the end.
    ///
    /// - Parameter change: What it becomes; nil to leave it.
    /// - Returns: What it was.
    @inline(__always)
    private func changeEnd(_ change: (QueueEnd) -> QueueEnd?) -> QueueEnd {
        var before = end.load(ordering: .acquiring)
        while let after = change(before) {
            let (isDone, now) = end.weakCompareExchange(
                expected: before, desired: after, successOrdering: .acquiringAndReleasing,
                failureOrdering: .acquiring)
            if isDone { break }
            before = now
        }
        return before
    }

    /// Blocks until a job is finished, or its caller is to lead.
    func wait(for job: AppendJob, _ place: Place) {
        let group = place.isFirst ? FutexWord.Group.next : .others
        if place.isOdd {
            Self.wait(for: job, on: odd, group)
        } else {
            Self.wait(for: job, on: even, group)
        }
    }

    private static func wait(
        for job: AppendJob, on word: borrowing FutexWord, _ group: FutexWord.Group
    ) {
        while true {
            let value = word.value
            guard job.waits else { return }
            word.sleep(while: value, in: group)
        }
    }

    /// The jobs to be written now, once those that are expected came, or took too long.
    func gather() -> Round {
        let (waiting, awaited) = unsafe (waitingCount, min(pace.expected, Self.awaitedMax))
        if waiting > 0, waiting < awaited { waitForArrival(of: awaited) }
        let taken = changeEnd { QueueEnd(isOdd: !$0.isOdd, isLed: true) }
        var jobs: [AppendJob] = []
        var last = unsafe taken.last
        while let job = unsafe last?.takeRetainedValue() {
            unsafe last = job.before
            jobs.append(job)
        }
        jobs.reverse()
        unsafe pace.takenCount += jobs.count
        return Round(jobCount: jobs.count, jobs: jobs, isOdd: taken.isOdd)
    }

    private func waitForArrival(of jobCount: Int) {
        let number = unsafe pace.takenCount + jobCount
        let deadline = unsafe MonotonicClock.nanoseconds + pace.patience
        awaited.store(number, ordering: .sequentiallyConsistent)
        repeat {
            let value = arrival.value
            guard count.load(ordering: .sequentiallyConsistent) < number else { break }
            arrival.sleep(while: value, in: .next, until: deadline)
        } while MonotonicClock.nanoseconds < deadline
        awaited.store(.max, ordering: .relaxed)
    }

    /// The number of jobs that no commit took; of one that just came it may not know.
    private var waitingCount: Int {
        unsafe count.load(ordering: .relaxed) - pace.takenCount
    }

    /// Notes who waits besides the callers that are to be told now, and may come back at once.
    func noteWaiting() { unsafe pace.waitingCount = max(0, waitingCount) }

    /// Wakes the callers of a round, which is finished.
    ///
    /// - Parameters:
    ///   - round: The round.
    ///   - isLed: Whether one of them leads, and is awake.
    func wake(_ round: Round, isLed: Bool) {
        guard round.jobCount > (isLed ? 1 : 0) else { return }
        if round.isOdd { odd.wakeAll() } else { even.wakeAll() }
    }

    /// Ends the leadership, or hands it to a job that came meanwhile.
    ///
    /// - Parameters:
    ///   - count: The number of jobs that were written.
    ///   - nanoseconds: How long that took.
    ///   - promotes: Whether the caller of a job is to lead.
    /// - Returns: Whether jobs wait that no caller leads for.
    func handOver(count: Int, nanoseconds: Int64, promotes: Bool) -> Bool {
        if count > 0 {
            unsafe pace.expected = count + pace.waitingCount
            unsafe pace.patience = min(nanoseconds, Self.patienceMax)
        }
        let left = changeEnd { before in
            before.isEmpty ? QueueEnd(isOdd: before.isOdd, isLed: false) : nil
        }
        guard !left.isEmpty else { return false }
        return !promotes || !promoteFirst(left)
    }

    /// Lets the caller of the first of the jobs lead, if it is blocked.
    private func promoteFirst(_ end: QueueEnd) -> Bool {
        guard var first = unsafe end.last?.takeUnretainedValue() else { return false }
        while let before = unsafe first.before { unsafe first = before.takeUnretainedValue() }
        guard first.isBlocking else { return false }
        first.promote()
        if end.isOdd { odd.wakeOne(in: .next) } else { even.wakeOne(in: .next) }
        return true
    }
}
