// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Dispatch
import Synchronization
import TransparencyLog

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

    /// Audits a log.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - workers: How many threads may work at once.
    /// - Returns: What was found, by entry, then by rule.
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    public func audit(_ log: LogUnderAudit, workers: Int = 1) throws -> AuditResult {
        let setting = try setting(log)
        let workers = max(1, workers)
        let partCount = workers == 1 ? 1 : UInt64(workers) * 4
        let treeSize = log.entries.treeSize
        let size = max(8_192, (treeSize / partCount / 256 + 1) * 256)
        // A few parts for each worker, so that each decides most of its accesses by what it
        // decided before.
        let ranges = stride(from: UInt64(0), to: treeSize, by: Int(size)).map {
            $0..<min($0 + size, treeSize)
        }
        var merge = AuditMerge(setting)
        let parts = try Self.judge(log.entries, setting, ranges, workers)
        for part in parts { merge.add(part) }
        if let rules = setting.overTime {
            let audit = OverTimeAudit(setting: setting, rules: rules, log: log.entries)
            let outcome = try audit.conclude(
                RuleState(), RuleReplay(rules), parts.map(\.ruleEvents))
            merge.add(outcome)
        }
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
        try log.entries.replay(index..<(index + 1)) { found = judge.explain($0) }
        guard var explanation = found else { return nil }
        explanation.take(try audit(log, workers: workers), setting.overTimeFolder)
        return explanation
    }

    /// Judges runs of entries, each worker taking the next one that nobody has.
    static func judge(
        _ log: VerifiedLog, _ setting: AuditSetting, _ ranges: [Range<UInt64>], _ workers: Int
    ) throws -> [AuditPart] {
        let next = Atomic<Int>(0)
        let results = Mutex<[(Int, Result<AuditPart, any Error>)]>([])
        DispatchQueue.concurrentPerform(iterations: min(workers, max(1, ranges.count))) { _ in
            while true {
                let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard number < ranges.count else { return }
                let result = Result {
                    var judge = EntryJudge(setting)
                    try log.replay(ranges[number]) { judge.judge($0) }
                    return AuditPart(judge, ranges[number])
                }
                results.withLock { $0.append((number, result)) }
            }
        }
        let inOrder = results.withLock { results in results.sorted { $0.0 < $1.0 } }
        return try inOrder.map { try $0.1.get() }
    }

    func setting(_ log: LogUnderAudit) throws -> AuditSetting {
        var setting = AuditSetting(
            registry: log.registry, folders: folders, reference: reference,
            sourceFindings: log.sourceFindings)
        try setting.readBlocks(of: setting.judges.values, in: log.entries)
        return setting
    }
}
