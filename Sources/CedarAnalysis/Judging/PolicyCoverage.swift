// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// Which policies, and which of their conditions, ever made a difference over some requests.
///
/// A policy is *decisive* of a request if the decision would be the other one, had the policy held
/// where it did not, or not held where it did. A condition is decisive, true or false, if that would
/// be so had the condition alone had the other truth value: the measure of modified
/// condition/decision coverage (RTCA DO-178C, MC/DC) taken on the decision of the whole set.
public struct PolicyCoverage: Sendable {
    /// A part of a policy's clauses that is true or false, and what the requests showed of it.
    public struct Condition: Sendable {
        /// Its place in the policy's text.
        public let span: SourceSpan
        /// Whether it was ever true.
        public fileprivate(set) var wasTrue = false
        /// Whether it was ever false.
        public fileprivate(set) var wasFalse = false
        /// Whether being true ever decided.
        public fileprivate(set) var decidedTrue = false
        /// Whether being false ever decided.
        public fileprivate(set) var decidedFalse = false

        /// Whether each of its truth values decided some request.
        public var isCovered: Bool { decidedTrue && decidedFalse }
    }

    /// One policy, and what the requests showed of it.
    public struct Line: Sendable {
        /// The policy.
        public let policy: Policy
        /// Whether it ever held.
        public fileprivate(set) var held = false
        /// Whether it ever held and determined the decision, perhaps with others.
        public fileprivate(set) var determined = false
        /// Whether it ever decided alone, by holding.
        public fileprivate(set) var decidedByHolding = false
        /// Whether it ever decided alone, by not holding.
        public fileprivate(set) var decidedByFailing = false
        /// Whether it ever could not be evaluated.
        public fileprivate(set) var failed = false
        /// Its conditions, in order.
        public fileprivate(set) var conditions: [Condition]
    }

    /// The policies in the order of the set.
    public private(set) var lines: [Line]
    /// How many requests were looked at.
    public private(set) var requestCount = 0
    private let parts: [ConditionParts]
    private let flips: [[Policy]]

    /// Prepares the measure for a set.
    public init(_ policySet: PolicySet) {
        let parts = policySet.policies.map { ConditionParts($0) }
        self.parts = parts
        flips = parts.map(\.flipped)
        lines = zip(policySet.policies, parts).map { policy, parts in
            Line(policy: policy, conditions: parts.spans.map { Condition(span: $0) })
        }
    }

    /// What became of a policy.
    private enum Outcome {
        case holds, fails, error
    }

    /// Notes what one request shows.
    public mutating func add(_ request: Request, _ entities: Entities) {
        requestCount += 1
        let evaluator = Evaluator(request: request, entities: entities)
        let outcomes = lines.map { Self.outcome($0.policy, evaluator) }
        func count(_ effect: Effect) -> Int {
            lines.indices.count { lines[$0].policy.effect == effect && outcomes[$0] == .holds }
        }
        let (permits, forbids) = (count(.permit), count(.forbid))
        let isAllowed = permits > 0 && forbids == 0
        for place in lines.indices {
            let holds = outcomes[place] == .holds
            let effect = lines[place].policy.effect
            let determines = holds && (effect == .forbid || isAllowed)
            let step = holds ? -1 : 1
            let otherwise =
                effect == .permit
                ? permits + step > 0 && forbids == 0 : permits > 0 && forbids + step == 0
            let isDecisive = otherwise != isAllowed
            lines[place].held = lines[place].held || holds
            lines[place].determined = lines[place].determined || determines
            lines[place].failed = lines[place].failed || outcomes[place] == .error
            if isDecisive, outcomes[place] != .error {
                if holds { lines[place].decidedByHolding = true }
                if !holds { lines[place].decidedByFailing = true }
            }
            addConditions(place, outcomes[place], isDecisive, evaluator)
        }
    }

    private mutating func addConditions(
        _ place: Int, _ outcome: Outcome, _ isDecisive: Bool, _ evaluator: Evaluator
    ) {
        guard evaluator.holdsScope(of: lines[place].policy) else { return }
        for (number, value) in parts[place].values(evaluator).enumerated() {
            guard let value else { continue }
            let changes = Self.outcome(flips[place][number], evaluator) == .holds
            let decides = isDecisive && changes != (outcome == .holds)
            if value {
                lines[place].conditions[number].wasTrue = true
                if decides { lines[place].conditions[number].decidedTrue = true }
            } else {
                lines[place].conditions[number].wasFalse = true
                if decides { lines[place].conditions[number].decidedFalse = true }
            }
        }
    }

    private static func outcome(_ policy: Policy, _ evaluator: Evaluator) -> Outcome {
        do throws(EvaluationError) {
            return try evaluator.isSatisfied(policy) ? .holds : .fails
        } catch {
            return .error
        }
    }
}

/// The conditions of a policy: what its clauses join with `&&`, `||`, `!` and `if`.
private struct ConditionParts: Sendable {
    let policy: Policy
    private let leaves: [Expression]

    init(_ policy: Policy) {
        self.policy = policy
        var leaves: [Expression] = []
        for condition in policy.conditions { Self.collect(condition.expression, &leaves) }
        self.leaves = leaves
    }

    var spans: [SourceSpan] { leaves.map(\.span) }

    /// The truth value of each condition; nil for one that fails or has none.
    func values(_ evaluator: Evaluator) -> [Bool?] {
        leaves.map { leaf in
            do throws(EvaluationError) {
                guard case .bool(let value) = try evaluator.evaluate(leaf) else { return nil }
                return value
            } catch {
                return nil
            }
        }
    }

    /// The policy with one condition turned into its opposite, for each of them.
    var flipped: [Policy] {
        leaves.indices.map { target in
            var number = 0
            let conditions = policy.conditions.map { condition in
                Policy.condition(
                    Self.flip(condition.expression, target, &number), isUnless: condition.isUnless)
            }
            return policy.with(scope: policy.scope, conditions: conditions)
        }
    }

    private static func collect(_ expression: Expression, _ leaves: inout [Expression]) {
        switch expression.kind {
        case .not, .and, .or, .conditional:
            for child in expression.kind.children { collect(child, &leaves) }
        case .literal: return
        default: leaves.append(expression)
        }
    }

    /// The expression with its condition of that number turned into its opposite.
    private static func flip(
        _ expression: Expression, _ target: Int, _ number: inout Int
    ) -> Expression {
        switch expression.kind {
        case .not, .and, .or, .conditional:
            var children: [Expression] = []
            for child in expression.kind.children { children.append(flip(child, target, &number)) }
            return Expression(expression.kind.with(children: children), expression.span)
        case .literal: return expression
        default:
            defer { number += 1 }
            return number == target
                ? Expression(.not(expression), expression.span) : expression
        }
    }
}
