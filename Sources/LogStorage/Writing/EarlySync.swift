// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Makes durable what is written of a large commit, while the rest is staged.
///
/// Many disks take as long to sync as bytes were written since the last time, whatever they were told
/// before: so the sync that ends a commit has little left to do. Nobody is told of entries earlier, and a
/// crash may leave whole batches of a commit that was not finished, as it always may.
final class EarlySync: Sendable {
    /// The number of bytes from which on it is worth its while.
    private static let byteCountMin = 1 << 18

    private struct State {
        /// The number of bytes that were written since the last sync began, or since the last commit.
        var byteCount = 0
        var isRunning = false
        /// Whether a sync began since the last commit.
        var isUsed = false
        var failure: StorageError?
    }

    private let queue = DispatchQueue(label: "vigie.log.sync")
    private let state = Mutex(State())

    /// Notes that bytes were written, and begins a sync if there are enough and none is on its way.
    ///
    /// The file stays open until ``finish()``.
    func note(_ byteCount: Int, of descriptor: Int32, _ path: String) {
        let isNeeded = state.withLock { state in
            state.byteCount += byteCount
            guard !state.isRunning, state.byteCount >= Self.byteCountMin else { return false }
            (state.byteCount, state.isRunning, state.isUsed) = (0, true, true)
            return true
        }
        guard isNeeded else { return }
        queue.async { [self] in
            do throws(StorageError) {
                try OpenFile.syncData(descriptor, path)
                state.withLock { $0.isRunning = false }
            } catch {
                // The system tells of a failure once: the sync that ends the commit may succeed.
                state.withLock { ($0.isRunning, $0.failure) = (false, $0.failure ?? error) }
            }
        }
    }

    /// Waits until no sync is on its way; nothing is written meanwhile.
    ///
    /// - Throws: ``StorageError`` if one failed, since the last time or before.
    func finish() throws(StorageError) {
        if state.withLock({ $0.isUsed }) { queue.sync {} }
        let failure = state.withLock { state in
            (state.byteCount, state.isUsed) = (0, false)
            return state.failure
        }
        if let failure { throw failure }
    }
}
