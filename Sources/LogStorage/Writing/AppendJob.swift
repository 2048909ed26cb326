// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import TransparencyLog

/// What one caller asked the appender to write, and what became of it.
final class AppendJob: Sendable {
    /// What is to be written.
    enum Work: Sendable {
        /// Events of callers.
        case submissions([Submission])
        /// An event that the program or the log itself writes, found good before.
        case own(EventDraft)
    }

    typealias Outcome = Result<[Acknowledgement], StorageError>

    let work: Work
    private let outcome = Mutex<Outcome?>(nil)
    /// Called instead of waking a thread, for a caller that may not be blocked.
    private let completion: (@Sendable (Outcome) -> Void)?
    private let turn = DispatchSemaphore(value: 0)

    init(_ work: Work, completion: (@Sendable (Outcome) -> Void)? = nil) {
        self.work = work
        self.completion = completion
    }

    /// Whether a thread waits for it.
    var isBlocking: Bool { completion == nil }

    /// Says what became of it.
    func finish(_ result: Outcome) {
        outcome.withLock { $0 = result }
        if let completion { completion(result) } else { turn.signal() }
    }

    /// Lets the caller lead.
    func promote() { turn.signal() }

    /// Blocks until it is finished, or its caller is to lead.
    func wait() { turn.wait() }

    /// Whether callers' events are to be written.
    var hasSubmissions: Bool {
        if case .submissions = work { true } else { false }
    }

    /// What became of it; nil while it waits.
    var result: Outcome? { outcome.withLock { $0 } }
}
