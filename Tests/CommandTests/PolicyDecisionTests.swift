// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `policy fmt`, `authorize` and `explain`, as a person runs them.
@Suite(.timeLimit(.minutes(2)))
struct PolicyDecisionTests {
    static let files = [
        "p.cedar": """
        @id("open") @title_fr("Consultation") @title_en("Viewing")
        permit(principal,action,resource) when{principal.level>=context.n}; // why
        @id("shut") forbid(principal,action,resource) unless { context.n < 9 };
        """,
        "s.cedarschema": """
        entity User {level:Long};// who
        action view appliesTo{principal:User,resource:User,context:{n:Long}};
        """,
        "e.json": #"[{"uid":{"type":"User","id":"a"},"attrs":{"level":2},"parents":[]}]"#,
        "c.json": #"{"n":3}"#, "bad.json": #"{"n":"3"}"#,
    ]

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (name, text) in Self.files {
            try Data(text.utf8).write(to: folder.url.appending(path: name))
        }
        return folder
    }

    private func arguments(
        _ verb: String, _ folder: TemporaryFolder, context: String = "c.json"
    ) -> [String] {
        func path(_ name: String) -> String { folder.url.appending(path: name).path }
        return [
            "policy", verb, "--policies", path("p.cedar"), "--schema", path("s.cedarschema"),
            "--entities", path("e.json"), "--context", path(context), "--principal", "User::\"a\"",
            "--action", "Action::\"view\"", "--resource", "User::\"b\"",
        ]
    }

    @Test func aDenialIsExplainedInBothLanguages() throws {
        let folder = try folder()
        let french = try Tool.run(arguments("explain", folder) + ["--lang", "fr"])
        #expect(french.status == 1)
        let place = folder.url.appending(path: "p.cedar").path
        #expect(
            french.output == """
                Aucune autorisation ne s’applique. À la plus proche, open «\u{A0}Consultation\u{A0}» \
                (\(place):1), il manque\u{202F}:
                  – `principal.level` est supérieur ou égal à `context.n` \
                (vu\u{202F}: `principal.level` = 2, `context.n` = 3)

                Le plus petit changement trouvé qui l’autoriserait, par open\u{202F}:
                  – donner à `User::"a".level` la valeur `3` (au lieu de `2`)
                Verdict\u{202F}: REFUSÉ, aucune politique ne l’autorise.

                """)
        let data = try Tool.run(arguments("explain", folder) + ["-f", "json"]).outputBytes
        let document = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(document["exit_code"] as? Int == 1)
        #expect(document["decision"] as? String == "deny")
        let change = try #require(document["smallest_change"] as? [String: Any])
        #expect(change["permit"] as? String == "open")
    }

    @Test func authorizeAnswersByItsStatus() throws {
        let folder = try folder()
        #expect(try Tool.run(arguments("authorize", folder)).status == 1)
        try Data(#"{"n":2}"#.utf8).write(to: folder.url.appending(path: "c.json"))
        let outcome = try Tool.run(arguments("authorize", folder))
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("decision: allow\ndetermining policies: open\n"))
        let bad = try Tool.run(arguments("authorize", folder, context: "bad.json"))
        #expect(bad.status == 65, "\(bad.errors)")
        #expect(bad.errors.contains("error CED205: request does not conform to the schema: "))
        #expect(try Tool.run(["policy", "authorize", "--policies", "x"]).status == 64)
        #expect(try Tool.run(arguments("authorize", folder, context: "none")).status == 66)
        #expect(try Tool.run(arguments("authorize", folder) + ["-f", "html"]).status == 64)
        try Data("[{".utf8).write(to: folder.url.appending(path: "e.json"))
        let broken = try Tool.run(arguments("authorize", folder))
        #expect(broken.status == 65, "\(broken.errors)")
        #expect(broken.errors.contains("error CED130: malformed JSON: "))
    }

    @Test func fmtChecksWritesAndPrints() throws {
        let folder = try folder()
        let path = folder.url.path
        let before = try Tool.run(["policy", "fmt", "--check", path])
        #expect(before.status == 1)
        #expect(before.output.hasPrefix("\(path)/p.cedar\n\(path)/s.cedarschema\n"))
        #expect(try Tool.run(["policy", "fmt", "--write", "--dry-run", path]).status == 0)
        #expect(try Tool.run(["policy", "fmt", "--check", path]).status == 1)
        #expect(try Tool.run(["policy", "fmt", "--write", path]).status == 0)
        let after = try Tool.run(["policy", "fmt", "--check", path])
        #expect(after.status == 0)
        #expect(after.output == "Verdict: 0 of 2 file(s) to lay out.\n")
        let schema = try Tool.run(["policy", "fmt", "\(path)/s.cedarschema"])
        #expect(
            schema.output == """
                entity User { level: Long }; // who
                action view appliesTo { principal: User, resource: User, context: { n: Long } };

                """)
        try Data("permit(".utf8).write(to: folder.url.appending(path: "p.cedar"))
        #expect(try Tool.run(["policy", "fmt", "--write", path]).status == 3)
        #expect(try Tool.run(["policy", "fmt", path + "/nothing"]).status == 66)
    }
}
