// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cedar
import TemporalPolicies
import TransparencyLog

/// Evaluates the `temporal { … }` blocks of a policy set over a log.
///
/// An entry is an event `Action::"TYPE"::request`, with the fields `callerPrincipal` and `input.…`,
/// and, if it was done, an event `…::response` right after. Accesses, acts that policies judge and
/// the types that blocks name are events; what was recorded late counts when it occurred.
struct BlockReplay {
    private let judge: Judge
    private let policies: TemporalPolicySet
    private let reader: EntryJudge
    /// The types that are events.
    private let isEvent: [Bool]

    /// What is asked of one entry.
    private struct Step {
        var index: UInt64
        var request: Request
        var event: HistoryEvent
        var isDone: Bool
    }

    /// Nil if the policy set has no blocks.
    init?(_ setting: AuditSetting, _ judge: Judge) {
        guard let policies = judge.folder.temporal else { return nil }
        (self.judge, self.policies) = (judge, policies)
        reader = EntryJudge(setting)
        let named = policies.actions
        isEvent = EventType.allCases.map { type in
            type.isAccess || type.isJudgedAct
                || named.contains(EntityUID(type: "Action", id: type.name))
        }
    }

    /// Says which blocks hold at each entry.
    ///
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    func truths(_ log: VerifiedLog) throws -> BlockTruths {
        var found = BlockTruths()
        try run(log) { authorizer, step in
            switch authorizer.truths(step.event, step.request, judge.folder.entities) {
            case .failure: found[step.index] = BlockTruths.failed
            case .success(let holding):
                for (place, holds) in holding.enumerated() where holds {
                    found[step.index] |= 1 << UInt64(place)
                }
            }
        }
        return found
    }

    /// Says what made blocks hold at some entries.
    ///
    /// - Parameters:
    ///   - wanted: The blocks of each entry.
    ///   - log: The log.
    /// - Returns: The evidence by entry.
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    func evidence(
        of wanted: [UInt64: [Int]], _ log: VerifiedLog
    ) throws -> [UInt64: BlockEvidence] {
        var found: [UInt64: BlockEvidence] = [:]
        guard !wanted.isEmpty else { return found }
        try run(log) { authorizer, step in
            _ = authorizer.observe(step.event)
            guard let blocks = wanted[step.index] else { return }
            var evidence = BlockEvidence()
            for block in blocks {
                evidence.entries += authorizer.witnesses(
                    of: block, step.event, step.request, judge.folder.entities)
                evidence.reach = max(evidence.reach, policies.blocks[block].reach)
            }
            evidence.entries = Set(evidence.entries).sorted()
            found[step.index] = evidence
        }
        return found
    }

    private func run(
        _ log: VerifiedLog, _ body: (inout TemporalAuthorizer, Step) -> Void
    ) throws {
        var authorizer = TemporalAuthorizer(policies)
        let late = try late(log)
        var next = 0
        func take(_ step: Step) {
            body(&authorizer, step)
            guard step.isDone else { return }
            var response = step.event
            response.kind = "response"
            _ = authorizer.observe(response)
        }
        var latest = Int64.min
        try log.replay(0..<log.treeSize) { entry in
            guard let type = reader.reader.type(of: entry), isEvent[Int(type.rawValue)],
                Self.second(entry) >= latest
            else { return }
            latest = Self.second(entry)
            while next < late.count, late[next].event.time < latest {
                take(late[next])
                next += 1
            }
            take(step(entry, type))
        }
        for step in late[next...] { take(step) }
    }

    /// The entries that are earlier than one before them, by time.
    private func late(_ log: VerifiedLog) throws -> [Step] {
        var late: [Step] = []
        var latest = Int64.min
        try log.replay(0..<log.treeSize) { entry in
            guard let type = reader.reader.type(of: entry), isEvent[Int(type.rawValue)] else {
                return
            }
            if Self.second(entry) < latest { late.append(step(entry, type)) }
            latest = max(latest, Self.second(entry))
        }
        return late.sorted { ($0.event.time, $0.index) < ($1.event.time, $1.index) }
    }

    private static func second(_ entry: borrowing VerifiedEntry) -> Int64 {
        let time = entry.occurredAt
        return time >= 0 ? time / 1_000 : (time - 999) / 1_000
    }

    private static let inputs: [(String, EntryField)] = [
        ("subject", .subjectPID), ("licence", .licenceID), ("offer", .offerRef),
        ("employer", .employerRef), ("reference", .reference), ("recipient", .recipient),
        ("session", .session), ("purpose", .purpose), ("role", .actorRole),
        ("region", .actorRegion), ("establishment", .actorEstablishment), ("case", .caseRef),
    ]

    private func step(_ entry: borrowing VerifiedEntry, _ type: EventType) -> Step {
        let view = AsOf(Moment(time: entry.occurredAt, index: entry.index))
        var input: [(String, Value)] = []
        for (name, field) in Self.inputs {
            if let text = entry.string(field) { input.append((name, .string(text))) }
        }
        if let count = entry.integer(.count) { input.append(("count", .int(count))) }
        var request = reader.plainRequest(entry, type, judge, view)
        var context = Array(zip(request.context.keys, request.context.values))
        context.append(("input", .record(Record(input))))
        request = Request(
            principal: request.principal, action: request.action, resource: request.resource,
            context: Record(context))
        let fields = Record([
            ("callerPrincipal", .entity(request.principal)),
            ("callerResource", .entity(request.resource)), ("input", .record(Record(input))),
        ])
        let outcome = entry.slice(.outcome)
        return Step(
            index: entry.index, request: request,
            event: HistoryEvent(
                time: Self.second(entry), action: EntityUID(type: "Action", id: type.name),
                kind: "request", fields: fields, entry: entry.index),
            isDone: outcome.map { $0 == "done" } ?? !type.isAccess)
    }
}
