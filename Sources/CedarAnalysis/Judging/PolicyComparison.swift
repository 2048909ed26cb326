// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// What becomes allowed and what becomes denied when one policy set takes the place of another.
///
/// Each difference comes with a request and entities of which Cedar's own authorizer said so. No
/// difference is excluded but by a search through all cases.
public struct PolicyComparison: Sendable {
    /// The way a decision changes.
    public enum Change: String, CaseIterable, Sendable {
        /// What was denied becomes allowed.
        case allowed
        /// What was allowed becomes denied.
        case denied
    }

    /// A kind of request of which a decision changes, with a request of which it does.
    public struct Case: Sendable {
        /// The kind of request.
        public let types: RequestTypes
        /// The request, and the entities it is decided on.
        public let example: Example
        /// What the old set decides of it.
        public let before: Response
        /// What the new set decides of it.
        public let after: Response
    }

    /// A change of decisions that one policy brings.
    public struct Difference: Sendable {
        /// The way decisions change.
        public let change: Change
        /// The policy that does it; of the old set if it is gone, or of the new one.
        public let policyID: PolicyID
        /// Whether the policy is one of the new set.
        public let isNew: Bool
        /// One case for each kind of request that the policy changes; never empty.
        public fileprivate(set) var cases: [Case]
    }

    /// A kind of request that could not be gone through.
    public struct Undecided: Hashable, Sendable {
        /// The way decisions may change.
        public let change: Change
        /// The kind of request.
        public let types: RequestTypes
        /// Why.
        public let reason: UndecidedReason
    }

    /// The differences found.
    public private(set) var differences: [Difference] = []
    /// What stayed open.
    public private(set) var undecided: [Undecided] = []
    /// How many kinds of requests there are: an action, and the types of principal and resource.
    public let requestKindCount: Int
    private let old: PolicySet
    private let new: PolicySet
    private let examiner: Examiner

    /// Whether both sets decide every request alike, which was shown for all.
    public var isEqual: Bool { differences.isEmpty && undecided.isEmpty }

    /// Compares two sets that are valid under one schema.
    ///
    /// - Parameters:
    ///   - old: The policies that were; they must be valid in strict mode.
    ///   - new: The policies that come; they must be valid in strict mode.
    ///   - schema: The schema.
    ///   - stepMax: How many steps one search may take.
    public init(
        _ old: PolicySet, _ new: PolicySet, _ schema: Schema, stepMax: Int = 20_000
    ) {
        (self.old, self.new) = (old, new)
        examiner = Examiner(schema: schema, stepMax: stepMax)
        let kinds = schema.requestTypes
        requestKindCount = kinds.count
        for types in kinds {
            let before = Side(old.statements(types, schema))
            let after = Side(new.statements(types, schema))
            compare(before, after, .denied, types)
            compare(after, before, .allowed, types)
        }
    }

    /// The statements of one set about one kind of request.
    private struct Side {
        let permits: [PolicyStatement]
        let forbids: [PolicyStatement]

        init(_ statements: [PolicyStatement]) {
            permits = statements.filter { $0.policy.effect == .permit && !$0.isFalse }
            forbids = statements.filter { $0.policy.effect == .forbid && !$0.isFalse }
        }

        var allows: [Formula] {
            [.or(permits.map(\.formula))] + forbids.map(\.formula.negation)
        }
    }

    /// Looks for requests that the first side allows and the second denies.
    private mutating func compare(
        _ allowing: Side, _ denying: Side, _ change: Change, _ types: RequestTypes
    ) {
        // A policy that both sides have cannot be what tells them apart.
        let known = Set(allowing.forbids.map(\.text))
        for forbid in denying.forbids where !known.contains(forbid.text) {
            let formula = Formula.and(allowing.allows + [forbid.formula])
            search(formula, change, types, by: forbid.policy, isNew: change == .denied)
        }
        let kept = Set(denying.permits.map(\.text))
        for permit in allowing.permits where !kept.contains(permit.text) {
            let formula = Formula.and(
                [permit.formula] + allowing.forbids.map(\.formula.negation)
                    + denying.permits.map(\.formula.negation))
            search(formula, change, types, by: permit.policy, isNew: change == .allowed)
        }
    }

    private mutating func search(
        _ formula: Formula, _ change: Change, _ types: RequestTypes, by policy: Policy, isNew: Bool
    ) {
        let (before, after) = (Authorizer(old), Authorizer(new))
        let wanted: (Decision, Decision) = change == .denied ? (.allow, .deny) : (.deny, .allow)
        let result = examiner.search(formula, types) { example in
            before.isAuthorized(example.request, example.entities).decision == wanted.0
                && after.isAuthorized(example.request, example.entities).decision == wanted.1
        }
        switch result {
        case .none: return
        case .undecided(let reason):
            let open = Undecided(change: change, types: types, reason: reason)
            if !undecided.contains(open) { undecided.append(open) }
        case .example(let example):
            let found = Case(
                types: types, example: example,
                before: before.isAuthorized(example.request, example.entities),
                after: after.isAuthorized(example.request, example.entities))
            if let known = differences.firstIndex(where: {
                $0.change == change && $0.isNew == isNew && $0.policyID.hasSameBytes(as: policy.id)
            }) {
                differences[known].cases.append(found)
            } else {
                differences.append(
                    Difference(
                        change: change, policyID: policy.id, isNew: isNew, cases: [found]))
            }
        }
    }
}
