// SPDX-License-Identifier: Apache-2.0

import Cedar
import Testing

/// What is short in its text and long in what it means: each step must look at a part once.
@Suite("Bombs behind the parser", .timeLimit(.minutes(2)))
struct BombTests {
    static let schema = """
        entity U in [U] {u?: U, boss: U, n: Long, r: {x: Long}}; entity G;
        action a appliesTo {principal: [U, G], resource: [U], context: {b: Bool, n: Long}};
        """

    /// A condition that holds itself some times.
    private static func nested(_ count: Int, _ seed: String, _ step: (String) -> String) -> String {
        (0..<count).reduce(seed) { inner, _ in step(inner) }
    }

    static let conditions: [(name: String, condition: String)] = {
        let chain = (0..<2_400).map { "principal.n == \($0) || context.n > \($0)" }
        let facts = (0..<2_400).map { "context has a\($0) || context has b\($0)" }
        return [
            (
                "is in",
                nested(40, "principal") {
                    "(if \($0) is U in U::\"a\" then principal else resource)"
                } + ".n == 1"
            ),
            (
                "is in, of the wrong type",
                nested(40, "1") { "(if \($0) is U in U::\"a\" then principal else resource)" }
                    + " == 1"
            ),
            (
                "is in, of an unknown type",
                nested(40, "Z::\"z\"") {
                    "(if \($0) is Y in U::\"a\" then principal else resource)"
                }
                    + " == 1"
            ),
            (
                "has",
                nested(40, "principal") {
                    "(if \($0) has u.u.u.u then principal else principal.boss)"
                } + " has u"
            ),
            (
                "known outcomes around an error",
                nested(45, "principal.getTag(\"a\")") { "(if true then \($0) else principal)" }
                    + " == 1"
            ),
            ("boss", nested(100, "principal") { "\($0).boss" } + ".n == 1"),
            ("records", nested(80, "1") { "{x: \($0)}" } + " == principal.r"),
            ("tests", nested(45, "context.b") { "(if \($0) then context.b else true)" }),
            ("alternatives", chain.joined(separator: " || ")),
            ("facts", facts.joined(separator: " && ")),
            ("a set", "[" + (0..<60_000).map(String.init).joined(separator: ",") + "].contains(1)"),
            ("a text", "\"" + String(repeating: "a\\n", count: 200_000) + "\" like \"*a*b*c*\""),
        ]
    }()

    @Test("conditions are validated, decided, compiled, written and laid out", arguments: 0..<12)
    func condition(index: Int) throws {
        let text =
            "permit(principal, action, resource) when { \(Self.conditions[index].condition) };"
        let policies = try PolicySet(parsing: text)
        let schema = try Schema(parsing: Self.schema)
        for mode in ValidationMode.allCases {
            let result = schema.validate(policies, mode: mode, level: 3)
            #expect(result.errors.allSatisfy { $0.message.utf8.count < 1_000_000 })
        }
        let user = EntityUID(type: "U", id: "a")
        let entities = Entities([
            Entity(
                uid: user, attributes: Record([("boss", .entity(user)), ("n", .int(1))]))
        ])
        let request = Request(
            principal: user, action: EntityUID(type: "Action", id: "a"), resource: user,
            context: Record([("b", .bool(true)), ("n", .int(1))]))
        let authorizer = Authorizer(policies)
        let response = authorizer.isAuthorized(request, entities)
        var outcome = DecisionEngine.Outcome()
        DecisionEngine(policies, entities).decide(request, into: &outcome)
        #expect(outcome.decision == response.decision)
        #expect(outcome.failed.count == response.errors.count)
        _ = authorizer.explain(request, entities)
        _ = authorizer.smallestChange(request, entities)
        let formatted = try PolicyFormatter.format(text)
        #expect(try PolicySet(parsing: formatted).jsonText == policies.jsonText)
        #expect(try PolicySet(parsing: policies.cedarText).jsonText == policies.jsonText)
    }

    @Test("a long chain of parents is refused, and a cycle found, before ancestors are listed")
    func parents() throws {
        func entities(_ count: Int, last: String) -> String {
            let all = (0..<count).map { number in
                let parent = number + 1 < count ? "\(number + 1)" : last
                return """
                    {"uid":{"type":"U","id":"\(number)"},"attrs":{},\
                    "parents":[{"type":"U","id":"\(parent)"}]}
                    """
            }
            return "[" + all.joined(separator: ",") + "]"
        }
        let short = try Entities(json: entities(250, last: "x"))
        #expect(short.count == 250)
        func codes(_ text: String) -> [CedarError.Code] {
            do throws(CedarErrors) {
                _ = try Entities(json: text)
                return []
            } catch {
                return error.errors.map(\.code)
            }
        }
        #expect(codes(entities(251, last: "x")) == [.hierarchyTooDeep])
        #expect(codes(entities(15_000, last: "x")) == [.hierarchyTooDeep])
        #expect(codes(entities(15_000, last: "0")) == [.entityCycle])
    }

    @Test("long chains of types and actions are read, or refused, and validate")
    func schemas() throws {
        let types = (0..<1_000).map { "entity T\($0) in [T\($0 == 0 ? 0 : $0 - 1)] {a: Long};" }
        let actions = (0..<500).map {
            "action \"a\($0)\" appliesTo {principal: [T\($0)], resource: [T0]};"
        }
        let schema = try Schema(parsing: (types + actions).joined())
        #expect(throws: CedarErrors.self) {
            try Schema(
                parsing: (0..<40_000).map { "entity T\($0) in [T\(max(0, $0 - 1))];" }.joined())
        }
        #expect(throws: CedarErrors.self) {
            try Schema(
                parsing: (0..<40_000).map { "action a\($0 + 1) in [a\($0)];" }.joined()
                    + "action a0;")
        }
        let policies = try PolicySet(
            parsing: "permit(principal, action, resource) when { principal.a == resource.a };")
        #expect(schema.validate(policies, level: 1).isValid)
        let names = (0..<20_000).map { "type A\($0) = Set<A\($0 + 1)>;" }.joined()
        #expect(throws: CedarErrors.self) { try Schema(parsing: names) }
        #expect(throws: CedarErrors.self) {
            try Schema(parsing: names + "type A20000 = A0;")
        }
    }
}
