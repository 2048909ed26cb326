// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
public import TransparencyLog

/// Replays a verified log against the policies that were in force, and says what it found.
///
/// The first pass folds the log into the state of the world at every moment; the second judges each
/// access, and each act of governance that a rule speaks of, with the state and the policy version
/// of the moment it occurred. It takes nothing but a ``VerifiedLog``: what was altered is never
/// judged. The result is the same for any number of workers.
///
/// It counts and names no adviser's activity: the only thing it says of an adviser is the finding.
public struct Auditor: Sendable {
    private let folders: [PolicySetFolder]
    private let reference: PolicySetFolder?

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

    /// Audits a log.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - sourceFindings: What its verification found in the sources' own counters.
    ///   - workers: How many threads may work at once.
    /// - Returns: What was found, by entry, then by rule.
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    public func audit(
        _ log: VerifiedLog, sourceFindings: [SourceFinding], workers: Int = 1
    ) throws -> AuditResult {
        let setting = try setting(log, sourceFindings)
        var merge = AuditMerge(setting)
        if workers > 1 {
            let parts = try log.replayChunks(
                workers: workers, initial: { _ in EntryJudge(setting) },
                body: { judge, entry in judge.judge(entry) })
            for part in parts { merge.add(part) }
        } else {
            var judge = EntryJudge(setting)
            try log.replay { judge.judge($0) }
            merge.add(judge)
        }
        return merge.result(head: log.rootHash, treeSize: log.treeSize)
    }

    /// Explains one entry.
    ///
    /// - Returns: Nil if the log has no such entry.
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    public func explain(_ log: VerifiedLog, index: UInt64) throws -> Explanation? {
        guard index < log.treeSize else { return nil }
        var judge = EntryJudge(try setting(log, []))
        var explanation: Explanation?
        try log.replay(index..<(index + 1)) { explanation = judge.explain($0) }
        return explanation
    }

    private func setting(
        _ log: VerifiedLog, _ sourceFindings: [SourceFinding]
    ) throws -> AuditSetting {
        var builder = RegistryBuilder()
        try log.replay { builder.record($0) }
        return AuditSetting(
            registry: builder.build(), folders: folders, reference: reference,
            sourceFindings: sourceFindings)
    }
}
