// SPDX-License-Identifier: Apache-2.0

/// Decides requests by policies that were compiled once for a set of entities.
///
/// It gives the same answers as ``Authorizer``, to which it turns for what its compiled form
/// does not cover. Policies are looked up by action, principal and resource, so that those
/// which cannot apply cost nothing.
public struct DecisionEngine: Sendable {
    /// The policies.
    public let policySet: PolicySet
    private let entities: Entities
    private let machine: CompiledMachine
    private let policies: [CompiledPolicy]
    /// For each entity the number of its bucket, if policies name it as an action; 0 for the others.
    private let bucketNumbers: [Int32]
    /// The first is for the policies that name no action.
    private let buckets: [PolicyBucket]

    /// What a decision gave; one value is used again and again, so that nothing is allocated.
    public struct Outcome: Sendable {
        /// The decision.
        public internal(set) var decision = Decision.deny
        /// The positions in the set of the policies that caused it, in order.
        public internal(set) var determining: [Int] = []
        /// The positions of the policies that could not be evaluated.
        public internal(set) var failed: [Int] = []
        var candidates: [Int] = []
        var permits: [Int] = []
        var forbids: [Int] = []
        var frame = CompiledMachine.Frame()

        /// An empty outcome.
        public init() {}
    }

    /// Compiles policies for entities.
    public init(_ policySet: PolicySet, _ entities: Entities) {
        self.policySet = policySet
        self.entities = entities
        var compiler = PolicyCompiler(EntityStore(entities))
        policies = policySet.policies.map { compiler.compile($0) }
        var actions = ActionIndex(policySet, entities, &compiler.store)
        actions.add(policySet.policies, &compiler.store)
        machine = compiler.machine
        var buckets = [PolicyBucket(actions.anyAction, policies)]
        var numbers = Array(repeating: Int32(0), count: machine.store.rows.count)
        for (action, indices) in actions.byAction where !indices.isEmpty {
            numbers[action] = Int32(buckets.count)
            buckets.append(PolicyBucket(indices, policies))
        }
        self.buckets = buckets
        bucketNumbers = numbers
    }

    /// Decides one request.
    ///
    /// - Complexity: O(policies whose scope names the action, and the principal or resource, one
    ///   of their ancestors, their types, or neither).
    public func decide(_ request: Request, into outcome: inout Outcome) {
        outcome.permits.removeAll(keepingCapacity: true)
        outcome.forbids.removeAll(keepingCapacity: true)
        outcome.failed.removeAll(keepingCapacity: true)
        outcome.candidates.removeAll(keepingCapacity: true)
        let principal = Party(request.principal, machine.store)
        let resource = Party(request.resource, machine.store)
        let action = Party(request.action, machine.store)
        buckets[0].collect(principal, resource, machine.store, into: &outcome.candidates)
        let bucket = action.uid < 0 ? 0 : Int(bucketNumbers[action.uid])
        if bucket > 0 {
            buckets[bucket].collect(principal, resource, machine.store, into: &outcome.candidates)
        }
        outcome.frame.begin(request, machine.contextNames.count)
        outcome.frame.principal = principal.slot(request.principal, &outcome.frame)
        outcome.frame.action = action.slot(request.action, &outcome.frame)
        outcome.frame.resource = resource.slot(request.resource, &outcome.frame)
        for position in outcome.candidates.indices {
            evaluate(outcome.candidates[position], principal, resource, request, &outcome)
        }
        conclude(&outcome)
    }

    private func evaluate(
        _ index: Int, _ principal: Party, _ resource: Party, _ request: Request,
        _ outcome: inout Outcome
    ) {
        let policy = policies[index]
        guard holds(policy.principal, principal), holds(policy.resource, resource) else { return }
        let value = policy.root < 0 ? .yes : machine.run(policy.root, &outcome.frame)
        switch value.tag {
        case .bool where value.bits == 1: note(index, policy.isForbid, &outcome)
        case .bool: return
        case .unknown: evaluateByReference(index, request, &outcome)
        default: outcome.failed.append(index)
        }
    }

    private func holds(_ scope: CompiledScope, _ party: Party) -> Bool {
        if scope.equal >= 0 { return scope.equal == party.uid }
        if scope.type >= 0, party.type != scope.type { return false }
        if scope.ancestor < 0 { return true }
        return party.uid >= 0 && machine.store.isIn(party.uid, scope.ancestor)
    }

    private func note(_ index: Int, _ isForbid: Bool, _ outcome: inout Outcome) {
        if isForbid { outcome.forbids.append(index) } else { outcome.permits.append(index) }
    }

    private func evaluateByReference(
        _ index: Int, _ request: Request, _ outcome: inout Outcome
    ) {
        let evaluator = Evaluator(request: request, entities: entities)
        do throws(EvaluationError) {
            if try evaluator.isSatisfied(policySet.policies[index]) {
                note(index, policies[index].isForbid, &outcome)
            }
        } catch {
            outcome.failed.append(index)
        }
    }

    private func conclude(_ outcome: inout Outcome) {
        let isAllowed = outcome.forbids.isEmpty && !outcome.permits.isEmpty
        outcome.decision = isAllowed ? .allow : .deny
        if outcome.forbids.isEmpty {
            swap(&outcome.determining, &outcome.permits)
        } else {
            swap(&outcome.determining, &outcome.forbids)
        }
        if outcome.determining.count > 1 { outcome.determining.sort() }
        if outcome.failed.count > 1 { outcome.failed.sort() }
    }
}

/// The principal, the action or the resource of a request.
///
/// One that neither the entities nor the policies name has no number; it still has a type.
struct Party {
    let uid: Int
    let type: Int

    init(_ entity: EntityUID, _ store: EntityStore) {
        if let known = store.index(of: entity) {
            uid = known
            type = Int(store.rows[known].type)
        } else {
            uid = -1
            type = store.index(of: entity.type) ?? -1
        }
    }

    func slot(_ entity: EntityUID, _ frame: inout CompiledMachine.Frame) -> Slot {
        uid < 0 ? frame.foreign(.entity(entity)) : Slot(.entity, uid)
    }
}
