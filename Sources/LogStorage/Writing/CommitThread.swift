// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// The thread that works beside the writer through a large commit: it writes what is chained, and prepares
/// what comes next.
///
/// One thread does both, since waking another for each takes the writer's time.
final class CommitThread: Sendable {
    private struct State {
        /// What commits wait for, the oldest first.
        var works: [@Sendable () -> Void] = []
        /// What nobody waits for.
        var lateWorks: [@Sendable () -> Void] = []
        var preparation: Preparation?
        /// Whether the thread is awake, or on its way.
        var isAwake = false
    }

    /// Each log has its own, since none waits for the disk of another.
    private let queue = DispatchQueue(label: "vigie.log.help")
    private let state = Mutex(State())

    /// Has something done, after what was asked for before.
    func perform(_ work: @escaping @Sendable () -> Void) {
        wake { $0.works.append(work) }
    }

    /// Has something done when there is nothing else to do.
    func performLate(_ work: @escaping @Sendable () -> Void) {
        wake { $0.lateWorks.append(work) }
    }

    /// Begins to prepare, or goes on where that had come too far ahead of the writer.
    func prepare(_ preparation: Preparation) {
        wake { $0.preparation = preparation }
    }

    /// Waits until nothing is left to be done; nobody asks for more meanwhile.
    func finish() {
        let isDone = DispatchSemaphore(value: 0)
        performLate { isDone.signal() }
        isDone.wait()
    }

    private func wake(_ change: (inout State) -> Void) {
        let isAsleep = state.withLock { state in
            change(&state)
            defer { state.isAwake = true }
            return !state.isAwake
        }
        if isAsleep { queue.async { self.run() } }
    }

    private enum Step {
        case work(@Sendable () -> Void)
        case prepare(Preparation)
        case sleep
    }

    private func run() {
        while true {
            let step = state.withLock { state -> Step in
                if let preparation = state.preparation, preparation.isUrgent {
                    return .prepare(preparation)
                }
                if !state.works.isEmpty { return .work(state.works.removeFirst()) }
                if let preparation = state.preparation { return .prepare(preparation) }
                if !state.lateWorks.isEmpty { return .work(state.lateWorks.removeFirst()) }
                state.isAwake = false
                return .sleep
            }
            switch step {
            case .work(let work): work()
            case .prepare(let preparation):
                if !preparation.prepareNext() { end(preparation) }
            case .sleep: return
            }
        }
    }

    /// Stops to look for parts until the writer asks again.
    private func end(_ preparation: Preparation) {
        state.withLock { state in
            if state.preparation === preparation { state.preparation = nil }
        }
    }
}
