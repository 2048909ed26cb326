// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `policy who`, `what`, `compare`, `coverage` and `check --analyse`, as a person runs them.
@Suite(.timeLimit(.minutes(2)))
struct PolicyAnalysisCommandTests {
    static let schema = """
        entity Team;
        entity User in [Team] { level: Long };
        entity File { owner: User, secret: Bool };
        action view, edit appliesTo {
          principal: User, resource: File, context: { at: datetime, purpose: String } };
        """
    static let policies = """
        @id("own") @title_fr("Ses fichiers") @title_en("Their files")
        permit (principal, action, resource) when { resource.owner == principal };
        @id("team") permit (principal in Team::"t", action == Action::"view", resource)
        when { context.purpose == "audit" };
        @id("late") forbid (principal, action, resource)
        when { context.at >= datetime("2027-01-01") };
        """
    static let entities = """
        [{"uid":{"type":"User","id":"ann"},"attrs":{"level":1},"parents":[]},
         {"uid":{"type":"User","id":"bob"},"attrs":{"level":2},
          "parents":[{"type":"Team","id":"t"}]},
         {"uid":{"type":"File","id":"f"},"attrs":{"owner":{"__entity":{"type":"User","id":"ann"}},
          "secret":true},"parents":[]}]
        """

    private func folder(_ more: [String: String] = [:]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let files = [
            "p.cedar": Self.policies, "s.cedarschema": Self.schema, "e.json": Self.entities,
        ].merging(more) { $1 }
        for (name, text) in files {
            try Data(text.utf8).write(to: folder.url.appending(path: name))
        }
        return folder
    }

    private func run(
        _ verb: String, _ folder: TemporaryFolder, _ rest: [String]
    ) throws -> Tool.Outcome {
        func path(_ name: String) -> String { folder.url.appending(path: name).path }
        return try Tool.run(
            [
                "policy", verb, "--policies", path("p.cedar"), "--schema", path("s.cedarschema"),
                "--entities", path("e.json"),
            ] + rest)
    }

    private func document(_ outcome: Tool.Outcome) throws -> [String: Any] {
        try #require(
            JSONSerialization.jsonObject(with: outcome.outputBytes) as? [String: Any])
    }

    @Test func whoCouldSee() throws {
        let folder = try folder()
        let asked = ["--resource", "File::\"f\"", "--action", "Action::\"view\"", "--at"]
        let outcome = try run("who", folder, asked + ["2026-10-01", "--complete", "--lang", "fr"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
            outcome.output == """
                OUI – view
                  User::"ann"
                  autorisé par own «\u{A0}Ses fichiers\u{A0}»

                SELON – view
                  User::"bob"
                  il faut l’autorisation\u{202F}:
                    team, si\u{202F}:
                      – `context.purpose` est «\u{A0}audit\u{A0}»
                Verdict\u{202F}: 1 oui, 1 selon conditions, 0 non.

                """)
        let late = try run("who", folder, asked + ["2027-03-01", "--lang", "en"])
        #expect(
            late.output.hasPrefix("NO – view\n  User::\"ann\", User::\"bob\", any other `User`\n"))
        #expect(late.output.contains("  forbidden by late\n"))
    }

    @Test func whatCouldBeSeen() throws {
        let folder = try folder()
        let asked = ["--principal", "User::\"bob\"", "-f", "json"]
        let document = try document(run("what", folder, asked))
        #expect(document["exit_code"] as? Int == 0 && document["complete"] as? Bool == true)
        let answers = try #require(document["answers"] as? [[String: Any]])
        let decided = answers.map { "\($0["decision"] ?? "") \($0["actions"] ?? "")" }
        #expect(answers.count == 4, "\(decided)")
        let open = try #require(
            answers.first {
                ($0["resources"] as? [[String: Any]])?.first?["any_other"] as? String == "File"
                    && ($0["actions"] as? [String]) == ["Action::\"edit\""]
            })
        let residual = try #require(open["residual_policies"] as? String)
        #expect(residual.contains("resource.owner == User::\"bob\""), "\(residual)")
        let refused = try run("what", folder, ["--principal", "Team::\"t\""])
        #expect(refused.status == 4)
        #expect(try run("what", folder, ["--principal", "x"]).status == 64)
        #expect(try run("what", folder, asked + ["--action", "Action::\"no\""]).status == 64)
    }

    @Test func comparisonShowsWhatChanges() throws {
        let folder = try folder([
            "q.cedar": Self.policies.replacing("\"audit\"", with: "\"control\""),
            "same.cedar": Self.policies.replacing(
                "resource.owner == principal", with: "!(resource.owner != principal)"),
            "open.cedar": Self.policies.replacing(
                "when { resource.owner == principal }", with: "when { principal.level * 2 == 7 }"),
            "bad.cedar": "permit (principal, action, resource) when { principal.no };",
        ])
        func compare(_ other: String, _ rest: [String] = []) throws -> Tool.Outcome {
            let paths = ["p.cedar", other].map { folder.url.appending(path: $0).path }
            let schema = folder.url.appending(path: "s.cedarschema").path
            return try Tool.run(["policy", "compare"] + paths + ["--schema", schema] + rest)
        }
        let same = try compare("same.cedar", ["--lang", "fr"])
        #expect(same.status == 0)
        #expect(
            same.output
                == "Verdict\u{202F}: les deux jeux décident toute demande de même (prouvé).\n")
        let changed = try compare("q.cedar", ["--lang", "fr"])
        #expect(changed.status == 1)
        #expect(
            changed.output.contains("Ce qui devient REFUSÉ\n  autorisation team, de l’ancien jeu\n")
        )
        #expect(changed.output.contains("      context.purpose = \"audit\"\n"))
        #expect(changed.output.contains("      avant\u{202F}: autorisé par team\n"))
        #expect(try compare("bad.cedar").status == 3)
        let open = try document(compare("open.cedar", ["-f", "json"]))
        #expect(open["exit_code"] as? Int == 4 && open["complete"] as? Bool == false)
        #expect(open["equal"] as? Bool == false)
        try reEvaluate(document(compare("q.cedar", ["-f", "json"])), folder)
    }

    /// Each case of a comparison, asked again through `policy authorize`.
    private func reEvaluate(_ document: [String: Any], _ folder: TemporaryFolder) throws {
        let differences = try #require(document["differences"] as? [[String: Any]])
        #expect(differences.count == 2)
        for difference in differences {
            let found = try #require((difference["cases"] as? [[String: Any]])?.first)
            for (name, member) in [("r.json", "request"), ("x.json", "entities")] {
                try JSONSerialization.data(withJSONObject: try #require(found[member]))
                    .write(to: folder.url.appending(path: name))
            }
            for (file, member) in [("p.cedar", "before"), ("q.cedar", "after")] {
                func path(_ name: String) -> String { folder.url.appending(path: name).path }
                let outcome = try Tool.run([
                    "policy", "authorize", "--policies", path(file), "--schema",
                    path("s.cedarschema"), "--entities", path("x.json"), "--request-json",
                    path("r.json"),
                ])
                let said = (found[member] as? [String: Any])?["decision"] as? String
                #expect(outcome.status == (said == "allow" ? 0 : 1), "\(outcome.errors)")
            }
        }
    }

    @Test func thePilotHasNoPolicyWithoutEffect() throws {
        let pilot = PolicyCommandTests.pilot
        let outcome = try Tool.run(["policy", "check", pilot, "--analyse", "--lang", "fr"])
        #expect(outcome.status == 0)
        #expect(outcome.output.hasSuffix("politiques valides, aucune trouvée sans effet.\n"))
    }

    @Test func coverageNamesWhatNeverDecided() throws {
        let outcome = try Tool.run(["policy", "coverage", PolicyCommandTests.pilot, "-f", "json"])
        let document = try document(outcome)
        let policies = try #require(document["policies"] as? [[String: Any]])
        #expect(policies.allSatisfy { $0["decisive"] as? Bool == true })
        #expect(document["exit_code"] as? Int == 1 && outcome.status == 1)
        let log = ["--log", "audit-samples/demo/log", "--key", "@audit-samples/demo/log.vkey"]
        let over = try Tool.run(["policy", "coverage", PolicyCommandTests.pilot] + log)
        #expect(over.status == 1)
        #expect(
            over.output.contains("permit H01 “The employer adviser uses the licence”: decisive"))
    }

    private static let demo = [
        "--log", "audit-samples/demo/log", "--key", "@audit-samples/demo/log.vkey",
    ]

    @Test func whoCouldSeeAPersonOfALog() throws {
        let asked = ["policy", "who"] + Self.demo + ["--resource", "P20114d5bfdfe", "--at"]
        let outcome = try Tool.run(asked + ["2026-10-01T10:00:00.000Z", "--lang", "fr"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("État du journal au 01/10/2026 à 12:00 (Paris), "))
        #expect(outcome.output.contains("\n  Ac1b10c47000b\n  autorisé par H03 "))
        #expect(
            outcome.output.contains("    R15 «\u{A0}Accès hors portefeuille non expliqué\u{A0}»"))
        let early = try Tool.run(asked + ["2025-01-01"])
        #expect(early.status == 4, "\(early.output)")
        #expect(early.output.hasPrefix("Verdict: no known policy was in force at that moment"))
        #expect(try Tool.run(asked + ["yesterday"]).status == 64)
        let moment = ["--at", "2026-10-01T10:00:00.000Z", "--lang", "en"]
        let entity = try Tool.run(
            ["policy", "who"] + Self.demo + moment + ["--resource", "Person::\"P20114d5bfdfe\""])
        #expect(entity.output.contains("\n  Ac1b10c47000b\n  permitted by H03 "))
        let nobody = try Tool.run(
            ["policy", "who"] + Self.demo + moment + ["--resource", "P0", "-f", "json"])
        #expect(nobody.status == 4)
        #expect(nobody.errors.contains("Verdict: at that date the log knows no person `P0`"))
        #expect(try document(nobody)["exit_code"] as? Int == 4)
        let unknown = try Tool.run(
            ["policy", "what"] + Self.demo + moment + ["--principal", "A0"])
        #expect(unknown.status == 4)
        #expect(unknown.output.contains("Verdict: at that date the log knows no agent `A0`"))
        let broken = try Tool.run([
            "policy", "who", "--log", "audit-samples/altered-payload/log", "--key",
            "@audit-samples/altered-payload/log.vkey", "--resource", "P1", "--at", "2026-10-01",
        ])
        #expect(broken.status == 2)
    }

    @Test func aSuppositionSettlesTheAnswer() throws {
        let folder = try folder([
            "c.json": #"{"purpose":"P3-PROMOTION","categories":["CV"],"explained":false}"#,
            "d.json": #"{"licenceActive":true}"#,
        ])
        func path(_ name: String) -> String { folder.url.appending(path: name).path }
        let asked =
            ["policy", "what"] + Self.demo
            + [
                "--at", "2026-10-01T10:00:00.000Z", "--principal", "Ac1b10c47000b", "--action",
                "Action::\"profile.view\"", "--context",
            ]
        let document = try document(Tool.run(asked + [path("c.json"), "-f", "json"]))
        let answers = try #require(document["answers"] as? [[String: Any]])
        #expect(answers.map { $0["decision"] as? String } == ["allow", "deny"])
        let denied = try #require(answers.last)
        #expect(denied["forbidden_by"] as? [String] == ["R15"])
        #expect(try Tool.run(asked + [path("d.json")]).status == 64)
    }
}
