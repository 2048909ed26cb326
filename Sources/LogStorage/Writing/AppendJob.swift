// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TransparencyLog

/// What one caller asked the appender to write, and what became of it.
@safe
final class AppendJob: Sendable {
    /// What is to be written.
    enum Work: Sendable {
        /// Events of callers.
        case submissions([Submission])
        /// An event that the program or the log itself writes, found good before.
        case own(EventDraft)
    }

    typealias Outcome = Result<[Acknowledgement], StorageError>

    private enum State: UInt8, AtomicRepresentable {
        case waits, leads, isFinished
    }

    let work: Work
    /// Called instead of waking a thread, for a caller that may not be blocked.
    private let completion: (@Sendable (Outcome) -> Void)?
    private let state = Atomic(State.waits)
    // SAFETY: only who leads uses it before the state says that it is finished, only its caller after.
    private nonisolated(unsafe) var outcome: Outcome?
    /// The job that came before it.
    // SAFETY: written by its caller before it is in the queue, read by the one who leads.
    nonisolated(unsafe) var before: Unmanaged<AppendJob>?

    init(_ work: Work, completion: (@Sendable (Outcome) -> Void)? = nil) {
        self.work = work
        self.completion = completion
    }

    /// Whether a thread waits for it.
    var isBlocking: Bool { completion == nil }

    /// Keeps what is to be told once it is durable.
    func keep(_ answer: [Acknowledgement]) { unsafe outcome = .success(answer) }

    /// Tells what was kept; who is blocked must be woken.
    func finish() {
        let outcome = unsafe outcome
        state.store(.isFinished, ordering: .releasing)
        if let completion, let outcome { completion(outcome) }
    }

    /// Tells that it failed.
    func fail(_ error: StorageError) {
        unsafe outcome = .failure(error)
        finish()
    }

    /// Lets the caller lead; it must be woken.
    func promote() { state.store(.leads, ordering: .releasing) }

    /// Whether it is not finished, and its caller is not to lead.
    var waits: Bool { state.load(ordering: .acquiring) == .waits }

    var isFinished: Bool { state.load(ordering: .acquiring) == .isFinished }

    /// Whether callers' events are to be written.
    var hasSubmissions: Bool {
        if case .submissions = work { true } else { false }
    }

    /// What became of it; nil while it waits.
    var result: Outcome? { isFinished ? unsafe outcome : nil }
}
