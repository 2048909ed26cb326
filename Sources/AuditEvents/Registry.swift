// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import TransparencyLog

/// What the world of the pilot looked like at any moment: a fold over the events of a log.
///
/// It is immutable once built, and holds the changes of licences, advisers, job seekers, offers and
/// the rest, never the accesses: its size follows the number of persons, not of entries. Every
/// question takes a point of view (``AsOf``), and an answer names the entry that decided it where
/// an explanation needs that.
public struct Registry: Sendable {
    /// The texts of the state's events.
    public internal(set) var interner = Interner()
    /// The policy sets that were activated or retired, oldest first.
    public internal(set) var policies: [PolicyActivation] = []

    var pilot: [StateChange] = []
    var consultations: [Consultation] = []
    var staffNotices: [StateChange] = []
    var advisers = Histories()
    var persons = Histories()
    var licences = Histories()
    /// The changes of licences again, by the holder they concern.
    var holdings = Histories()
    var offers = Histories()
    var pseudonymRequests = Histories()

    init() {}

    /// The number of a text, if the state mentions it.
    public func find(_ bytes: RawSpan) -> InternedID? {
        interner.find(bytes)
    }

    mutating func sort() {
        func isEarlier(_ left: StateChange, _ right: StateChange) -> Bool {
            left.moment < right.moment
        }
        pilot.sort(by: isEarlier)
        staffNotices.sort(by: isEarlier)
        policies.sort { $0.moment < $1.moment }
        consultations.sort { $0.moment < $1.moment }
        advisers.sort()
        persons.sort()
        licences.sort()
        holdings.sort()
        offers.sort()
        pseudonymRequests.sort()
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
