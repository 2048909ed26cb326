// SPDX-License-Identifier: Apache-2.0

/// Texts that are each wrong in one way.
enum MessageInputs {
    /// Codes that no text leads to: a linked policy has no slot left to fill, and a test for a tag
    /// that a type cannot have is false, so that what follows it is not checked.
    static let unreachable: Set<String> = ["CED308", "CED220"]

    static let policies = [
        "permit(principal, action, resource)", "permit(principal action, resource);",
        "permit(action, principal, resource);", "permit(principal, action);",
        "permit(principal, action, foo);", "allow(principal, action, resource);",
        "permit(principal, action, resource) while { true };",
        "permit(principal, action, resource) when { };",
        "permit(principal = U::\"a\", action, resource);",
        "permit(principal == ?resource, action, resource);",
        "permit(principal, action == ?action, resource);",
        "permit(principal, action == U::\"a\", resource);",
        "@a @a permit(principal, action, resource);",
        "@id(\"x\") permit(principal, action, resource); @id(\"x\") forbid(principal, action, resource);",
        "permit(principal, action, resource); é", "permit(principal, action, resource) when { \"a",
        "permit(principal is if, action, resource);",
        "permit(principal, action, resource) when { true }; }",
        "permit(principal, action, resource)\nforbid(principal, action, resource);", "permit();",
        "permit(principal);", "permit principal, action, resource);",
        "permit(principal: U, action, resource);",
        "permit(principal == U::alice, action, resource);",
        "permit(principal == \"alice\", action, resource);",
        "permit(principal, action in [Action::\"a\", resource);",
        "permit(principal, action, resource) when context.a;",
        "permit(principal, action, resource) when { context.a;",
        "@id(x) permit(principal, action, resource);",
        "/* no */ permit(principal, action, resource);",
        "permit(principal, action, resource) when { true; false }; nonsense;",
    ]

    static let conditions = [
        "1 + ", "a", "principal.if", "9223372036854775808 == 1", "1 = 2", "1 / 2 == 1",
        "1 % 2 == 1", "1 < 2 < 3",
        "-----1 == 1", "!!!!!true", "\"\\q\" == \"\"", "\"\\u{110000}\" == \"\"",
        "{a: 1, a: 2} == 1",
        "foo(1)", "principal.foo()", "isIpv4(1)", "principal.ip()", "principal.contains()",
        "principal.isEmpty(1)",
        "?principal == 1", "true && if true then true else false", "principal like 1",
        "principal[1]",
        String(repeating: "(", count: 101) + "1", "principal has a.\"b\"", "principal is \"U\"",
        "true;", "principal.a and context.b", "principal.a or context.b", "not principal.a",
        "principal.a & context.b", "principal.a == 'x'", "principal.a == “x”", "principal.a === 1",
        "1.5 == 1", "principal.a == null", "context[\"a\"", "(principal.a", "[1, 2",
        "{a 1}.a == 1", "principal.a = 1", "principal has \"a\".b", "if principal.a { true }",
        "principal in [G::\"a\" G::\"b\"]", "U::\"a\" == U::", "principal.a # why",
    ]

    static let schemas = [
        "entity U", "entity U; entity U;", "entity U {a: Foo};", "entity U {if: Long};",
        "type Long = Bool;",
        "entity U in [G,];", "entity __cedar;", "entity U; namespace N { entity U; }",
        "action a; namespace N { action a; }", "entity U; action a appliesTo {principal: U};",
        "entity U; action a appliesTo {principal: [], resource: U};", "entity Action;",
        "action a in [b];", "type T = Set<T>;", "action a in [b]; action b in [a];",
        "entity U; action a appliesTo {principal: U, resource: U, context: U};", "foo U;",
        "entity U enum [];", "@a @a entity U;", "entity U; action a appliesTo {foo: U};",
    ]

    static let schemaJSON = [
        "{", "[]", "{\"a b\": {\"entityTypes\": {}, \"actions\": {}}}", "{\"\": {}}",
        #"{"": {"entityTypes": {"U": {"shap": {}}}, "actions": {}}}"#,
        #"{"": {"entityTypes": {"U": {"enum": []}}, "actions": {}}}"#,
        #"{"": {"entityTypes": {"U": {"shape": {"type": "Long"}}}, "actions": {}}}"#,
        #"{"": {"entityTypes": {}, "actions": {}, "annotations": {"a": "b"}}}"#,
        #"{"": {"entityTypes": {}, "actions": {"a": {"appliesTo": {"principalTypes": []}}}}}"#,
    ]

    static let policyJSON = [
        "{\"a\": 1, \"a\": 2}", "{}",
        #"{"staticPolicies": {"p": {}}, "templates": {}, "templateLinks": []}"#,
        #"{"staticPolicies": {}, "templates": {}, "templateLinks": [{"templateId": "t", "newId": "l", "#
            + #""values": {}}]}"#,
        "{\"a\": 01}", "{\"a\": \"\\ud800\"}", "[1,]", "nul", "{\"a\" 1}", "\"a",
        String(repeating: "[", count: 300),
    ]

    static let entities = [
        "{}", "[{}]", #"[{"uid": {"type": "U V", "id": "a"}, "attrs": {}, "parents": []}]"#,
        #"[{"uid": {"type": "G", "id": "a"}, "attrs": {"x": null}, "parents": []}]"#,
        #"[{"uid": {"type": "G", "id": "a"}, "attrs": {"x": 1.5}, "parents": []}]"#,
        #"[{"uid": {"type": "G", "id": "a"}, "attrs": {"x": 1}, "parents": []}]"#,
        #"[{"uid": {"type": "G", "id": "a"}, "attrs": {}, "parents": [{"type": "N", "id": "n"}]}]"#,
        #"[{"uid": {"type": "G", "id": "a"}, "attrs": {}, "parents": [{"type": "G", "id": "a"}]}]"#,
        #"[{"uid": {"type": "G", "id": "a"}, "attrs": {}, "parents": []}, "#
            + #"{"uid": {"type": "G", "id": "a"}, "attrs": {}, "parents": [{"type": "G", "id": "b"}]}]"#,
        #"[{"uid": {"type": "Z", "id": "a"}, "attrs": {}, "parents": []}]"#,
        #"[{"uid": {"type": "En", "id": "z"}, "attrs": {}, "parents": []}]"#,
        #"[{"uid": {"type": "U", "id": "a"}, "attrs": {"a": 1}, "parents": []}]"#,
        #"[{"uid": {"type": "G", "id": "a"}, "attrs": {}, "parents": [], "tags": {"a": "b"}}]"#,
        #"[{"uid": {"type": "Action", "id": "v"}, "attrs": {}, "parents": [{"type": "Action", "id": "w"}]}]"#,
        #"[{"uid": {"type": "G", "id": "a"}, "attrs": {"x": {"__extn": {"fn": "ip", "arg": "z"}}}, "#
            + #""parents": []}]"#,
        "["
            + (0...250).map {
                #"{"uid": {"type": "G", "id": "\#($0)"}, "attrs": {}, "#
                    + #""parents": [{"type": "G", "id": "\#($0 + 1)"}]}"#
            }.joined(separator: ", ") + "]",
    ]

    static let requests = [
        request(), request(action: "z"), request(principal: "G", context: #"{"k": 1}"#),
        request(principal: "Z", context: "{}"), request(principal: "En", context: "{}"),
        request(context: #"{"k": "a"}"#), request(context: #"{"z": 1}"#), "{}",
    ]

    private static func request(
        principal: String = "N", action: String = "v", context: String = "{}"
    ) -> String {
        """
        {"principal": {"type": "\(principal)", "id": "a"}, "action": {"type": "Action", \
        "id": "\(action)"}, "resource": {"type": "\(principal == "N" ? "G" : "G")", "id": "a"}, \
        "context": \(context)}
        """
    }

    static let validated = [
        "principal.q == 1", "context.q == 1", "principal.b.c == 1",
        "principal has b && principal.b.c == 1",
        "context.k == 1", "principal.getTag(\"a\") == \"\"",
        "resource.hasTag(\"a\") && resource.getTag(\"a\") == 1",
        "principal == Foo::\"a\"", "action == Action::\"z\"", "principal == En::\"z\"", "1 == true",
        "[1, \"a\", true].contains(2)", "1 + true == 2", "\"a\" < 1", "principal < principal", "1",
        "[] == [1]", "ip(\"x\") == ip(\"::1\")", "decimal(\"1\") == decimal(\"1.0\")",
        "ip(\"a\", \"b\").isIpv4()",
        "ip(if true then \"::1\" else \"::1\").isIpv4()", "principal is N",
        "principal.boss.boss.a == 1",
        "U::\"a\".a == 1", "principal.hasTag(\"say_\u{4BB}ello\")",
        "principal == U::\"say_\u{4BB}ello\"",
        "principal.hasTag(\"a\u{202E}b\")", "principal == U::\"a\u{202E}b\"",
        "principal == U::\"a\u{200B}b\"",
        "permit(principal is N, action == Action::\"v\", resource);",
        "permit(principal, action == Action::\"w\", resource);",
        "if principal.a == 1 then 1 else \"a\"", "principal in 1", "1 is U", "1 has a",
    ]

    static let evaluated = [
        "1", "1 + \"a\" == 1", "\"a\" < \"b\"", "principal in 1", "1.a == 1", "context.q",
        "principal.q",
        "resource.q", "principal.getTag(\"z\") == 1", "9223372036854775807 + 1 == 0",
        "-9223372036854775808 - 1 == 0", "9223372036854775807 * 2 == 0",
        "-(-9223372036854775808) == 0",
        "ip() == 1", "ip(\"x\") == 1", "decimal(\"1\") == 1", "decimal(\"1.00000\") == 1",
        "decimal(\"9999999999999999.0\") == 1", "datetime(\"x\") == 1",
        "datetime(\"2024-02-30\") == 1",
        "datetime(\"2024-02-01T\") == 1", "datetime(\"2024-02-01T24:00:00Z\") == 1",
        "datetime(\"2024-02-01T00:00:00\") == 1", "datetime(\"2024-02-01T00:00:00+2400\") == 1",
        "duration(\"x\") == 1", "duration(\"9223372036854775808ms\") == 1",
        "datetime(\"2024-02-01\").offset(duration(\"9223372036854775807ms\")) == 1",
        "datetime(\"1970-01-01\").offset(duration(\"-9223372036854775807ms\")).toDate() == 1",
        "datetime(\"2024-02-01\").durationSince(datetime(\"1970-01-01\")"
            + ".offset(duration(\"-9223372036854775807ms\"))) == 1",
    ]
}
