// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Snapshots
import TransparencyLog

/// What an entry says that the review of findings rests on: a step of a case, where an adviser
/// works, who wrote a policy set.
///
/// An audit collects them as it reads, and a saved state keeps them, so that cases cost no second
/// reading of the log.
public struct ReviewEntry: Hashable, Sendable {
    /// The entry.
    public var index: UInt64
    /// When it occurred, in milliseconds since 1970.
    public var time: Int64
    /// The type of its event.
    public var type: String
    /// The case that it names: as its own, or as that in which somebody is heard.
    public var caseID: String?
    /// Who reviews, a pseudonym.
    public var reviewer: String?
    /// Who acts, with role and place of work.
    public var actor: Actor?
    /// The coded outcome, reason or measure.
    public var code: String?
    /// The policy set, and who wrote it.
    public var policy: Authorship?

    /// Who acts.
    public struct Actor: Hashable, Sendable {
        /// The pseudonym.
        public var pid: String
        /// The role; empty where the entry says none.
        public var role: String
        /// The region; empty where the entry says none.
        public var region: String
        /// The establishment; empty where the entry says none.
        public var establishment: String

        /// Names a person with what is known of the place they work at.
        public init(pid: String, role: String, region: String = "", establishment: String = "") {
            (self.pid, self.role) = (pid, role)
            (self.region, self.establishment) = (region, establishment)
        }
    }

    /// Who wrote a policy set.
    public struct Authorship: Hashable, Sendable {
        /// The version, in hexadecimal.
        public var hash: String
        /// The author's pseudonym.
        public var author: String
    }

    /// The types that are kept.
    static func concerns(_ type: EventType) -> Bool {
        switch type {
        case .findingRaise, .findingExplain, .findingAssign, .findingDismiss, .findingConfirm,
            .findingCorrect, .findingClose, .adviserHear, .adviserEnrol, .adviserMove,
            .policyPropose, .policyActivate:
            true
        default: false
        }
    }

    init(_ entry: borrowing VerifiedEntry, _ type: EventType) {
        index = entry.index
        time = entry.occurredAt
        self.type = type.name
        caseID = entry.string(type == .adviserHear ? .caseRef : .reference)
        reviewer = entry.string(.reviewer)
        code =
            entry.string(.outcomeCode) ?? entry.string(.reasonCode) ?? entry.string(.measure)
        actor = entry.string(.actorPID).map { pid in
            Actor(
                pid: pid, role: entry.string(.actorRole) ?? "",
                region: entry.string(.actorRegion) ?? "",
                establishment: entry.string(.actorEstablishment) ?? "")
        }
        if type == .policyPropose || type == .policyActivate, let hash = entry.string(.hash),
            let author = entry.string(.author)
        {
            policy = Authorship(hash: hash, author: author)
        }
    }
}

extension ReviewEntry {
    func encode(to writer: inout SnapshotWriter) {
        writer.write(index)
        writer.write(time)
        writer.write(type)
        for text in [caseID, reviewer, code] { writer.write(text) { $0.write($1) } }
        writer.write(actor) { writer, actor in
            for text in [actor.pid, actor.role, actor.region, actor.establishment] {
                writer.write(text)
            }
        }
        writer.write(policy) { writer, policy in
            writer.write(policy.hash)
            writer.write(policy.author)
        }
    }

    init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        func text(_ reader: inout SnapshotReader) throws(MalformedSnapshot) -> String {
            try reader.text()
        }
        index = try reader.number()
        time = try reader.integer()
        type = try reader.text()
        caseID = try reader.optional(text)
        reviewer = try reader.optional(text)
        code = try reader.optional(text)
        actor = try reader.optional { reader throws(MalformedSnapshot) in
            let (pid, role) = (try reader.text(), try reader.text())
            let region = try reader.text()
            return Actor(
                pid: pid, role: role, region: region, establishment: try reader.text())
        }
        policy = try reader.optional { reader throws(MalformedSnapshot) in
            let hash = try reader.text()
            return Authorship(hash: hash, author: try reader.text())
        }
    }
}
