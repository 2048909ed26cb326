// SPDX-License-Identifier: Apache-2.0

import Cedar
import Diagnostics
import Testing

@Suite("Smallest change")
struct SmallestChangeTests {
    /// What is asked, the changes in English, in the world of ``AuthorizerTests``.
    static let cases: [(condition: String, changes: [String])] = [
        ("principal.level == 3", [#"set `User::"alice".level` to `3` (instead of `2`)"#]),
        ("principal.level > context.n", [#"set `User::"alice".level` to `4` (instead of `2`)"#]),
        ("context.n < 1", ["set `context.n` to `0` (instead of `3`)"]),
        ("context.purpose == \"care\"", [#"set `context.purpose` to `"care"` (absent today)"#]),
        ("context has emergency", ["give `context.emergency` a value"]),
        (
            "context has k && context.k > 4 && !context.r.x",
            [
                "set `context.k` to `5` (absent today)",
                "set `context.r.x` to `false` (instead of `true`)",
            ]
        ),
        ("principal in Team::\"b\"", [#"put `User::"alice"` in `Team::"b"`"#]),
        ("!(principal in Team::\"a\")", [#"take `User::"alice"` out of `Team::"a"`"#]),
        ("principal == User::\"bob\"", [#"ask as `User::"bob"`"#]),
        ("[1, 2].contains(context.n)", ["set `context.n` to `1` (instead of `3`)"]),
        (
            "principal.getTag(\"t\") == \"w\"",
            [
                #"set `User::"alice".getTag("t")` to `"w"` (instead of `"v"`)"#
            ]
        ),
        (
            "context.n == 9 && context.m == 1 || context.q",
            ["set `context.q` to `true` (absent today)"]
        ),
        (
            "if context.r.x then context.n == 4 else false",
            [
                "set `context.n` to `4` (instead of `3`)"
            ]
        ),
        (
            "context.at < datetime(\"1970-01-02\")",
            [
                "set `context.at` to "
                    + "`(datetime(\"1970-01-01\")).offset(duration(\"86399999ms\"))` (absent today)"
            ]
        ),
    ]

    @Test("one permit", arguments: cases)
    func onePermit(condition: String, changes: [String]) throws {
        let policies = try PolicySet(
            parsing: "permit(principal, action, resource) when { \(condition) };")
        let found = Authorizer(policies)
            .smallestChange(AuthorizerTests.request, AuthorizerTests.entities)
        #expect(found?.changes.map(\.words.english) == changes)
    }

    @Test(
        "what nothing would change",
        arguments: ["false", "1 == 2", "principal is Team", "9223372036854775807 < context.n"])
    func nothing(condition: String) throws {
        let policies = try PolicySet(
            parsing: "permit(principal, action, resource) when { \(condition) };")
        let found = Authorizer(policies)
            .smallestChange(AuthorizerTests.request, AuthorizerTests.entities)
        #expect(found == nil)
    }

    @Test("a forbid is lifted, and the cheapest permit wins")
    func forbids() throws {
        let policies = try PolicySet(
            parsing: """
                @id("boss") permit(principal == User::"boss", action, resource);
                @id("far") permit(principal, action, resource)
                when { context.a == 1 && context.b == 2 && context.c == 3 };
                @id("near") permit(principal, action, resource) when { context.a == 1 };
                @id("shut") forbid(principal, action, resource) unless { context.n > 5 };
                """)
        let authorizer = Authorizer(policies)
        let found = authorizer.smallestChange(AuthorizerTests.request, AuthorizerTests.entities)
        #expect(found?.permitID == "near")
        #expect(
            found?.changes.map(\.words.french) == [
                "donner à `context.a` la valeur `1` (aujourd’hui absente)",
                "donner à `context.n` la valeur `6` (au lieu de `3`)",
            ])
        var request = AuthorizerTests.request
        request.context = Record([("a", .int(1)), ("n", .int(6))])
        #expect(authorizer.isAuthorized(request, AuthorizerTests.entities).decision == .allow)
        #expect(authorizer.smallestChange(request, AuthorizerTests.entities) == nil)
    }

    @Test("a change that lifts one forbid and brings another is not proposed")
    func forbidsThatExcludeEachOther() throws {
        let policies = try PolicySet(
            parsing: """
                @id("a") permit(principal, action, resource) when { context.n > 3 && context.n > 5 };
                @id("b") forbid(principal, action, resource)
                when { context.running && !context.regions.contains(context.region) };
                @id("c") forbid(principal, action, resource) unless { context.running };
                @id("d") permit(principal, action in Action::"group", resource);
                """)
        var request = AuthorizerTests.request
        request.context = Record([
            ("n", .int(3)), ("running", .bool(true)), ("region", .string("75")),
            ("regions", .set(ValueSet([.string("28")]))),
        ])
        let group = EntityUID(type: "Action", id: "group")
        var entities = AuthorizerTests.entities
        entities.insert([Entity(uid: EntityUID(type: "Action", id: "other"), parents: [group])])
        let found = Authorizer(policies).smallestChange(request, entities)
        #expect(found?.permitID == "a")
        #expect(
            found?.changes.map(\.words.english) == [
                "set `context.n` to `6` (instead of `3`)",
                "set `context.region` to `\"28\"` (instead of `\"75\"`)",
            ])
    }
}
