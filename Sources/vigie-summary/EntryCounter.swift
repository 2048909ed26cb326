// SPDX-License-Identifier: Apache-2.0

import Disclosure
import Synchronization
import TransparencyLog

/// Counts the entries that an audit shows, one after another, while it reads them.
final class EntryCounter: Sendable {
    private let counts: Mutex<ContributorCount>

    init(_ count: ContributorCount) { counts = Mutex(count) }

    func count(_ entry: borrowing VerifiedEntry) {
        counts.withLock { $0.count(entry) }
    }

    /// What was counted until now.
    var result: ContributorCount { counts.withLock { $0 } }
}
