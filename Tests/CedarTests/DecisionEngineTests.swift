// SPDX-License-Identifier: Apache-2.0

import Cedar
import Testing

@Suite("Decision engine")
struct DecisionEngineTests {
    @Test("the compiled form and the reference agree, on what it covers and what it does not")
    func agrees() throws {
        let policies = try PolicySet(
            parsing: """
                permit(principal == User::"alice", action, resource);
                permit(principal in Team::"top", action in [Action::"view"], resource)
                when { principal.level > 1 && context.n == 3 };
                forbid(principal, action, resource is Photo) when { context.r.x && context.n > 9 };
                forbid(principal, action, resource) when { principal.nothing };
                permit(principal is User in Team::"a", action, resource)
                unless { [context.n, 4].contains(principal.level) };
                permit(principal, action, resource == Photo::"1")
                when { principal.getTag("t") like "v*" || context.unknown == "x" };
                permit(principal, action == Action::"edit", resource);
                permit(principal, action, resource) when { context has r.x && context.r == {x: true} };
                permit(principal, action, resource)
                when { principal in [Team::"top", resource] || [resource, User::"bob"].contains(principal) };
                forbid(principal, action, resource)
                when { principal.hasTag("zz") || resource is Photo && resource has size };
                forbid(principal, action in Action::"other", resource)
                when { principal in resource || action == resource };
                """)
        let engine = DecisionEngine(policies, AuthorizerTests.entities)
        let authorizer = Authorizer(policies)
        var outcome = DecisionEngine.Outcome()
        for principal in ["alice", "bob"] {
            for action in ["view", "edit", "other"] {
                for type in ["Photo", "Team"] {
                    var request = AuthorizerTests.request
                    request.principal = EntityUID(type: "User", id: principal)
                    request.action = EntityUID(type: "Action", id: action)
                    request.resource = EntityUID(type: type, id: type == "Team" ? "a" : "1")
                    let expected = authorizer.isAuthorized(request, AuthorizerTests.entities)
                    engine.decide(request, into: &outcome)
                    #expect(outcome.decision == expected.decision)
                    let ids = policies.policies.map(\.id)
                    #expect(outcome.determining.map { ids[$0] } == expected.determiningPolicies)
                    #expect(outcome.failed.map { ids[$0] } == expected.errors.map(\.policyID))
                }
            }
        }
    }

    @Test(
        "calls and patterns inside others",
        arguments: [
            "context.t.durationSince(datetime(\"2020-01-01\")).toDays() == 366",
            "context.t.offset(context.t.toTime()).toDate() == datetime(\"2021-01-01\")",
            "(if context.s like \"a*\" then context.s else \"b\") like \"*c\"",
        ])
    func nested(condition: String) throws {
        let policies = try PolicySet(
            parsing: "permit(principal, action, resource) when { \(condition) };")
        var request = AuthorizerTests.request
        // The first instant of 2021.
        request.context = Record([("t", .datetime(1_609_459_200_000)), ("s", .string("abc"))])
        let expected = Authorizer(policies).isAuthorized(request, .empty)
        #expect(expected.decision == .allow)
        var outcome = DecisionEngine.Outcome()
        DecisionEngine(policies, .empty).decide(request, into: &outcome)
        #expect(outcome.decision == .allow)
    }
}
