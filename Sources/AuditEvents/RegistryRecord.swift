// SPDX-License-Identifier: Apache-2.0

/// What a ``RegistryBuilder`` has recorded so far, in the order of the log.
struct RegistryRecord: Sendable {
    /// One change, and the thing that it changed.
    typealias Row = (thing: InternedID, change: StateChange)

    var interner = Interner()
    /// The lists of changes, one behind the other.
    var lists: [InternedID] = []
    var policies: [PolicyActivation] = []
    var pilot: [StateChange] = []
    var consultations: [Consultation] = []
    var staffNotices: [StateChange] = []
    var advisers: [Row] = []
    var persons: [Row] = []
    var licences: [Row] = []
    var holdings: [Row] = []
    var offers: [Row] = []
    var pseudonymRequests: [Row] = []

    /// Takes in what was recorded of other entries of the same log, in the order of the log.
    mutating func merge(_ other: RegistryRecord) {
        let numbers = interner.merge(other.interner)
        let offset = Int32(lists.count)
        lists += other.lists.map { numbers[$0.index] }
        let joint = Joint(numbers: numbers, listOffset: offset)
        joint.merge(&advisers, other.advisers)
        joint.merge(&persons, other.persons)
        joint.merge(&licences, other.licences)
        joint.merge(&holdings, other.holdings)
        joint.merge(&offers, other.offers)
        joint.merge(&pseudonymRequests, other.pseudonymRequests)
        // These are few, and put in the order of time by the registry.
        pilot += other.pilot.map(joint.renumbered)
        staffNotices += other.staffNotices.map(joint.renumbered)
        consultations += other.consultations
        policies += other.policies.map { policy in
            var policy = policy
            policy.scope = Set(
                policy.scope.map {
                    PolicyActivation.ScopeItem(field: $0.field, text: numbers[$0.text.index])
                })
            return policy
        }
    }
}

/// How the texts and lists of one record are numbered in another.
private struct Joint {
    let numbers: [InternedID]
    let listOffset: Int32

    func renumbered(_ change: StateChange) -> StateChange {
        change.renumbered(numbers, listsFrom: listOffset)
    }

    /// Merges two lists of rows, each in the order of the log, into one.
    func merge(_ rows: inout [RegistryRecord.Row], _ others: [RegistryRecord.Row]) {
        // A copy of all rows for nothing would be held as long as the original.
        guard !others.isEmpty else { return }
        var merged: [RegistryRecord.Row] = []
        merged.reserveCapacity(rows.count + others.count)
        var next = 0
        for other in others {
            while next < rows.count, rows[next].change.moment.index < other.change.moment.index {
                merged.append(rows[next])
                next += 1
            }
            merged.append((numbers[other.thing.index], renumbered(other.change)))
        }
        merged += rows[next...]
        rows = merged
    }
}
