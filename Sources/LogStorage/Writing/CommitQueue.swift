// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Callers that wait for the writer, and who of them writes for all.
///
/// Whoever finds nobody leading leads: it takes the jobs of all who wait, writes them, tells their
/// callers, and hands over to one who came meanwhile. Callers that were just told come back with their
/// next job, one after the other; a leader that finds fewer jobs than the last commit makes it expect
/// waits for them, as long as that commit took and 2 ms at most. A caller who is alone never waits.
final class CommitQueue: Sendable {
    private static let patienceMax = 2_000_000

    private struct State {
        var jobs: [AppendJob] = []
        var isLed = false
        /// The number of jobs that the leader waits for; 0 if it does not wait.
        var awaited = 0
        /// The number of jobs that are likely to come together.
        var expected = 0
        /// How long to wait for them, in nanoseconds.
        var patience = 0
        /// The number of jobs that waited when the last commit was durable, before its callers heard.
        var waitingCount = 0
    }

    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)

    /// Adds a job.
    ///
    /// - Returns: Whether its caller leads.
    func add(_ job: AppendJob) -> Bool {
        let (leads, wakes) = state.withLock { state in
            state.jobs.append(job)
            guard state.isLed else {
                state.isLed = true
                return (true, false)
            }
            guard state.awaited > 0, state.jobs.count >= state.awaited else {
                return (false, false)
            }
            state.awaited = 0
            return (false, true)
        }
        if wakes { arrival.signal() }
        return leads
    }

    /// Leads if nobody does, for what is to be done without a job.
    func lead() -> Bool {
        state.withLock { state in
            defer { state.isLed = true }
            return !state.isLed
        }
    }

    /// The jobs to be written now, once those that are expected came, or took too long.
    func gather() -> [AppendJob] {
        let patience = state.withLock { state in
            guard state.jobs.count < state.expected, !state.jobs.isEmpty else { return 0 }
            state.awaited = state.expected
            return state.patience
        }
        if patience > 0, arrival.wait(timeout: .now() + .nanoseconds(patience)) == .timedOut {
            let came = state.withLock { state in
                defer { state.awaited = 0 }
                return state.awaited == 0
            }
            if came { arrival.wait() }
        }
        return state.withLock { state in
            defer { state.jobs = [] }
            return state.jobs
        }
    }

    /// Notes who waits besides the callers that are to be told now, and may come back at once.
    func noteWaiting() {
        state.withLock { $0.waitingCount = $0.jobs.count }
    }

    /// Ends the leadership, or hands it to a job that came meanwhile.
    ///
    /// - Parameters:
    ///   - count: The number of jobs that were written.
    ///   - nanoseconds: How long that took.
    /// - Returns: The job whose caller leads now; nil if nobody waits.
    func handOver(count: Int, nanoseconds: Int) -> AppendJob? {
        state.withLock { state in
            if count > 0 {
                state.expected = count + state.waitingCount
                state.patience = min(nanoseconds, Self.patienceMax)
            }
            state.isLed = !state.jobs.isEmpty
            return state.jobs.first
        }
    }
}
