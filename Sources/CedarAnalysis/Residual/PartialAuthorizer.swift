// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// Decides as much of a request as is known, and says what is left to decide.
///
/// For every request and store that agree with what is known, and conform to the schema if one is
/// given, the policies that are left give the decision, the determining policies and the failing
/// policies of the whole set: Cedar's type-aware partial evaluation (RFC 95).
public struct PartialAuthorizer: Sendable {
    /// The policies.
    public let policySet: PolicySet
    /// The schema, if requests and entities conform to one.
    public let schema: Schema?

    /// Makes an authorizer.
    public init(_ policySet: PolicySet, schema: Schema? = nil) {
        (self.policySet, self.schema) = (policySet, schema)
    }

    /// Evaluates every policy as far as it goes.
    public func authorize(
        _ request: PartialRequest, _ entities: PartialEntities
    ) -> PartialResponse {
        let evaluator = PartialEvaluator(
            request: request, entities: entities, types: TypeSetting(schema, request))
        return PartialResponse(entries: policySet.policies.map(evaluator.reduce))
    }
}

/// What is known of a decision, and the policies that decide the rest.
public struct PartialResponse: Sendable {
    /// What became of a policy.
    public enum Outcome: Sendable {
        /// It holds.
        case satisfied
        /// It does not hold.
        case notSatisfied
        /// It cannot be evaluated.
        case failed(EvaluationError)
        /// What is unknown decides.
        case residual
    }

    /// One policy of the set.
    public struct Entry: Sendable {
        /// What became of it.
        public let outcome: Outcome
        /// What is left of it.
        public let policy: Policy

        var isResidual: Bool {
            if case .residual = outcome { return true }
            return false
        }

        var isSatisfied: Bool {
            if case .satisfied = outcome { return true }
            return false
        }
    }

    /// The policies in the order of the set.
    public let entries: [Entry]

    /// The decision, if nothing that is unknown can change it.
    public var decision: Decision? {
        if holds(.forbid) { return .deny }
        let mayForbid = entries.contains { $0.isResidual && $0.policy.effect == .forbid }
        if holds(.permit) { return mayForbid ? nil : .allow }
        return entries.contains { $0.isResidual && $0.policy.effect == .permit } ? nil : .deny
    }

    private func holds(_ effect: Effect) -> Bool {
        entries.contains { $0.isSatisfied && $0.policy.effect == effect }
    }

    /// The policies that are left: they decide every request that agrees with what is known as
    /// the whole set does.
    public var residualSet: PolicySet {
        let left = entries.filter {
            if case .notSatisfied = $0.outcome { return false }
            return true
        }
        return PolicySet(policies: left.map(\.policy), templates: [])
    }

    /// The policies of an effect that hold whatever is unknown.
    public func satisfied(_ effect: Effect) -> [Policy] {
        entries.filter { $0.isSatisfied && $0.policy.effect == effect }.map(\.policy)
    }

    /// The policies of an effect that what is unknown decides.
    public func residuals(_ effect: Effect) -> [Policy] {
        entries.filter { $0.isResidual && $0.policy.effect == effect }.map(\.policy)
    }
}

extension PartialEvaluator {
    /// What is left of a policy.
    func reduce(_ policy: Policy) -> PartialResponse.Entry {
        var scope = policy.scope
        let tests = [
            holds(scope.principal, .principal, request.principal), holds(scope.action),
            holds(scope.resource, .resource, request.resource),
        ]
        if tests.contains(false) { return .init(outcome: .notSatisfied, policy: policy) }
        if tests[0] == true { scope.principal = .any }
        if tests[1] == true { scope.action = .any }
        if tests[2] == true { scope.resource = .any }
        let isScopeKnown = !tests.contains(nil)
        var kept: [Condition] = []
        loop: for condition in policy.conditions {
            let reduced = reduce(condition.expression)
            switch reduced {
            case .value(.bool(condition.isUnless)):
                let isCertain = kept.allSatisfy { types.isCertainlyBoolean($0.expression) }
                if isCertain { return .init(outcome: .notSatisfied, policy: policy) }
                kept.append(keep(condition, reduced.expression(of: condition.expression)))
                break loop
            case .value(.bool): continue
            case .residual(let left): kept.append(keep(condition, left))
            case .failure(let error) where isScopeKnown && kept.isEmpty:
                return .init(outcome: .failed(error), policy: policy)
            case .value where isScopeKnown && kept.isEmpty:
                if case .failure(let error) = reduceNot(condition) {
                    return .init(outcome: .failed(error), policy: policy)
                }
                fallthrough
            case .value, .failure:
                kept.append(keep(condition, condition.expression))
                break loop
            }
        }
        let left = policy.with(scope: scope, conditions: kept)
        let isDecided = isScopeKnown && kept.isEmpty
        return .init(outcome: isDecided ? .satisfied : .residual, policy: left)
    }

    /// A condition without truth value fails as its negation does.
    private func reduceNot(_ condition: Condition) -> Reduced {
        reduce(Expression(.not(condition.expression), condition.expression.span))
    }

    private func keep(_ condition: Condition, _ expression: Expression) -> Condition {
        Policy.condition(expression, isUnless: condition.isUnless)
    }

    private func holds(
        _ constraint: ScopeConstraint, _ variable: Variable, _ party: PartialEntityUID
    ) -> Bool? {
        switch constraint {
        case .any: return true
        case .equal(.uid(let other)):
            if let uid = party.uid { return uid == other }
            return party.type.map { $0.hasSameBytes(as: other.type) } == false ? false : nil
        case .in(.uid(let ancestor)): return isIn(party, ancestor)
        case .isType(let type): return party.type.map { $0.hasSameBytes(as: type) }
        case .isTypeIn(let type, .uid(let ancestor)):
            guard let isOfType = party.type.map({ $0.hasSameBytes(as: type) }) else { return nil }
            return isOfType ? isIn(party, ancestor) : false
        case .equal(.slot), .in(.slot), .isTypeIn(_, .slot): return false
        }
    }

    private func isIn(_ party: PartialEntityUID, _ ancestor: EntityUID) -> Bool? {
        if let uid = party.uid { return isIn(uid, ancestor) }
        guard let type = party.type, let schema = types.schema,
            schema.entityTypes[type] != nil
        else { return nil }
        return schema.mayBeIn(type, ancestor.type) ? nil : false
    }

    private func holds(_ constraint: ActionConstraint) -> Bool? {
        guard let action = request.action.uid else { return constraint == .any ? true : nil }
        switch constraint {
        case .any: return true
        case .equal(let uid): return action == uid
        case .in(let uid): return isIn(action, uid)
        case .inAny(let uids):
            let answers = uids.map { isIn(action, $0) }
            if answers.contains(true) { return true }
            return answers.contains(nil) ? nil : false
        }
    }
}
