// SPDX-License-Identifier: Apache-2.0

/// Why one policy took the part it took in a decision.
public struct PolicyExplanation: Sendable {
    /// What became of the policy.
    public enum Outcome: Hashable, Sendable {
        /// Its scope and all its conditions held.
        case satisfied
        /// Something did not hold; `clauses` says what.
        case notSatisfied
        /// It could not be evaluated.
        case failed(EvaluationError)
    }

    /// A part of the policy that decided, and the values it saw.
    public struct Clause: Hashable, Sendable {
        /// The text of the part, as written.
        public let text: String
        /// Its place in the policy's file.
        public let span: SourceSpan
        /// Whether it held, as the policy asks: a part of an `unless` holds by being false.
        public let holds: Bool
        /// Whether the part itself is true; nil if it has no value.
        public let value: Bool?
        /// The attributes and variables in it, with their values.
        public let observations: [Observation]
    }

    /// A value that a clause saw.
    public struct Observation: Hashable, Sendable {
        /// The text of the sub-expression.
        public let text: String
        /// Its value; nil if it has none, as for an attribute that is not there.
        public let value: Value?
    }

    /// The policy.
    public let policyID: PolicyID
    /// Whether it permits or forbids.
    public let effect: Effect
    /// What became of it.
    public let outcome: Outcome
    /// For a satisfied policy, the parts that made it so; else the first part that did not hold.
    public let clauses: [Clause]
    /// How many parts held before the one that did not: the larger, the nearer the policy was.
    public let heldCount: Int
}

extension Authorizer {
    /// Explains a decision.
    ///
    /// The result holds every policy that determined it and every one that failed. For a denial
    /// that no policy caused, it holds each permit with the first part that did not hold, the
    /// nearest permit first: in the order of ``changes(_:_:)``, then those that no change was found
    /// for, the one of which most held first.
    public func explain(_ request: Request, _ entities: Entities) -> [PolicyExplanation] {
        let response = isAuthorized(request, entities)
        let explainer = Explainer(evaluator: Evaluator(request: request, entities: entities))
        let failed = Set(response.errors.map { Text($0.policyID) })
        let determining = Set(response.determiningPolicies.map(Text.init))
        let lacksPermit = response.decision == .deny && determining.isEmpty
        var explanations: [PolicyExplanation] = []
        for policy in policySet.policies {
            let id = Text(policy.id)
            let isNear = lacksPermit && policy.effect == .permit
            if determining.contains(id) || failed.contains(id) || isNear {
                explanations.append(explainer.explain(policy))
            }
        }
        guard lacksPermit else { return explanations }
        var ranks: [Text: Int] = [:]
        for (rank, change) in changes(request, entities).enumerated() {
            ranks[Text(change.permitID)] = rank
        }
        let keys = explanations.map { part in
            (ranks[Text(part.policyID)] ?? ranks.count, -part.heldCount)
        }
        let order = explanations.indices.sorted {
            (keys[$0].0, keys[$0].1, $0) < (keys[$1].0, keys[$1].1, $1)
        }
        return order.map { explanations[$0] }
    }
}

/// Walks through a policy as the evaluator does, and keeps what decided.
struct Explainer {
    let evaluator: Evaluator

    func explain(_ policy: Policy) -> PolicyExplanation {
        var held: [PolicyExplanation.Clause] = []
        for part in scopeParts(policy) {
            let clause = part.clause
            if !clause.holds { return result(policy, .notSatisfied, [clause], held.count) }
            if !part.isTrivial { held.append(clause) }
        }
        for condition in policy.conditions {
            do throws(EvaluationError) {
                let value = try evaluator.bool(condition.expression)
                let (deciding, count) = try decide(condition.expression, value)
                let clauses = deciding.map { clause($0, !condition.isUnless == value, policy) }
                if value == condition.isUnless {
                    return result(policy, .notSatisfied, clauses, held.count + count)
                }
                held += clauses
            } catch {
                let clause = PolicyExplanation.Clause(
                    text: policy.text(at: error.span), span: error.span, holds: false,
                    value: nil, observations: [])
                return result(policy, .failed(error), [clause], held.count)
            }
        }
        return result(policy, .satisfied, held, held.count)
    }

    private func result(
        _ policy: Policy, _ outcome: PolicyExplanation.Outcome,
        _ clauses: [PolicyExplanation.Clause], _ heldCount: Int
    ) -> PolicyExplanation {
        PolicyExplanation(
            policyID: policy.id, effect: policy.effect, outcome: outcome, clauses: clauses,
            heldCount: heldCount)
    }

    private func scopeParts(
        _ policy: Policy
    ) -> [(clause: PolicyExplanation.Clause, isTrivial: Bool)] {
        let scope = policy.scope
        let request = evaluator.request
        let parts = [
            (
                evaluator.holds(scope.principal, for: request.principal), "principal",
                request.principal, scope.principal == .any
            ),
            (evaluator.holds(scope.action), "action", request.action, scope.action == .any),
            (
                evaluator.holds(scope.resource, for: request.resource), "resource",
                request.resource, scope.resource == .any
            ),
        ]
        return zip(parts, scope.spans).map { part, span in
            let observation = PolicyExplanation.Observation(
                text: part.1, value: .entity(part.2))
            let clause = PolicyExplanation.Clause(
                text: policy.text(at: span), span: span, holds: part.0, value: part.0,
                observations: [observation])
            return (clause, part.3)
        }
    }

    private func clause(
        _ expression: Expression, _ holds: Bool, _ policy: Policy
    ) -> PolicyExplanation.Clause {
        var observations: [PolicyExplanation.Observation] = []
        observe(expression, policy, &observations)
        return PolicyExplanation.Clause(
            text: policy.text(at: expression.span), span: expression.span, holds: holds,
            value: try? evaluator.bool(expression), observations: observations)
    }

    /// The smallest parts that made the expression true or false, and how many held before.
    private func decide(
        _ expression: Expression, _ value: Bool
    ) throws(EvaluationError) -> ([Expression], Int) {
        switch expression.kind {
        case .not(let inner): return try decide(inner, !value)
        case .and(let parts): return try decide(parts, expression, value, all: true)
        case .or(let parts): return try decide(parts, expression, value, all: false)
        case .conditional(let test, let yes, let no):
            let chosen = try evaluator.bool(test) ? yes : no
            guard chosen.kind.children.isEmpty else { return try decide(chosen, value) }
            return ([test], 0)
        default: return ([expression], 0)
        }
    }

    private func decide(
        _ parts: [Expression], _ whole: Expression, _ value: Bool, all: Bool
    ) throws(EvaluationError) -> ([Expression], Int) {
        if value != all {
            for (index, part) in parts.enumerated() where try evaluator.bool(part) == value {
                let (deciding, count) = try decide(part, value)
                return (deciding, (all ? index : 0) + count)
            }
        }
        var deciding: [Expression] = []
        for part in parts { deciding += try decide(part, value).0 }
        return (deciding, 0)
    }

    /// Notes the variables, attributes and tags of an expression, the longest paths only.
    private func observe(
        _ expression: Expression, _ policy: Policy,
        _ observations: inout [PolicyExplanation.Observation]
    ) {
        switch expression.kind {
        case .variable(.context): return
        case .variable, .attribute, .binary(.getTag, _, _):
            let text = policy.text(at: expression.span)
            guard !observations.contains(where: { $0.text.hasSameBytes(as: text) }) else { return }
            // An attribute that is not there has no value to show; that is the observation.
            let value = try? evaluator.evaluate(expression)
            observations.append(PolicyExplanation.Observation(text: text, value: value))
        default:
            for child in expression.kind.children { observe(child, policy, &observations) }
        }
    }
}
