// SPDX-License-Identifier: Apache-2.0

import Cedar

/// What has been assumed of a request and of the entities, on the way to an example.
///
/// Every assumption is noted with the step of the search that made it, so that a dead end can be
/// traced to the steps that led there.
struct Model: Sendable {
    /// What an assumption is about.
    enum Subject: Hashable, Sendable {
        case place(Place)
        case existence(EntityUID)
        /// Which entity is in which: one assumption can rule out another anywhere.
        case hierarchy
        /// Which entities there are.
        case universe
    }

    /// A set whose elements that nothing names hold no ancestor of an entity.
    struct ClosedSet: Hashable, Sendable {
        let uid: EntityUID
        let place: Place
    }

    private(set) var values: [Place: Value] = [:]
    private(set) var constraints: [Place: Constraint] = [:]
    private(set) var presence: [Place: Bool] = [:]
    private(set) var existence: [EntityUID: Bool] = [:]
    /// What each entity is assumed to be in.
    private(set) var parents: [EntityUID: Set<EntityUID>] = [:]
    /// What each entity is assumed not to be in.
    private(set) var strangers: [EntityUID: Set<EntityUID>] = [:]
    private(set) var closedSets: Set<ClosedSet> = []
    private var steps: [Subject: Set<Int>] = [:]

    /// The steps that assumed something of a subject.
    func steps(of subject: Subject) -> Set<Int> { steps[subject] ?? [] }

    private mutating func note(_ step: Int, _ subject: Subject) {
        steps[subject, default: []].insert(step)
    }

    /// The entities that stand at places, or are known to exist or not.
    var entities: Set<EntityUID> {
        var result = Set(existence.keys)
        for case .entity(let uid) in values.values { result.insert(uid) }
        for set in parents.values { result.formUnion(set) }
        return result
    }

    // Each assumption answers false where it contradicts an earlier one of the same subject.

    mutating func choose(_ value: Value, at place: Place, step: Int) -> Bool {
        if let constraint = constraints[place], !constraint.admits(value) { return false }
        values[place] = value
        note(step, .place(place))
        if case .entity = value { note(step, .universe) }
        return true
    }

    mutating func assume(
        _ test: PlaceTest, _ holds: Bool, at place: Place, of unconstrained: Constraint, step: Int
    ) -> Bool {
        let before = constraints[place] ?? unconstrained
        guard let after = before.assuming(test, holds) else { return false }
        constraints[place] = after
        note(step, .place(place))
        return true
    }

    mutating func setPresence(_ isPresent: Bool, of place: Place, step: Int) {
        presence[place] = isPresent
        note(step, .place(place))
    }

    mutating func setExistence(_ exists: Bool, of uid: EntityUID, step: Int) {
        existence[uid] = exists
        note(step, .existence(uid))
        note(step, .universe)
    }

    mutating func close(_ set: ClosedSet, step: Int) {
        closedSets.insert(set)
        note(step, .hierarchy)
    }

    mutating func setMembership(
        _ isMember: Bool, of uid: EntityUID, in ancestor: EntityUID, step: Int
    ) -> Bool {
        if isMember {
            parents[uid, default: []].insert(ancestor)
            note(step, .universe)
        } else {
            strangers[uid, default: []].insert(ancestor)
        }
        note(step, .hierarchy)
        return parents.keys.allSatisfy { entity in
            let ancestors = ancestors(of: entity)
            return !ancestors.contains(entity)
                && ancestors.isDisjoint(with: strangers[entity] ?? [])
        }
    }

    /// All that an entity is assumed to be in, directly or not.
    private func ancestors(of uid: EntityUID) -> Set<EntityUID> {
        var found: Set<EntityUID> = []
        var open = Array(parents[uid] ?? [])
        while let next = open.popLast() {
            if found.insert(next).inserted { open += parents[next] ?? [] }
        }
        return found
    }

    /// Whether an entity is in another, where that was settled.
    func isIn(_ uid: EntityUID, _ ancestor: EntityUID) -> Bool? {
        if uid == ancestor || ancestors(of: uid).contains(ancestor) { return true }
        return strangers[uid]?.contains(ancestor) == true ? false : nil
    }
}

/// The assumptions that an evaluation looked at, by the steps that made them.
final class ReadLog {
    private(set) var steps: Set<Int> = []

    func note(_ subject: Model.Subject, of model: Model) {
        steps.formUnion(model.steps(of: subject))
    }

    func clear() { steps.removeAll(keepingCapacity: true) }
}
