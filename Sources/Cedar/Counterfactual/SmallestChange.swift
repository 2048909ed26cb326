// SPDX-License-Identifier: Apache-2.0

/// What would have to be otherwise for a denied request to be allowed.
public struct Counterfactual: Sendable {
    /// The permit that would then apply.
    public let permitID: PolicyID
    /// The changes, none of which can be left out; never empty.
    public let changes: [Change]

    /// The request and the entities with the changes made.
    public func applied(
        to request: Request, _ entities: Entities
    ) -> (request: Request, entities: Entities) {
        var world = World(request: request, entities: entities)
        for change in changes { world.apply(change) }
        return (world.request, world.entities)
    }
}

extension Authorizer {
    /// The smallest change found that would allow a denied request; nil if none was found.
    ///
    /// It is the first of ``changes(_:_:)``.
    public func smallestChange(_ request: Request, _ entities: Entities) -> Counterfactual? {
        changes(request, entities).first
    }

    /// What would allow a denied request, for each permit the smallest change found, the smallest
    /// first.
    ///
    /// For each permit, the conditions that do not hold are made to hold one by one, and then each
    /// forbid that applies is lifted. What is returned was decided anew and is allowed, and no part
    /// of it can be left out. A change is smaller than another if it asks for fewer other parts of
    /// the question (principal, action, resource); of those, if it needs fewer facts to be other
    /// (attributes, tags, memberships); of those, if it replaces fewer recorded values, other than a
    /// no by a yes; and of those, if its permit comes first in the set. It is the smallest of those
    /// tried: a smaller one of another kind may exist.
    public func changes(_ request: Request, _ entities: Entities) -> [Counterfactual] {
        guard isAuthorized(request, entities).decision == .deny else { return [] }
        var start = ChangeSearch(world: World(request: request, entities: entities))
        start.alternatives = alternatives
        var found: [(distance: ChangeDistance, position: Int, change: Counterfactual)] = []
        for (position, permit) in nearPermits(start.world) {
            guard let state = search(permit, start) else { continue }
            let changes = withoutNeedless(state.changes, permit, start.world)
            let distance = changes.reduce(ChangeDistance()) { $0 + $1.distance }
            found.append(
                (distance, position, Counterfactual(permitID: permit.id, changes: changes)))
        }
        found.sort { ($0.distance, $0.position) < ($1.distance, $1.position) }
        return found.map(\.change)
    }

    /// The values that policies compare each attribute with, in their order: what else it may be.
    private var alternatives: [Text: [Value]] {
        var found: [Text: [Value]] = [:]
        func note(_ attribute: Expression, _ other: Expression) {
            guard case .attribute = attribute.kind else { return }
            let key = Text(ExpressionPrinter().text(attribute))
            let values: [Expression]
            if case .set(let elements) = other.kind { values = elements } else { values = [other] }
            for case .literal(let value) in values.map(\.kind)
            where !(found[key] ?? []).contains(value) {
                found[key, default: []].append(value)
            }
        }
        for policy in policySet.policies {
            for condition in policy.conditions {
                condition.expression.visit { part in
                    switch part.kind {
                    case .binary(.equal, let a, let b), .binary(.notEqual, let a, let b):
                        note(a, b)
                        note(b, a)
                    case .binary(.contains, let set, let element): note(element, set)
                    default: break
                    }
                }
            }
        }
        return found
    }

    /// The permits worth trying, with their positions: no more than a person would wait for.
    private func nearPermits(_ world: World) -> [(Int, Policy)] {
        let permits = policySet.policies.enumerated().filter { $0.element.effect == .permit }
        guard permits.count > Self.triedPermits else { return permits.map { ($0, $1) } }
        let explainer = Explainer(evaluator: world.evaluator)
        let held = permits.map { explainer.explain($0.element).heldCount }
        let order = permits.indices.sorted { (-held[$0], $0) < (-held[$1], $1) }
        return order.prefix(Self.triedPermits).map { (permits[$0].offset, permits[$0].element) }
    }

    /// The changes without those that the permit does not need to allow the request.
    private func withoutNeedless(
        _ changes: [Change], _ permit: Policy, _ world: World
    ) -> [Change] {
        var kept = changes
        for change in changes where kept.count > 1 {
            let fewer = kept.filter { $0 != change }
            var other = world
            for step in fewer { other.apply(step) }
            let response = isAuthorized(other.request, other.entities)
            let isPermitted = response.determiningPolicies.contains {
                $0.hasSameBytes(as: permit.id)
            }
            if response.decision == .allow, isPermitted { kept = fewer }
        }
        return kept
    }

    private static var triedPermits: Int { 50 }
    /// How many forbids may be lifted for one permit.
    private static var liftedForbids: Int { 8 }

    /// How often a search starts again without a change that it had to take back.
    private static var restarts: Int { 16 }

    private func search(_ permit: Policy, _ start: ChangeSearch) -> ChangeSearch? {
        var careful = start
        for _ in 0...Self.restarts {
            guard let state = attempt(permit, careful, endsAtUndone: true) else { break }
            guard let undone = state.undone else { return state.changes.isEmpty ? nil : state }
            careful.banned.insert(undone)
        }
        let state = attempt(permit, start, endsAtUndone: false)
        return state?.changes.isEmpty == false ? state : nil
    }

    /// One way to make a permit apply and no forbid.
    ///
    /// A forbid that is lifted by taking back an earlier change shows that this one was of no use:
    /// there the attempt may end, so that the next one does without it.
    private func attempt(
        _ permit: Policy, _ start: ChangeSearch, endsAtUndone: Bool
    ) -> ChangeSearch? {
        guard var state = start.satisfying(permit) else { return nil }
        state.undone = nil
        for _ in 0...Self.liftedForbids {
            if endsAtUndone, state.undone != nil { return state }
            let response = isAuthorized(state.world.request, state.world.entities)
            if response.decision == .allow {
                state.undone = nil
                return state
            }
            let forbids = response.determiningPolicies.compactMap(policySet.policy)
            guard let forbid = forbids.first(where: { $0.effect == .forbid }),
                let lifted = state.lifting(forbid)
            else { return nil }
            state = lifted
        }
        return nil
    }
}

/// The changes made so far, and the world they lead to.
struct ChangeSearch {
    private(set) var world: World
    private(set) var changes: [Change] = []
    /// What attributes may be instead, by their text.
    var alternatives: [Text: [Value]] = [:]
    /// Changes that are of no use: each had to be taken back when it was made.
    var banned: Set<Change> = []
    /// An earlier change that a later one took back.
    var undone: Change?

    init(world: World) {
        self.world = world
    }

    var distance: ChangeDistance { changes.reduce(ChangeDistance()) { $0 + $1.distance } }

    /// The world with one change more; nil for a change that is known to be of no use.
    func making(_ change: Change) -> ChangeSearch? {
        var copy = self
        if case .value(let place, let value, let old) = change {
            guard !banned.contains(.value(place, value, was: nil)) else { return nil }
            // A later value of the same place takes the place of an earlier one.
            var first = old
            var undone = copy.undone
            copy.changes.removeAll { earlier in
                switch earlier {
                case .value(place, let taken, let was):
                    undone = .value(place, taken, was: nil)
                    first = was
                    return true
                case .presence(place):
                    first = nil
                    return true
                default: return false
                }
            }
            copy.undone = undone
            copy.changes.append(.value(place, value, was: first))
        } else if !copy.changes.contains(change) {
            copy.changes.append(change)
        }
        copy.world.apply(change)
        return copy
    }

    /// The smallest of several ways; of two as small, the first.
    static func cheapest(_ ways: [ChangeSearch?]) -> ChangeSearch? {
        ways.compactMap { $0 }.min { $0.distance < $1.distance }
    }

    /// Makes every part of a permit hold.
    func satisfying(_ policy: Policy) -> ChangeSearch? {
        var state: ChangeSearch? = self
        state = state?.meeting(policy.scope.action)
        state = state?.meeting(policy.scope.principal, world.request.principal) {
            .principal($0)
        }
        state = state?.meeting(policy.scope.resource, world.request.resource) { .resource($0) }
        for condition in policy.conditions {
            state = state?.making(condition.expression, !condition.isUnless)
        }
        return state
    }

    /// Makes one condition of a forbid fail; its scope is left as it is.
    func lifting(_ policy: Policy) -> ChangeSearch? {
        Self.cheapest(policy.conditions.map { making($0.expression, $0.isUnless) })
    }

    private func meeting(_ constraint: ActionConstraint) -> ChangeSearch? {
        if world.evaluator.holds(constraint) { return self }
        // A group is no action that one could ask for.
        return constraint.actions.first { uid in
            !world.entities.all.contains { $0.ancestors.contains(uid) }
        }.flatMap { making(.action($0)) }
    }

    private func meeting(
        _ constraint: ScopeConstraint, _ uid: EntityUID, _ instead: (EntityUID) -> Change
    ) -> ChangeSearch? {
        if world.evaluator.holds(constraint, for: uid) { return self }
        switch constraint {
        case .equal(.uid(let other)): return making(instead(other))
        case .in(.uid(let group)): return making(.join(uid, group))
        case .isTypeIn(let type, .uid(let group)) where type.hasSameBytes(as: uid.type):
            return making(.join(uid, group))
        default: return nil
        }
    }
}
