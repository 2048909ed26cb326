// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Names on their way to the disk: the writer goes on meanwhile, and still looks them up here.
///
/// Whoever lets go of it waits until nothing is written any more. An index that is dropped, since a run
/// is not as it was written or since the log cannot be opened, leaves nobody behind who writes to its
/// folder: the next index removes what it finds there, and writes files of the same names.
final class PendingRun: Sendable {
    /// The run, and a filter of the names of all runs if it was time for one.
    struct Written: Sendable {
        var run: IdentifierRun
        var filter: IdentifierFilter?
    }

    /// What came of the writing, known to who writes.
    private final class Outcome: Sendable {
        let result = Mutex<Result<Written, StorageError>?>(nil)
        let done = DispatchGroup()
    }

    /// Each index has one run on its way; those of several logs do not wait for each other.
    private static let merging = DispatchQueue(
        label: "vigie.log.identifiers", qos: .utility, attributes: .concurrent)

    let recent: RecentIdentifiers
    /// The number of runs that stay as they are.
    let keptCount: Int
    private let outcome = Outcome()

    /// Has a run of some names written.
    init(
        _ recent: RecentIdentifiers, keptCount: Int,
        write: @escaping @Sendable () throws(StorageError) -> Written
    ) {
        (self.recent, self.keptCount) = (recent, keptCount)
        outcome.done.enter()
        // Not the pending run itself, which would then last as long as this.
        Self.merging.async { [outcome] in
            let result = Result<Written, StorageError>(catching: write)
            outcome.result.withLock { $0 = result }
            outcome.done.leave()
        }
    }

    deinit { outcome.done.wait() }

    /// Whether nothing is written any more.
    var isDone: Bool { outcome.done.wait(timeout: .now()) == .success }

    /// Waits for what came of it.
    func wait() throws(StorageError) -> Written? {
        outcome.done.wait()
        return try outcome.result.withLock { $0 }?.get()
    }
}
