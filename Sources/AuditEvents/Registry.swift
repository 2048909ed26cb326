// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import TransparencyLog

/// What the world of the pilot looked like at any moment: a fold over the events of a log.
///
/// It never changes once built, and holds the changes of licences, advisers, job seekers, offers
/// and the rest, never the accesses: its size follows the number of persons, not of entries. Every
/// question takes a point of view (``AsOf``), and an answer names the entry that decided it where
/// an explanation needs that.
///
/// It is an object so that the workers of an audit share it without copying anything.
public final class Registry: Sendable {
    /// The texts of the state's events.
    public let interner: Interner
    /// The policy sets that were activated or retired, oldest first.
    public let policies: [PolicyActivation]

    /// The lists of changes, one behind the other.
    private let lists: [InternedID]
    let pilot: [StateChange]
    let consultations: [Consultation]
    let staffNotices: [StateChange]
    let advisers: Histories
    let persons: Histories
    let licences: Histories
    /// The changes of licences again, by the holder they concern.
    let holdings: Histories
    let offers: Histories
    let pseudonymRequests: Histories

    /// Puts what was recorded in the order of time, late events where they belong.
    init(_ record: RegistryRecord) {
        interner = record.interner
        lists = record.lists
        policies = record.policies.sorted { $0.moment < $1.moment }
        pilot = record.pilot.sorted { $0.moment < $1.moment }
        consultations = record.consultations.sorted { $0.moment < $1.moment }
        staffNotices = record.staffNotices.sorted { $0.moment < $1.moment }
        advisers = Histories(record.advisers)
        persons = Histories(record.persons)
        licences = Histories(record.licences)
        holdings = Histories(record.holdings)
        offers = Histories(record.offers)
        pseudonymRequests = Histories(record.pseudonymRequests)
    }

    /// The number of a text, if the state mentions it.
    public func find(_ bytes: RawSpan) -> InternedID? {
        interner.find(bytes)
    }

    /// The list that a change carries: the scope of an agreement, declared links, regions.
    public func list(of change: borrowing StateChange) -> ArraySlice<InternedID> {
        let start = Int(change.listStart)
        return lists[start..<(start + Int(change.listCount))]
    }
}

/// A policy set put in force, or out of force.
public struct PolicyActivation: Sendable {
    /// When.
    public var moment: Moment
    /// Whether it was put in force; else it was retired.
    public var isActivation: Bool
    /// The version: SHA-256 of the policy set's canonical archive.
    public var hash: SHA256Digest
    /// The regions, roles, categories and purposes that it covers.
    public var scope: Set<ScopeItem>

    /// One region, role, category or purpose that a policy set covers.
    public struct ScopeItem: Hashable, Sendable {
        /// The list it stands in.
        public var field: EntryField
        /// The item.
        public var text: InternedID
    }
}

/// A consultation of a staff body (Code du travail, L2312-38).
public struct Consultation: Sendable {
    /// When.
    public var moment: Moment
    /// Whether it was the central body's.
    public var isCentral: Bool
    /// The policy set that was presented, if one was.
    public var hash: SHA256Digest?
}
