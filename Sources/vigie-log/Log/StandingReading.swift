// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import LogStorage
import TransparencyLog

extension PurgeRequest.Standing {
    /// Reads what is in force of the entries that a purge would take.
    ///
    /// The log is verified in the same reading: what was altered is not taken for in force, and a log
    /// that was is not purged.
    ///
    /// - Parameters:
    ///   - path: The log's folder; its head covers what is to be purged.
    ///   - plan: What the purge would take.
    /// - Throws: ``LogStorage/StorageError``, with ``LogStorage/StorageError/Code/altered``, and what reading
    ///   entry 0 throws.
    init(reading path: String, _ plan: PurgePlan) throws {
        let reader = LogReader(path)
        let opening = try LogProver(reader).entry(at: 0)
        let key = try EntryScanner().scan(opening).range(of: .key).map {
            try LogVerificationKey(parsing: String(decoding: opening[$0], as: UTF8.self))
        }
        let end = plan.entries.upperBound
        let (verification, folds) = LogVerifier(keys: key.map { [$0] } ?? []).verify(
            reader, initial: { StandingEntries() },
            fold: { fold, entry in if entry.index < end { fold.record(entry) } })
        guard verification.report.isIntact, end <= verification.report.entryCount,
            var standing = folds.first
        else { throw StorageError(.altered, path: path) }
        for other in folds.dropFirst() { standing.merge(other) }
        let since = plan.before - StandingEntries.horizon
        self.init(indices: standing.inForce(since: since), since: since)
    }
}
