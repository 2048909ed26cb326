// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cedar
import Cryptography
import Dispatch
import Synchronization
import TransparencyLog

/// Replays one log under two policy sets, each as if it had been in force all the time.
///
/// That is how an extension is tried before it is decided: the new set, and the regions that the
/// pilot would have, are assumed, and everything else is as the log tells it.
public struct PolicyTrial: Sendable {
    private let old: Judge
    private let new: Judge
    private let newRegions: [String]?

    /// Prepares a trial.
    ///
    /// - Parameters:
    ///   - old: The set to compare with.
    ///   - new: The set to try.
    ///   - newRegions: The regions, INSEE codes, that the pilot is taken to run in under the new
    ///     set; nil for those of the log.
    public init(old: PolicySetFolder, new: PolicySetFolder, newRegions: [String]? = nil) {
        (self.old, self.new) = (Judge(old), Judge(new))
        self.newRegions = newRegions
    }

    /// Says what would have been decided otherwise.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - workers: How many threads may work at once; the result is the same.
    /// - Returns: The decisions that differ.
    /// - Throws: ``TransparencyLog/ReplayError`` if the log changed after it was verified.
    public func run(_ log: LogUnderAudit, workers: Int = 1) throws -> PolicyDifference {
        var setting = AuditSetting(
            registry: log.registry, folders: [], reference: nil, sourceFindings: [],
            past: PurgedPast(log.entries))
        try setting.readBlocks(of: [old, new], in: log.entries)
        let judged = setting
        let size = max(8_192, (log.entries.treeSize / UInt64(max(1, workers)) / 256 + 1) * 256)
        let ranges = stride(from: UInt64(0), to: log.entries.treeSize, by: Int(size)).map {
            $0..<min($0 + size, log.entries.treeSize)
        }
        let results = Mutex<[(Int, Result<PolicyDifference, any Error>)]>([])
        DispatchQueue.concurrentPerform(iterations: ranges.count) { number in
            let result = Result {
                var worker = TrialWorker(judged, old, new, newRegions)
                try log.entries.replay(ranges[number]) { worker.judge($0) }
                return worker.difference
            }
            results.withLock { $0.append((number, result)) }
        }
        var whole = PolicyDifference()
        for (_, part) in results.withLock({ $0.sorted { $0.0 < $1.0 } }) {
            let part = try part.get()
            whole.examinedCount += part.examinedCount
            whole.skippedCount += part.skippedCount
            whole.tally.add(part.tally)
        }
        return whole
    }
}

/// One worker's part of a trial.
private struct TrialWorker {
    private let (oldJudge, newJudge): (Judge, Judge)
    private let registry: Registry
    /// One judge of entries a set: each keeps the decisions of its own.
    private var before: EntryJudge
    private var after: EntryJudge
    var difference = PolicyDifference()
    /// What occurred earlier is not compared: the state of that moment was purged.
    private let stateBefore: Int64

    init(_ setting: AuditSetting, _ old: Judge, _ new: Judge, _ newRegions: [String]?) {
        (oldJudge, newJudge) = (old, new)
        registry = setting.registry
        let hidden = setting.past?.hidden.stateBefore ?? .min
        stateBefore = hidden < .max ? hidden : .min
        before = EntryJudge(setting)
        after = EntryJudge(setting)
        after.reader.assumedRegions = newRegions
    }

    mutating func judge(_ entry: borrowing VerifiedEntry) {
        guard !entry.isLeft else { return }
        guard let type = before.reader.type(of: entry), entry.occurredAt >= stateBefore else {
            difference.skippedCount += 1
            return
        }
        guard type.isAccess || type.isJudgedAct else { return }
        guard type.fieldsMissing(in: entry.view.fields).isEmpty else {
            difference.skippedCount += 1
            return
        }
        difference.examinedCount += 1
        let view = AsOf(Moment(time: entry.occurredAt, index: entry.index))
        let (left, right) = judgements(entry, type, view)
        let (leftRules, rightRules) = (names(left, oldJudge), names(right, newJudge))
        switch (left.decision, right.decision) {
        case (.allow, .deny): add(.becomesDenied, rightRules, entry)
        case (.deny, .allow): add(.becomesAllowed, leftRules, entry)
        case (.deny, .deny) where leftRules != rightRules:
            add(.otherReason, Set(leftRules).symmetricDifference(rightRules).sorted(), entry)
        default: break
        }
    }

    private mutating func judgements(
        _ entry: borrowing VerifiedEntry, _ type: EventType, _ view: AsOf
    ) -> (Judgement, Judgement) {
        guard type.isAccess else {
            return (
                before.decideAct(entry, type, oldJudge, view),
                after.decideAct(entry, type, newJudge, view)
            )
        }
        // Whether the access named the version in force then is a fact of the log, not of a set.
        let version = registry.policy(view)?.hash ?? SHA256Hasher().hash([])
        return (
            before.judgement(of: entry, type, oldJudge, version, view),
            after.judgement(of: entry, type, newJudge, version, view)
        )
    }

    /// The policies that deny, or the rule of the default denial.
    private func names(_ judgement: Judgement, _ judge: Judge) -> [String] {
        let rules = judgement.brokenRules(defaultDenyRule: judge.folder.defaultDenyRule)
        return rules.flatMap { $0.policies.isEmpty ? [$0.rule] : $0.policies }.sorted()
    }

    private mutating func add(
        _ change: PolicyDifference.Change, _ policies: [String], _ entry: borrowing VerifiedEntry
    ) {
        let date = ParisTime(milliseconds: entry.occurredAt).date
        let month = "\(date.year)-\(date.month < 10 ? "0" : "")\(date.month)"
        difference.tally.add(
            change, by: policies, (entry.string(.actorRegion), month), at: entry.index)
    }
}
