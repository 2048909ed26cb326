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

    @Test("policies beyond a level, and what they look into")
    func levels() throws {
        let schema = try Schema(
            parsing: """
                entity U {boss: U, n: Long, at: {boss: U}, x?: U} tags U; entity G in [G];
                action v appliesTo {principal: U, resource: U, context: {u: U}};
                """)
        func messages(_ condition: String, _ level: Int) throws -> [String] {
            let policies = try PolicySet(
                parsing: "permit(principal, action, resource) when { \(condition) };")
            return schema.validate(policies, level: level).errors
                .map {
                    "\($0.code.rawValue) \($0.message.replacing("for policy `policy0`, ", with: ""))"
                }
        }
        func exceeds(_ needed: Int, _ level: Int) -> String {
            "CED236 this policy requires level \(needed), which exceeds the maximum allowed level "
                + "(\(level))"
        }
        #expect(try messages("principal == resource", 0) == [])
        #expect(try messages("context.u == principal", 0) == [])
        #expect(try messages("principal.n == 1", 0) == [exceeds(1, 0)])
        #expect(try messages("principal.n == 1", 1) == [])
        #expect(try messages("principal.boss.n == 1", 1) == [exceeds(2, 1)])
        #expect(try messages("principal.at.boss.n == 1", 1) == [exceeds(2, 1)])
        #expect(try messages("principal.boss in resource.boss.boss", 2) == [])
        #expect(try messages("principal.boss.boss in resource", 2) == [exceeds(3, 2)])
        #expect(try messages("{a: principal, b: principal.boss}.a.n == 1", 1) == [])
        #expect(
            try messages("principal.hasTag(\"a\") && principal.getTag(\"a\").n == 1", 1)
                == [exceeds(2, 1)])
        #expect(try messages("principal has x && principal.x has boss", 1) == [exceeds(2, 1)])
        #expect(try messages("principal is G && principal.boss.boss.n == 1", 0) == [])
        #expect(
            try messages("(if principal.n == 1 then principal.boss else resource).n == 1", 1)
                == [exceeds(2, 1)])
        #expect(
            try messages("U::\"a\".n == 1", 9)
                == ["CED237 entity literals cannot be dereferenced at any level"])
    }

    @Test(
        "texts that may mislead a reader",
        arguments: [
            (
                "principal has \"say_\u{4bb}ello\"",
                "CED234 identifier `say_\u{4bb}ello` contains mixed scripts"
            ),
            (
                "\"say_\u{4bb}ello\" == \"\"",
                "CED233 string `\"say_\u{4bb}ello\"` contains mixed scripts"
            ),
            (
                "\"x\" like \"*_\u{4bb}ello\"",
                "CED233 string `\"*_\u{4bb}ello\"` contains mixed scripts"
            ),
            (
                "\"a\u{202e}b\" == \"\"",
                "CED231 string `\"a\u{202e}b\"` contains BIDI control characters"
            ),
            (
                "principal == U::\"a\u{2066}b\"",
                "CED232 identifier `a\u{2066}b` contains BIDI control characters"
            ),
            (
                "context has \"is\u{200b}Admin\"",
                "CED235 identifier `is\\u{200b}Admin` contains the character `\\u{200b}` which is not a "
                    + "printable ASCII character and falls outside of the General Security Profile for "
                    + "Identifiers"
            ),
            (
                "{\"\u{1f34c}\": 1} == {\"\u{1f34c}\": 1}",
                "CED235 identifier `\u{1f34c}` contains the character `\u{1f34c}` which is not a "
                    + "printable ASCII character and falls outside of the General Security Profile for "
                    + "Identifiers"
            ),
            ("context has \"\u{65e5}\u{672c}\u{3053}\"", ""),
            ("\"caf\u{e9} \u{20ac}\" == \"\"", ""),
            ("principal == U::\"get /pets/{id}?a=b\"", ""), ("\"\u{391}\u{3b2}\" == \"\"", ""),
        ])
    func misleading(condition: String, expected: String) throws {
        let policies = try PolicySet(
            parsing: "permit(principal, action, resource) when { \(condition) };")
        let warnings = try Schema(parsing: Self.schemaText).validate(policies).warnings
            .filter { $0.code != .impossiblePolicy }
        let prefix = "for policy `policy0`, "
        let found = Set(
            warnings.map { "\($0.code.rawValue) \($0.message.replacing(prefix, with: ""))" })
        #expect(found == (expected.isEmpty ? [] : [expected]))
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
            "namespace N { entity A; ", "entity A; namespace N { entity A; }",
            "action a; namespace N { action a; }", "entity Action;", "entity A {if: Long};",
            "entity A; action a appliesTo {principal: A};", "entity A in [A,];",
            "entity A; action a appliesTo {principal: [], resource: A};", "entity A enum [\"a\",];",
            "action a in [];", "namespace A::__cedar {}",
            "action a in [A::Action::\"b\"]; action b;",
        ])
    func badSchemas(text: String) {
        #expect(throws: CedarErrors.self) { try Schema(parsing: text) }
    }
}
