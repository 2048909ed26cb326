// SPDX-License-Identifier: Apache-2.0

import Cedar
import Diagnostics
import Testing

@Suite("Parser")
struct ParserTests {
    static func errors(_ text: String) -> [String] {
        do throws(CedarErrors) {
            _ = try PolicySet(parsing: text, file: "p.cedar")
            return []
        } catch {
            return error.errors.map {
                "\($0.line):\($0.column): \($0.code.rawValue) \($0.diagnostic.message.english)"
            }
        }
    }

    static func condition(_ text: String) -> [String] {
        errors("permit(principal, action, resource) when { \(text) };")
    }

    @Test("several errors in one run, each at its place")
    func recovers() {
        let text = """
            permit(principal, action, resource) when { 1 + };
            permit(principal action, resource);
            allow(principal, action, resource);
            permit(principal, action, resource) when { foo(1) && bar(2) };
            """
        #expect(
            Self.errors(text) == [
                "1:48: CED102 unexpected token `}`",
                "2:18: CED102 unexpected token `action`",
                "3:1: CED120 invalid policy effect: `allow`",
                "4:44: CED108 `foo` is not a valid function",
                "4:54: CED108 `bar` is not a valid function",
            ])
    }

    @Test(
        "what Cedar refuses",
        arguments: [
            "{if: 1} == 1", "{a: 1, \"a\": 2} == 1", "principal.if", "principal has if",
            "principal has \"a\".b", "1 < 2 < 3", "-----1 == 1", "!!!!!true", "!-1", "a == 1",
            "\"\\x80\" == \"\"", "\"\\u{110000}\" == \"\"", "\"\\u{D800}\" == \"\"",
            "\"a\\\nb\" == \"\"", "\"a\r\" == \"\"", "\"\\*\" == \"\"", "9223372036854775808 == 1",
            "1 / 2 == 1", "1 = 2", "contains(1)", "isIpv4(1)", "principal.contains()",
            "principal.ip(\"a\")", "principal.isEmpty(1)", "principal is \"A\"",
            "principal is A == true", "principal like 1", "?principal == 1", "principal[a]",
            "true && if true then true else false", "__cedar::A::\"b\" == 1", "true;", "",
            "{principal.a: 1} == 1", "principal has (a)", "true in true is A", "A::B",
        ])
    func refuses(condition: String) {
        #expect(!Self.condition(condition).isEmpty)
    }

    @Test(
        "what Cedar accepts",
        arguments: [
            "[1, 2, ] == {a: 1, }", "principal has a.b.c", "----1 == - 1", "!!!!true",
            "\"\\u{1_F}\\x41\\'\" == \"a\nb\"", "ip() == ip(1, 2)", "principal.isIpv4(1, 2)",
            "principal is A::B in A::B::\"b\"", "principal like \"a*\\*\"", "(1).a.permit.when",
            "if true then 1 else 2 == 2", "permit::\"x\" == principal :: \"x\"",
            "{principal: 1, \"if\": 2} == 1", "\"\u{A0}\" == \"b\"\u{A0}\u{2003}",
        ])
    func accepts(condition: String) {
        #expect(Self.condition(condition) == [])
    }

    @Test(
        "nesting bombs end in an error",
        arguments: ["(", "[", "{a:", "!(", "-(", "if ", "principal.contains("])
    func bombs(opening: String) {
        let bomb = String(repeating: opening, count: 100_000)
        #expect(!Self.condition(bomb).isEmpty)
    }

    @Test("chains of operators, up to 5,000 operands and beyond", arguments: ["&&", "||"])
    func chains(symbol: String) throws {
        let longest = String(repeating: "true \(symbol) ", count: 4_999) + "true"
        #expect(Self.condition(longest).isEmpty)
        #expect(!Self.condition("true \(symbol) " + longest).isEmpty)
        let policies = try PolicySet(
            parsing: "permit(principal, action, resource) when { \(longest) };")
        #expect(policies.jsonText.utf8.count > 100_000)
    }

    @Test("long expressions", arguments: ["1 + ", "a."])
    func long(part: String) {
        #expect(!Self.condition(String(repeating: part, count: 20_000) + "1").isEmpty)
    }

    @Test("entities refuse duplicate keys, big integers and cycles; NUL is a character")
    func entityJSON() throws {
        let bad = [
            #"[{"uid":{"type":"A","id":"a"},"uid":{"type":"A","id":"a"},"attrs":{},"parents":[]}]"#,
            #"[{"uid":{"type":"A","id":"a"},"attrs":{"n":9223372036854775808},"parents":[]}]"#,
            #"[{"uid":{"type":"A","id":"a"},"attrs":{"n":1.5},"parents":[]}]"#,
            #"[{"uid":{"type":"A","id":"a"},"attrs":{},"parents":[{"type":"A","id":"a"}]}]"#,
            String(repeating: "[", count: 100_000),
        ]
        for text in bad {
            #expect(throws: CedarErrors.self) { try Entities(json: text) }
        }
        let good = #"[{"uid":{"type":"A","id":"\u0000"},"attrs":{"n":"\u0000"},"parents":[]}]"#
        let entities = try Entities(json: good)
        #expect(entities[EntityUID(type: "A", id: "\0")]?.attributes["n"] == .string("\0"))
    }
}
