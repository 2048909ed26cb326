// SPDX-License-Identifier: Apache-2.0

public import AuditEvents
public import TransparencyLog

/// A verified log with the state of the world at every moment, as its own entries tell it.
///
/// Only ``verify(_:by:workers:progress:)`` makes one: the state is folded while the log is
/// verified, in the same reading, and is there only if the log is intact.
public struct LogUnderAudit: Sendable {
    /// The entries.
    public let entries: VerifiedLog
    /// The state that the entries tell.
    public let registry: Registry
    /// What verification found in the sources' own counters.
    public let sourceFindings: [SourceFinding]

    /// Verifies a log, and folds its state.
    ///
    /// - Parameters:
    ///   - source: The log's bytes.
    ///   - verifier: The keys that are trusted, and what else is asked for.
    ///   - workers: The number of threads that work at once.
    ///   - progress: Called from these threads with the entries judged and to be judged.
    /// - Returns: What was found, and the log to be audited if it is intact.
    public static func verify(
        _ source: some LogSource, by verifier: LogVerifier, workers: Int = 1,
        progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)? = nil
    ) -> (report: VerificationReport, log: LogUnderAudit?) {
        let found = verify(
            source, by: verifier, workers: workers, progress: progress, gathering: {},
            { _, _ in })
        return (found.report, found.log)
    }

    /// Verifies a log, and gathers something else of its entries in the same reading.
    ///
    /// - Parameters:
    ///   - source: The log's bytes.
    ///   - verifier: The keys that are trusted, and what else is asked for.
    ///   - workers: The number of threads that work at once.
    ///   - progress: Called from these threads with the entries judged and to be judged.
    ///   - initial: Makes what a worker gathers into.
    ///   - gather: Takes an entry; each worker sees its entries in the order of the log.
    /// - Returns: What was found, the log to be audited if it is intact, and then what was gathered.
    public static func verify<Gathered: Sendable>(
        _ source: some LogSource, by verifier: LogVerifier, workers: Int = 1,
        progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)? = nil,
        gathering initial: @escaping @Sendable () -> Gathered,
        _ gather: @escaping @Sendable (inout Gathered, borrowing EntryView) -> Void
    ) -> (report: VerificationReport, log: LogUnderAudit?, gathered: [Gathered]) {
        let (verification, states) = verifier.verify(
            source, workers: workers, progress: progress,
            initial: { (builder: RegistryBuilder(), gathered: initial()) },
            fold: { state, entry in
                state.builder.record(entry)
                gather(&state.gathered, entry)
            })
        guard let entries = verification.log, var builder = states.first?.builder else {
            return (verification.report, nil, [])
        }
        for other in states.dropFirst() { builder.merge(other.builder) }
        let log = LogUnderAudit(
            entries: entries, registry: builder.build(),
            sourceFindings: verification.report.sourceFindings)
        return (verification.report, log, states.map(\.gathered))
    }
}
