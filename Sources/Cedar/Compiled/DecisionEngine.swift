// SPDX-License-Identifier: Apache-2.0

/// Decides requests by policies that were compiled once for a set of entities.
///
/// It gives the same answers as ``Authorizer``, to which it turns for what its compiled form
/// does not cover. Policies are looked up by action, principal and resource, so that those
/// which cannot apply cost nothing.
///
/// A class, so that a decision copies nothing; it never changes.
public final class DecisionEngine: Sendable {
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
        public var determining: ArraySlice<Int> { (isForbidden ? forbids : permits).positions }
        /// The positions of the policies that could not be evaluated, in order.
        public var failed: ArraySlice<Int> { failures.positions }
        var isForbidden: Bool { forbids.count > 0 }
        var candidates = PolicyList()
        var permits = PolicyList()
        var forbids = PolicyList()
        var failures = PolicyList()
        var frame = CompiledMachine.Frame()

        /// An empty outcome.
        public init() {}

        /// Empties what the decision before left, and keeps the room.
        mutating func clear() {
            candidates.count = 0
            permits.count = 0
            forbids.count = 0
            failures.count = 0
        }
    }

    /// Compiles policies for entities.
    public init(_ policySet: PolicySet, _ entities: Entities) {
        self.policySet = policySet
        self.entities = entities
        var compiler = PolicyCompiler(EntityStore(entities))
        policies = policySet.policies.map { compiler.compile($0) }
        var actions = ActionIndex(policySet, entities, &compiler.store)
        actions.add(policySet.policies, &compiler.store)
        machine = CompiledMachine(compiler)
        var buckets = [PolicyBucket(actions.anyAction, policies)]
        var numbers = Array(repeating: Int32(0), count: machine.rows.count)
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
        outcome.clear()
        outcome.frame.begin(machine)
        let principal = machine.party(request.principal, &outcome.frame.principalType)
        let action = machine.party(request.action, &outcome.frame.actionType)
        let resource = machine.party(request.resource, &outcome.frame.resourceType)
        outcome.frame.principal = principal.slot(request.principal, &outcome.frame)
        outcome.frame.action = action.slot(request.action, &outcome.frame)
        outcome.frame.resource = resource.slot(request.resource, &outcome.frame)
        outcome.frame.principalFields = principal.fields
        outcome.frame.resourceFields = resource.fields
        let bucket = action.uid < 0 ? 0 : Int(bucketNumbers[Int(action.uid)])
        evaluate(buckets[0], principal, resource, request, &outcome)
        if bucket > 0 { evaluate(buckets[bucket], principal, resource, request, &outcome) }
        for position in 0..<outcome.candidates.count {
            evaluate(outcome.candidates[position], principal, resource, request, &outcome)
        }
        conclude(&outcome)
    }

    private func evaluate(
        _ bucket: PolicyBucket, _ principal: Party, _ resource: Party, _ request: Request,
        _ outcome: inout Outcome
    ) {
        for index in bucket.others {
            evaluate(index, principal, resource, request, &outcome)
        }
        bucket.collect(principal, resource, machine, into: &outcome.candidates)
    }

    private func evaluate(
        _ index: Int, _ principal: Party, _ resource: Party, _ request: Request,
        _ outcome: inout Outcome
    ) {
        let policy = policies[index]
        guard holds(policy.principal, principal), holds(policy.resource, resource) else { return }
        let value = machine.decide(policy.root, request, &outcome.frame)
        switch value.tag {
        case .bool where value.bits == 1: note(index, policy.isForbid, &outcome)
        case .bool: return
        case .unknown: evaluateByReference(index, request, &outcome)
        default: outcome.failures.append(index)
        }
    }

    @inline(__always)
    private func holds(_ scope: CompiledScope, _ party: Party) -> Bool {
        if scope.equal >= 0 { return scope.equal == party.uid }
        if scope.type >= 0, party.type != scope.type { return false }
        if scope.ancestor < 0 { return true }
        return party.uid >= 0 && machine.isIn(Int(party.uid), Int(scope.ancestor))
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
            outcome.failures.append(index)
        }
    }

    private func conclude(_ outcome: inout Outcome) {
        let isAllowed = !outcome.isForbidden && outcome.permits.count > 0
        outcome.decision = isAllowed ? .allow : .deny
        if outcome.isForbidden { outcome.forbids.sort() } else { outcome.permits.sort() }
        outcome.failures.sort()
    }
}

/// Positions of policies in room that is used again and again.
struct PolicyList {
    private var room: [Int] = []
    var count = 0

    var positions: ArraySlice<Int> { room[..<count] }

    subscript(index: Int) -> Int { room[index] }

    @inline(__always)
    mutating func append(_ policy: Int) {
        if count < room.count { room[count] = policy } else { room.append(policy) }
        count += 1
    }

    /// Puts the positions in order, a short list without any room of its own.
    mutating func sort() {
        if count > 32 {
            room[..<count].sort()
            return
        }
        for end in stride(from: 1, to: count, by: 1) {
            var index = end
            while index > 0, room[index - 1] > room[index] {
                room.swapAt(index - 1, index)
                index -= 1
            }
        }
    }
}

/// The principal, the action or the resource of a request.
///
/// One that neither the entities nor the policies name has no number; it still has a type.
struct Party {
    let uid: Int32
    let type: Int32
    let fields: FieldRange

    func slot(_ entity: EntityUID, _ frame: inout CompiledMachine.Frame) -> Slot {
        uid < 0 ? frame.foreign(.entity(entity)) : Slot(.entity, Int(uid))
    }
}

/// The type of a principal, action or resource of the request before.
struct TypeMemo {
    var name = ""
    var number: Int32 = -1
}

extension CompiledMachine {
    fileprivate func party(_ entity: EntityUID, _ memo: inout TypeMemo) -> Party {
        if !entity.type.isIdentical(to: memo.name) {
            memo.name = entity.type
            memo.number = textIndex.number(of: entity.type).map { Int32($0) } ?? -1
        }
        guard memo.number >= 0, let known = entityIndex.number(of: entity.id, type: memo.number)
        else {
            return Party(uid: -1, type: memo.number, fields: .empty)
        }
        return Party(uid: Int32(known), type: memo.number, fields: rows[known].attributes)
    }
}
