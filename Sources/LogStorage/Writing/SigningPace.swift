// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Says when the next checkpoint is due: at most one in each interval.
final class SigningPace: Sendable {
    /// Nil for a log that is signed only when asked.
    private let interval: Int64?
    /// When the last checkpoint was signed, and whether one is already planned.
    private let state: Mutex<(last: Int64, isPlanned: Bool)>

    init(_ options: LogAppender.Options) {
        interval = options.isDurable ? Int64(options.signingIntervalMilliseconds) : nil
        state = Mutex((Self.now(), false))
    }

    private static func now() -> Int64 { MonotonicClock.nanoseconds / 1_000_000 }

    /// The planned moment has come.
    func forgetPlan() { state.withLock { $0.isPlanned = false } }

    /// Signs if a checkpoint is due.
    ///
    /// - Returns: In how many milliseconds to look again; nil if nobody needs to.
    func next(_ writer: inout LogWriter) -> Int? {
        guard let interval, writer.failure == nil, writer.hasUnsignedEntries else { return nil }
        let now = Self.now()
        let due = state.withLock { $0.last } + interval
        if now >= due {
            // A failure stops the writer, and the next caller is told.
            try? writer.signOrFail()
            state.withLock { $0.last = now }
            return nil
        }
        return state.withLock { state in
            guard !state.isPlanned else { return nil }
            state.isPlanned = true
            return Int(due - now) + 1
        }
    }
}

extension LogWriter {
    /// Signs if a checkpoint is due, as ``SigningPace/next(_:)`` does.
    mutating func nextSignature(_ pace: SigningPace) -> Int? { pace.next(&self) }
}
