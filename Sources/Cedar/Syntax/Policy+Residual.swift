// SPDX-License-Identifier: Apache-2.0

extension Policy {
    /// The same policy with another scope and other conditions: what partial evaluation leaves.
    package func with(scope: Scope, conditions: [Condition]) -> Policy {
        var policy = Policy(
            id: id, effect: effect, annotations: annotations, span: span, source: source,
            scope: scope, conditions: conditions)
        policy.link = link
        return policy
    }

    /// A condition that must hold, or must not.
    package static func condition(_ expression: Expression, isUnless: Bool) -> Condition {
        Condition(isUnless: isUnless, expression: expression)
    }
}

extension Evaluator {
    /// Whether the scope of a policy holds; a scope cannot fail.
    package func holdsScope(of policy: Policy) -> Bool {
        holds(policy.scope.principal, for: request.principal) && holds(policy.scope.action)
            && holds(policy.scope.resource, for: request.resource)
    }
}
