// SPDX-License-Identifier: Apache-2.0

/// Decides requests by policies that were compiled once for a set of entities.
///
/// It gives the same answers as ``Authorizer``, to which it turns for what its compiled form
/// does not cover. Policies are looked up by action, principal and resource, so that those
/// which cannot apply cost nothing.
public struct DecisionEngine {
    /// The policies.
    public let policySet: PolicySet
    private let entities: Entities
    private let machine: CompiledMachine
    private let policies: [CompiledPolicy]
    private let buckets: [Int: PolicyBucket]
    private let otherActions: PolicyBucket

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

        /// An empty outcome.
        public init() {}
    }

    /// Compiles policies for entities.
    public init(_ policySet: PolicySet, _ entities: Entities) {
        self.policySet = policySet
        self.entities = entities
        var compiler = PolicyCompiler(EntityStore(entities))
        policies = policySet.policies.map { compiler.compile($0) }
        var actions: [Int: [Int]] = [:]
        var anyAction: [Int] = []
        for (index, policy) in policySet.policies.enumerated() {
            if policy.scope.action == .any { anyAction.append(index) }
            for uid in policy.scope.action.actions { actions[compiler.store.intern(uid)] = [] }
        }
        for entity in entities.all where entity.uid.isAction {
            actions[compiler.store.intern(entity.uid)] = []
        }
        for (index, policy) in policySet.policies.enumerated() {
            for action in actions.keys
            where Self.admits(policy.scope.action, action, &compiler.store) {
                actions[action, default: []].append(index)
            }
        }
        machine = CompiledMachine(
            store: compiler.store, nodes: compiler.nodes, operands: compiler.operands,
            constants: compiler.constants, patterns: compiler.patterns,
            functions: compiler.functions)
        let compiled = policies
        buckets = actions.mapValues { PolicyBucket($0, compiled) }
        otherActions = PolicyBucket(anyAction, compiled)
    }

    private static func admits(
        _ constraint: ActionConstraint, _ action: Int, _ store: inout EntityStore
    ) -> Bool {
        switch constraint {
        case .any: return true
        case .equal(let uid): return store.intern(uid) == action
        case .in, .inAny:
            for uid in constraint.actions where store.isIn(action, store.intern(uid)) {
                return true
            }
            return false
        }
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
        let store = machine.store
        guard let action = store.index(of: request.action) else {
            outcome.candidates.append(contentsOf: policies.indices)
            decideByReference(request, &outcome)
            return conclude(&outcome)
        }
        let principal = Party(request.principal, store)
        let resource = Party(request.resource, store)
        let bucket = buckets[action] ?? otherActions
        bucket.collect(principal, resource, store, into: &outcome.candidates)
        let frame = CompiledMachine.Frame(
            principal: principal.slot, action: Slot(.entity, action), resource: resource.slot,
            context: request.context)
        for index in outcome.candidates {
            let policy = policies[index]
            guard holds(policy.principal, principal), holds(policy.resource, resource) else {
                continue
            }
            let value = policy.root < 0 ? .yes : machine.run(policy.root, frame)
            switch value.tag {
            case .bool where value.bits == 1: note(index, policy.isForbid, &outcome)
            case .bool: continue
            case .unknown: evaluateByReference(index, request, &outcome)
            default: outcome.failed.append(index)
            }
        }
        conclude(&outcome)
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

    private func decideByReference(_ request: Request, _ outcome: inout Outcome) {
        for index in outcome.candidates { evaluateByReference(index, request, &outcome) }
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

/// The principal or the resource of a request.
///
/// One that neither the entities nor the policies name has no number; it still has a type.
struct Party {
    let uid: Int
    let type: Int

    init(_ entity: EntityUID, _ store: EntityStore) {
        if let known = store.index(of: entity) {
            uid = known
            type = store.rows[known].type
        } else {
            uid = -1
            type = store.index(of: entity.type) ?? -1
        }
    }

    var slot: Slot { uid < 0 ? .unknown : Slot(.entity, uid) }
}

/// The policies that one action leaves, by the entity or type that their scope names.
struct PolicyBucket {
    private var byPrincipal: [Int: [Int]] = [:]
    private var byResource: [Int: [Int]] = [:]
    private var byPrincipalType: [Int: [Int]] = [:]
    private var byResourceType: [Int: [Int]] = [:]
    private var others: [Int] = []

    init(_ indices: [Int], _ policies: [CompiledPolicy]) {
        for index in indices {
            let (principal, resource) = (policies[index].principal, policies[index].resource)
            if let uid = [principal.equal, principal.ancestor].first(where: { $0 >= 0 }) {
                byPrincipal[uid, default: []].append(index)
            } else if let uid = [resource.equal, resource.ancestor].first(where: { $0 >= 0 }) {
                byResource[uid, default: []].append(index)
            } else if principal.type >= 0 {
                byPrincipalType[principal.type, default: []].append(index)
            } else if resource.type >= 0 {
                byResourceType[resource.type, default: []].append(index)
            } else {
                others.append(index)
            }
        }
    }

    func collect(
        _ principal: Party, _ resource: Party, _ store: EntityStore, into candidates: inout [Int]
    ) {
        candidates.append(contentsOf: others)
        Self.collect(byPrincipal, principal.uid, store, &candidates)
        Self.collect(byResource, resource.uid, store, &candidates)
        if !byPrincipalType.isEmpty, let list = byPrincipalType[principal.type] {
            candidates.append(contentsOf: list)
        }
        if !byResourceType.isEmpty, let list = byResourceType[resource.type] {
            candidates.append(contentsOf: list)
        }
    }

    private static func collect(
        _ table: [Int: [Int]], _ uid: Int, _ store: EntityStore, _ candidates: inout [Int]
    ) {
        guard uid >= 0, !table.isEmpty else { return }
        if let list = table[uid] { candidates.append(contentsOf: list) }
        let range = store.rows[uid].ancestors
        for index in range.start..<range.start + range.count where store.ancestors[index] != uid {
            if let list = table[store.ancestors[index]] { candidates.append(contentsOf: list) }
        }
    }
}
