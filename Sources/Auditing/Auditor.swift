// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Synchronization
public import TransparencyLog

/// Replays a verified log against the policies that were in force, and says what it found.
///
/// It judges each access, and each act of governance that a rule speaks of, with the state and the
/// policy version of the moment it occurred. It takes nothing but a ``LogUnderAudit``, which is made
/// of a verified log alone: what was altered is never judged. The result is the same for any number
/// of workers.
///
/// It counts and names no adviser's activity: the only thing it says of an adviser is the finding.
public struct Auditor: Sendable {
    let folders: [PolicySetFolder]
    let reference: PolicySetFolder?

    /// Makes an auditor.
    ///
    /// - Parameters:
    ///   - folders: The policy sets that were found, in any order: each is known by its version,
    ///     which is computed from its content.
    ///   - reference: The one that stands in where none is in force: its titles are used for
    ///     findings about the record, and it judges acts before the first activation.
    public init(folders: [PolicySetFolder], reference: PolicySetFolder?) {
        var all = folders
        if let reference, !folders.contains(where: { $0.version == reference.version }) {
            all.append(reference)
        }
        self.folders = all
        self.reference = reference
    }

    /// From how many findings on a case is one step more severe; never without a policy set.
    public var caseRepetition: Int { reference?.caseRepetition ?? .max }

    /// Audits a log.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - workers: How many threads may work at once.
    ///   - visit: Gets every entry once, in the order of the log, in the same reading where one
    ///     thread works, beside the others where several do.
    /// - Returns: What was found, by entry, then by rule.
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    public func audit(
        _ log: LogUnderAudit, workers: Int = 1,
        visiting visit: (@Sendable (borrowing VerifiedEntry) -> Void)? = nil
    ) throws -> AuditResult {
        try audit(log, workers: workers, runLength: 4_096, visiting: visit)
    }

    /// Audits a log, read in runs of so many entries: the result is the same for any length, which is
    /// what tests ask of logs much shorter than a round.
    package func audit(
        _ log: LogUnderAudit, workers: Int, runLength: UInt64,
        visiting visit: (@Sendable (borrowing VerifiedEntry) -> Void)? = nil
    ) throws -> AuditResult {
        let setting = try setting(log)
        var merge = AuditMerge(setting)
        let pool = JudgePool(
            setting, log.entries, workers: workers,
            history: setting.overTime.map { RunningHistory(setting, $0, log.entries) })
        let runs = Self.runs(0..<log.entries.treeSize, length: runLength)
        try pool.judgeInRounds(runs, visiting: visit) { merge.add($0) }
        let outcome = try pool.history.withLock { try $0?.conclude(workers: workers) }
        if let outcome { merge.add(outcome) }
        try merge.addBlockEvidence(log.entries)
        return merge.result(head: log.entries.rootHash, treeSize: log.entries.treeSize)
    }

    /// Explains one entry: what the policies say of it, and what rules over time find at it, or by
    /// it.
    ///
    /// The whole log is judged, since a rule over time looks at what came before and after.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - index: The entry.
    ///   - workers: How many threads may work at once.
    /// - Returns: Nil if the log has no such entry.
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    public func explain(
        _ log: LogUnderAudit, index: UInt64, workers: Int = 1
    ) throws -> Explanation? {
        guard index < log.entries.treeSize else { return nil }
        let setting = try setting(log)
        var judge = EntryJudge(setting)
        var found: Explanation?
        try log.entries.replay(index..<(index + 1)) {
            // What a purge left was judged before; the state it was judged by is gone.
            if !$0.isLeft { found = judge.explain($0) }
        }
        guard var explanation = found else { return nil }
        explanation.take(try audit(log, workers: workers), setting.overTimeFolder)
        return explanation
    }

    /// Cuts entries into runs.
    static func runs(_ range: Range<UInt64>, length: UInt64) -> [Range<UInt64>] {
        stride(from: range.lowerBound, to: range.upperBound, by: Int(length)).map {
            $0..<min($0 + length, range.upperBound)
        }
    }

    func setting(_ log: LogUnderAudit) throws -> AuditSetting {
        var setting = AuditSetting(
            registry: log.registry, folders: folders, reference: reference,
            sourceFindings: log.sourceFindings, past: PurgedPast(log.entries))
        try setting.readBlocks(of: setting.judges.values, in: log.entries)
        return setting
    }
}
