// SPDX-License-Identifier: Apache-2.0

/// What would have to be otherwise for a denied request to be allowed.
public struct Counterfactual: Sendable {
    /// The permit that would then apply.
    public let permitID: PolicyID
    /// The changes, all of which are needed for this permit; never empty.
    public let changes: [Change]
}

extension Authorizer {
    /// The smallest change found that would allow a denied request; nil if none was found.
    ///
    /// For each permit, the conditions that do not hold are made to hold one by one, and then each
    /// forbid that applies is lifted. What is returned was decided anew and is allowed. It is the
    /// smallest of those tried, one for each permit: a smaller one of another kind may exist.
    public func smallestChange(_ request: Request, _ entities: Entities) -> Counterfactual? {
        let world = World(request: request, entities: entities)
        guard isAuthorized(request, entities).decision == .deny else { return nil }
        let permits = policySet.policies.filter { $0.effect == .permit }
        let explainer = Explainer(evaluator: world.evaluator)
        // Those that lacked least are tried first, and no more than a person would wait for.
        let nearest = permits.map { ($0, explainer.explain($0).heldCount) }
            .sorted { $0.1 > $1.1 }.prefix(Self.triedPermits)
        var best: (state: ChangeSearch, permit: PolicyID)?
        for (permit, _) in nearest {
            guard let found = search(permit, ChangeSearch(world: world)) else { continue }
            if best.map({ found.cost < $0.state.cost }) ?? true { best = (found, permit.id) }
        }
        return best.map { Counterfactual(permitID: $0.permit, changes: $0.state.changes) }
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
    /// Changes that are of no use: each had to be taken back when it was made.
    var banned: Set<Change> = []
    /// An earlier change that a later one took back.
    var undone: Change?

    init(world: World) {
        self.world = world
    }

    var cost: Int { changes.reduce(0) { $0 + $1.cost } }

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

    /// The cheapest of several ways.
    static func cheapest(_ ways: [ChangeSearch?]) -> ChangeSearch? {
        ways.compactMap { $0 }.min { $0.cost < $1.cost }
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
