// SPDX-License-Identifier: Apache-2.0

import Cedar
import Testing

@Suite("Authorizer")
struct AuthorizerTests {
    static let alice = EntityUID(type: "User", id: "alice")
    static let request = Request(
        principal: alice, action: EntityUID(type: "Action", id: "view"),
        resource: EntityUID(type: "Photo", id: "1"),
        context: Record([("n", .int(3)), ("r", .record(Record([("x", .bool(true))])))]))
    static let entities = Entities([
        Entity(
            uid: alice, attributes: Record([("level", .int(2))]),
            tags: Record([("t", .string("v"))]),
            parents: [EntityUID(type: "Team", id: "a")]),
        Entity(
            uid: EntityUID(type: "Team", id: "a"), parents: [EntityUID(type: "Team", id: "top")]),
    ])

    static func respond(_ condition: String) throws -> Response {
        let policies = try PolicySet(
            parsing: "permit(principal, action, resource) when { \(condition) };")
        return Authorizer(policies).isAuthorized(request, entities)
    }

    @Test(
        "conditions that hold",
        arguments: [
            "principal in Team::\"top\"", "principal has level && principal.level == 2",
            "principal.getTag(\"t\") == \"v\"", "context has r.x && context.r.x",
            "resource.isEmpty() || true".replacing("resource.isEmpty() || ", with: ""),
            "[1, 2, 2].containsAll([2, 1])", "!([1].containsAny([2]))", "[].isEmpty()",
            "\"aXb\" like \"a\\u{2a}b\"", "\"aXb*\" like \"a*b\\*\"",
            "principal is User in Team::\"a\"",
            "-9223372036854775808 < -9223372036854775807",
            "ip(\"10.1.2.3\").isInRange(ip(\"10.0.0.0/8\"))",
            "!ip(\"127.0.0.1/4\").isLoopback()", "ip(\"1.2.3.4/32\") == ip(\"1.2.3.4\")",
            "decimal(\"-0.5\").lessThan(decimal(\"0.0\"))",
            "datetime(\"1969-12-31T23:00:00Z\").toDate() == datetime(\"1969-12-31\")",
            "datetime(\"1969-12-31T23:00:00Z\").toTime() == duration(\"23h\")",
            "duration(\"-9223372036854775808ms\") < duration(\"0ms\")",
            "\"\\u{e9}\" != \"e\\u{301}\"", "{\"\\u{e9}\": 1, \"e\\u{301}\": 2}[\"é\"] == 1",
            "if false then 1 == true else true", "User::\"nobody\".hasTag(\"x\") == false",
        ])
    func holds(condition: String) throws {
        let response = try Self.respond(condition)
        #expect(response.decision == .allow)
        #expect(response.determiningPolicies == ["policy0"])
    }

    @Test(
        "conditions that fail",
        arguments: [
            ("1", EvaluationError.Code.typeMismatch), ("1 + true == 1", .typeMismatch),
            ("9223372036854775807 + 1 == 1", .overflow),
            ("-(-9223372036854775808) == 1", .overflow),
            ("principal.nothing", .missingAttribute), ("resource.a", .missingEntity),
            ("principal.getTag(\"z\") == 1", .missingTag),
            ("ip(\"1\").isIpv4()", .extensionFailure),
            ("ip(\"::ffff:1.2.3.4\").isIpv6()", .extensionFailure),
            ("ip(\"1.2.3.4\", \"\").isIpv4()", .argumentCount),
            ("datetime(\"2024-02-30\") == 1", .extensionFailure),
            ("duration(\"1h1d\") == 1", .extensionFailure),
            ("decimal(\"1.00000\") == 1", .extensionFailure),
            ("principal in [1]", .typeMismatch), ("true && 1", .typeMismatch),
        ])
    func fails(condition: String, code: EvaluationError.Code) throws {
        let response = try Self.respond(condition)
        #expect(response.decision == .deny)
        #expect(response.errors.map(\.error.code) == [code])
    }

    @Test("a forbid that fails is skipped and reported")
    func erroringForbid() throws {
        let policies = try PolicySet(
            parsing: """
                @id("open") permit(principal, action, resource);
                @id("shut") forbid(principal, action, resource) when { principal.nothing };
                """)
        let response = Authorizer(policies).isAuthorized(Self.request, Self.entities)
        #expect(response.decision == .allow)
        #expect(response.determiningPolicies == ["open"])
        #expect(response.errors.map(\.policyID) == ["shut"])
        #expect(policies.literalEntityTypes == [])
    }

    @Test("the nearest permit and the conjunct it lacked")
    func explainsDenial() throws {
        let policies = try PolicySet(
            parsing: """
                permit(principal == User::"bob", action, resource);
                permit(principal, action == Action::"view", resource)
                when { principal.level >= 1 && principal.level > context.n };
                """)
        let explanations = Authorizer(policies).explain(Self.request, Self.entities)
        #expect(explanations.map(\.policyID) == ["policy1", "policy0"])
        let clause = try #require(explanations.first?.clauses.first)
        #expect(clause.text == "principal.level > context.n")
        #expect(clause.observations.map(\.text) == ["principal.level", "context.n"])
        #expect(clause.observations.map(\.value) == [.int(2), .int(3)])
        #expect(explanations.last?.clauses.first?.text == "principal == User::\"bob\"")
    }
}
