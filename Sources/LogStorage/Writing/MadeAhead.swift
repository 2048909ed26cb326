// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Memory that one thread makes, and uses once, before another needs it: the system clears memory page by
/// page when it is first written, while somebody waits.
final class MadeAhead<Memory: Sendable>: Sendable {
    private let memory = Mutex<Memory?>(nil)

    /// Has it made, unless it is there; one thread does this.
    func make(_ body: () -> Memory) {
        guard memory.withLock({ $0 == nil }) else { return }
        let made = body()
        memory.withLock { $0 = made }
    }

    /// Hands it out, if it is there.
    func take() -> Memory? {
        memory.withLock { memory in
            defer { memory = nil }
            return memory
        }
    }
}
