// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import TransparencyLog

/// What all workers of an audit share: the state of the world and the policies, both immutable.
struct AuditSetting: Sendable {
    let registry: Registry
    /// The policy sets that were found, by version.
    let judges: [SHA256Digest: Judge]
    /// The policy set that stands in where none is in force, for titles and for acts of governance.
    let reference: Judge?
    /// Whether actors may be named (rule R21).
    let namesActors: Bool
    /// The rules over time: those of the policy set in force at the end of the log, or else of the
    /// reference; nil if there is none.
    let overTime: OverTimeRules?
    /// The policy set that the rules over time are of.
    let overTimeFolder: PolicySetFolder?
    /// Whether a rule over time asks what the policies decide.
    let readsDecisions: Bool
    /// What the verifier found in the sources' own counters, by entry.
    let sourceFindings: [UInt64: SourceFinding]
    /// What purges hide; nil if nothing was purged.
    let past: PurgedPast?
    /// What the temporal blocks of policy sets say at each entry, by version.
    private(set) var truths: [SHA256Digest: BlockTruths] = [:]

    init(
        registry: Registry, folders: [PolicySetFolder], reference: PolicySetFolder?,
        sourceFindings: [SourceFinding], past: PurgedPast? = nil
    ) {
        self.past = past
        self.sourceFindings = Dictionary(
            sourceFindings.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
        self.registry = registry
        var judges: [SHA256Digest: Judge] = [:]
        for folder in folders { judges[folder.version] = Judge(folder) }
        self.judges = judges
        self.reference = reference.map { judges[$0.version] ?? Judge($0) }
        let end = AsOf(Moment(time: .max, index: .max))
        let last = registry.policy(end).flatMap { judges[$0.hash] } ?? self.reference
        overTime = last.map(\.folder.overTime).flatMap { $0.sheets.isEmpty ? nil : $0 }
        overTimeFolder = last?.folder
        readsDecisions = overTime?.readsDecisions ?? false
        namesActors = registry.allowsNominativeControl(end)
    }

    /// Reads what the temporal blocks of some policy sets say, where there are any.
    ///
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    mutating func readBlocks(of judges: some Sequence<Judge>, in log: VerifiedLog) throws {
        for judge in judges {
            guard let replay = BlockReplay(self, judge) else { continue }
            truths[judge.folder.version] = try replay.truths(log)
        }
    }

    /// The policies that judge an act of governance: those in force, else the reference, since the
    /// first acts come before any policy is in force.
    func judge(forActAt view: AsOf) -> Judge? {
        guard let policy = registry.policy(view) else { return reference }
        return judges[policy.hash] ?? reference
    }

    /// What is said about a rule, in the policies in force or else in the reference.
    func rule(_ id: String, _ judge: Judge?) -> PolicySetFolder.Rule? {
        judge?.folder.rules[id] ?? reference?.folder.rules[id]
    }
}
