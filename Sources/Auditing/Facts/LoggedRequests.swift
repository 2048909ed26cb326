// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import Cedar
import Cryptography
import TransparencyLog

/// The requests that the entries of a log amount to, as a policy set sees them.
///
/// An access, or an act that a rule speaks of, is one request, with the state of its moment. Requests
/// that no policy of the set can tell apart are lent once: it is a measure of policies, and counts
/// nothing that anybody did.
public struct LoggedRequests {
    private let registry: Registry
    private let folder: PolicySetFolder
    private let namesParties: Bool
    private var judge: EntryJudge
    private var accesses: [UInt64: [AccessFacts]] = [:]
    private var acts: Set<ActFacts> = []

    /// One request, and the entry it comes from.
    public struct Item {
        /// The index of the entry.
        public let index: UInt64
        /// When it occurred, in milliseconds.
        public let occurredAt: Int64
        /// The request.
        public let request: Request
    }

    /// Lends each request that differs from those before.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - folder: The policy set.
    ///   - body: Gets the requests, in the order of the log.
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    public static func each(
        of log: LogUnderAudit, under folder: PolicySetFolder, _ body: (Item) -> Void
    ) throws {
        var reader = LoggedRequests(log, folder)
        try log.entries.replay { entry in
            guard !entry.isLeft, let request = reader.request(entry) else { return }
            body(Item(index: entry.index, occurredAt: entry.occurredAt, request: request))
        }
    }

    private init(_ log: LogUnderAudit, _ folder: PolicySetFolder) {
        registry = log.registry
        self.folder = folder
        namesParties = !folder.policySet.literalEntityTypes
            .isDisjoint(with: ["Agent", "Person", "Record"])
        judge = EntryJudge(
            AuditSetting(
                registry: log.registry, folders: [folder], reference: folder, sourceFindings: []))
    }

    private mutating func request(_ entry: borrowing VerifiedEntry) -> Request? {
        guard let type = judge.reader.type(of: entry) else { return nil }
        let view = AsOf(Moment(time: entry.occurredAt, index: entry.index))
        guard type.isAccess else { return act(entry, type, view) }
        guard folder.actions.contains(type.name) else { return nil }
        var facts = judge.reader.facts(of: entry, type: type, under: folder, view)
        let version = registry.policy(view)?.hash
        facts.set(
            .versionInForce,
            version != nil && judge.reader.digest(.decisionPolicyVersion, entry) == version)
        if namesParties {
            facts.principal = judge.reader.number(.actorPID, entry)
            facts.resource = judge.reader.number(.subjectPID, entry)
        }
        guard accesses[facts.mixed]?.contains(facts) != true else { return nil }
        accesses[facts.mixed, default: []].append(facts)
        guard let own = judge.setting.reference else { return nil }
        return judge.accessRequest(entry, facts, own, view)
    }

    private mutating func act(
        _ entry: borrowing VerifiedEntry, _ type: EventType, _ view: AsOf
    ) -> Request? {
        guard type.isJudgedAct, let own = judge.setting.reference else { return nil }
        let facts = judge.reader.actFacts(of: entry, type: type, under: folder, view)
        guard acts.insert(facts).inserted || namesParties else { return nil }
        return judge.actRequest(entry, facts, own)
    }
}
