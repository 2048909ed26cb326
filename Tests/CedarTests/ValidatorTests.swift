// SPDX-License-Identifier: Apache-2.0

import Cedar
import Testing

@Suite("Validator")
struct ValidatorTests {
    static let schemaText = """
        entity U in [G] {a: Long, b?: {c?: Long}, s: Set<U>} tags String;
        entity G;
        entity N;
        entity En enum ["x", "y"];
        action v appliesTo {principal: [U], resource: [G], context: {k?: Long}};
        """

    static func messages(_ condition: String) throws -> [String] {
        let policies = try PolicySet(
            parsing: "permit(principal, action, resource) when { \(condition) };")
        return try Schema(parsing: schemaText).validate(policies).errors
            .map { $0.message.replacing("for policy `policy0`, ", with: "") }.sorted()
    }

    @Test(
        "messages, word for word",
        arguments: [
            ("principal.q == 1", ["attribute `q` on entity type `U` not found"]),
            (
                "context.k == 1",
                [
                    "unable to guarantee safety of access to optional attribute `k` in context "
                        + "for Action::\"v\""
                ]
            ),
            ("principal has b.c && principal.b.c == 1", []),
            ("principal.hasTag(\"a\") && principal.getTag(\"a\") == \"\"", []),
            (
                "[1, \"a\", true] == [2]",
                [
                    "the types __cedar::internal::True, Long, and String are not compatible"
                ]
            ),
            ("[] == [1]", ["empty set literals are forbidden in policies"]),
            (
                "1 is U in G::\"x\"",
                Array(
                    repeating:
                        "unexpected type: expected __cedar::internal::AnyEntity but saw Long",
                    count: 2)
            ),
            (
                "principal == En::\"z\"",
                [
                    "for policy `policy0`: entity `En::\"z\"` is of an enumerated entity type, "
                        + "but `\"z\"` is not declared as a valid eid"
                ]
            ),
            ("principal is N && 1 == true", []),
        ])
    func messages(condition: String, expected: [String]) throws {
        #expect(try Self.messages(condition) == expected)
    }

    @Test("a policy that can never apply is a warning")
    func impossible() throws {
        let policies = try PolicySet(
            parsing: "permit(principal, action, resource) when { principal is N };")
        let result = try Schema(parsing: Self.schemaText).validate(policies)
        #expect(result.isValid)
        #expect(result.warnings.map(\.code) == [.impossiblePolicy])
    }

    @Test("requests and entities that do not conform")
    func conformance() throws {
        let schema = try Schema(parsing: Self.schemaText)
        let good = Request(
            principal: EntityUID(type: "U", id: "a"), action: EntityUID(type: "Action", id: "v"),
            resource: EntityUID(type: "G", id: "g"), context: Record([("k", .int(1))]))
        try schema.validate(good)
        var bad = good
        bad.resource = EntityUID(type: "N", id: "n")
        #expect(throws: CedarErrors.self) { try schema.validate(bad) }
        bad = good
        bad.context = Record([("k", .string("1"))])
        #expect(throws: CedarErrors.self) { try schema.validate(bad) }
        let orphan = Entities([Entity(uid: EntityUID(type: "U", id: "a"))])
        #expect(throws: CedarErrors.self) { try schema.validate(orphan) }
    }

    @Test(
        "schemas that contradict themselves",
        arguments: [
            "entity A; entity A;", "entity A in [B];", "type T = Set<T>;", "entity A {x: Foo};",
            "action a in [b];", "action a in [b]; action b in [a];", "type Long = String;",
            "entity A {x: Long, x: String};", "namespace N { entity A; ",
        ])
    func badSchemas(text: String) {
        #expect(throws: CedarErrors.self) { try Schema(parsing: text) }
    }
}
