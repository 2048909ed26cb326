// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Whether callers are appending to a log just now, and what waits for them.
final class CommitActivity: Sendable {
    /// How long no commit comes where none is under way.
    private static let pauseMilliseconds = 10

    /// The thread for what waits; each log has its own, since it waits for the callers of that log.
    let queue = DispatchQueue(label: "vigie.log.seal")

    private let count = Atomic<Int>(0)

    /// Notes a commit.
    func note() { count.wrappingAdd(1, ordering: .relaxed) }

    /// Waits until no commit comes for a while, or until somebody is in a hurry.
    func waitForPause(orElse hurry: DispatchSemaphore) {
        var seen: Int?
        while true {
            let now = count.load(ordering: .relaxed)
            guard now != seen else { return }
            seen = now
            let limit = DispatchTime.now() + .milliseconds(Self.pauseMilliseconds)
            guard hurry.wait(timeout: limit) == .timedOut else { return }
        }
    }
}
