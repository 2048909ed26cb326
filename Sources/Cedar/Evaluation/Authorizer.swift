// SPDX-License-Identifier: Apache-2.0

/// The answer to a request.
public enum Decision: String, CaseIterable, Sendable {
    /// A policy permits and none forbids.
    case allow
    /// A policy forbids, or none permits.
    case deny
}

/// A decision with its reasons.
public struct Response: Sendable {
    /// The decision.
    public let decision: Decision
    /// The policies that caused it: the satisfied forbids, else the satisfied permits.
    public let determiningPolicies: [PolicyID]
    /// The policies that could not be evaluated, and so took no part.
    public let errors: [(policyID: PolicyID, error: EvaluationError)]
}

/// Decides requests by a set of policies.
public struct Authorizer: Sendable {
    /// The policies.
    public let policySet: PolicySet

    /// Makes an authorizer.
    public init(_ policySet: PolicySet) {
        self.policySet = policySet
    }

    /// Decides one request.
    ///
    /// Every policy is evaluated, even after a forbid: the response names all that determined
    /// the decision and all that failed, and an auditor needs both.
    public func isAuthorized(_ request: Request, _ entities: Entities) -> Response {
        let evaluator = Evaluator(request: request, entities: entities)
        var permits: [PolicyID] = []
        var forbids: [PolicyID] = []
        var errors: [(policyID: PolicyID, error: EvaluationError)] = []
        for policy in policySet.policies {
            do throws(EvaluationError) {
                guard try evaluator.isSatisfied(policy) else { continue }
                if policy.effect == .permit {
                    permits.append(policy.id)
                } else {
                    forbids.append(policy.id)
                }
            } catch {
                errors.append((policy.id, error))
            }
        }
        let isAllowed = forbids.isEmpty && !permits.isEmpty
        return Response(
            decision: isAllowed ? .allow : .deny,
            determiningPolicies: forbids.isEmpty ? permits : forbids, errors: errors)
    }
}

extension Evaluator {
    /// Whether scope and conditions all hold.
    package func isSatisfied(_ policy: Policy) throws(EvaluationError) -> Bool {
        guard holds(policy.scope.principal, for: request.principal),
            holds(policy.scope.action), holds(policy.scope.resource, for: request.resource)
        else { return false }
        for condition in policy.conditions
        where try bool(condition.expression) == condition.isUnless {
            return false
        }
        return true
    }

    func holds(_ constraint: ScopeConstraint, for uid: EntityUID) -> Bool {
        switch constraint {
        case .any: true
        case .equal(.uid(let other)): uid == other
        case .in(.uid(let ancestor)): isIn(uid, ancestor)
        case .isType(let type): uid.type.hasSameBytes(as: type)
        case .isTypeIn(let type, .uid(let ancestor)):
            uid.type.hasSameBytes(as: type) && isIn(uid, ancestor)
        case .equal(.slot), .in(.slot), .isTypeIn(_, .slot): false
        }
    }

    func holds(_ constraint: ActionConstraint) -> Bool {
        switch constraint {
        case .any: true
        case .equal(let uid): request.action == uid
        case .in(let uid): isIn(request.action, uid)
        case .inAny(let uids): uids.contains { isIn(request.action, $0) }
        }
    }
}
