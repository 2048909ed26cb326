// SPDX-License-Identifier: Apache-2.0

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
    private let completion: (@Sendable (Outcome) -> Void)?

    init(_ work: Work, completion: (@Sendable (Outcome) -> Void)? = nil) {
        self.work = work
        self.completion = completion
    }

    func finish(_ result: Outcome) {
        outcome.withLock { $0 = result }
        completion?(result)
    }

    /// Whether callers' events are to be written.
    var hasSubmissions: Bool {
        if case .submissions = work { true } else { false }
    }

    /// What became of it; nil while it waits.
    var result: Outcome? { outcome.withLock { $0 } }
}
