// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `case`, `waiver` and `diff`, as a person runs them: one log led through a review.
@Suite struct ReviewCommandTests {
    let folder: TemporaryFolder
    let policies: String
    var log: String { folder.url.appending(path: "log").path }

    init() throws {
        folder = try TemporaryFolder()
        policies = try PolicyCommandTests.ofSingleAccesses(in: folder)
        #expect(try Tool.run(["log", "init", log, "--origin", "vigie.example/revue"]).status == 0)
    }

    private func event(_ number: Int, _ fields: String, day: Int = 5) -> String {
        // The fields before `id`, before `occurred_at`, before `source`, and at the end.
        let parts = fields.split(separator: "|", omittingEmptySubsequences: false)
        return """
            {\(parts[0])"id":"\(number)",\(parts[1])"occurred_at":"2026-01-0\(day)T09:00:00.000Z",\
            \(parts[2])"source":"portail","source_seq":\(number),\(parts[3])"v":1}

            """
    }

    private func access(_ number: Int, day: Int = 5) -> String {
        event(
            number,
            """
            "actor":{"account_kind":"pro","pid":"A0123456789ab","region":"75","role":"CONS_PRO"},\
            "decision":{"effect":"allow","policy_version":"\(String(repeating: "0", count: 64))"},\
            ||"offer_ref":"OF-1","outcome":"done","purpose":"P2-OFFRES",|"type":"offer.view",
            """, day: day)
    }

    private func append(_ text: String) throws {
        let outcome = try Tool.run(["log", "append", log], input: Data(text.utf8))
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    private var told: String {
        event(1, "\"body\":\"CSEC\",|\"level\":\"central\",||\"type\":\"cse.consult\",")
            + event(2, "||\"reference\":\"N-1\",|\"type\":\"notice.staff\",")
    }

    private func json(_ arguments: [String]) throws -> (Int32, [String: Any]) {
        let outcome = try Tool.run(arguments + ["-f", "json"])
        let value = try JSONSerialization.jsonObject(with: outcome.outputBytes)
        return (outcome.status, try #require(value as? [String: Any], "\(outcome.errors)"))
    }

    private func list(_ group: String) throws -> [String: Any] {
        try json(
            [
                group, "list", log, "--policies", policies, "--key", "@\(log).vkey",
            ] + Tool.reader
        ).1
    }

    private func step(_ name: String, _ id: String, _ options: [String] = []) throws -> Tool.Outcome
    {
        try Tool.run(
            ["case", name, log, id, "--policies", policies] + options)
    }

    @Test func aCaseIsLedThroughItsSteps() throws {
        try append(told + access(3) + access(4) + access(5))
        let before = try list("case")
        let cases = try #require(before["cases"] as? [[String: Any]])
        let item = try #require(cases.first { ($0["findings"] as? [Any])?.count == 3 })
        let id = try #require(item["id"] as? String)
        #expect(item["severity"] as? String == "critical" && item["raised"] as? Bool == true)
        let reviewer = ["--reviewer", "A0000000000d0"]
        let unheard = try step("confirm", id, reviewer + ["--outcome", "ECART"])
        #expect(unheard.status == 64, "\(unheard.errors)")
        let line = try step("assign", id, reviewer + ["--role", "CONS_PRO"])
        #expect(line.status == 77 && line.errors.contains("REV105"), "\(line.errors)")
        #expect(try step("assign", id, reviewer + ["--role", "DPO"]).status == 0)
        let early = try step("confirm", id, reviewer + ["--outcome", "ECART"])
        #expect(early.status == 64 && early.errors.contains("REV104"), "\(early.errors)")
        for (name, options) in [
            ("hear", []), ("confirm", reviewer + ["--outcome", "ECART"]),
            ("correct", ["--measure", "RAPPEL"]), ("close", []),
        ] {
            let outcome = try step(name, id, options)
            #expect(outcome.status == 0, "\(name): \(outcome.errors)")
        }
        let after = try list("case")
        let closed = (after["cases"] as? [[String: Any]])?.first { $0["id"] as? String == id }
        #expect(closed?["state"] as? String == "closed")
        #expect((closed?["steps"] as? [Any])?.count == 5)
        let rule = (after["rules"] as? [[String: Any]])?.first { $0["rule"] as? String == "R09" }
        #expect(rule?["confirmed"] as? Int == 3 && rule?["reviewed"] as? Int == 3)
        try precisionIsTold()
        #expect(try step("close", "CASE-000000000000").status == 66)
    }

    /// Beside the rule: in the audit's table and JSON, and in the officer's report.
    private func precisionIsTold() throws {
        let verb = ["audit", log, "--policies", policies, "--key", "@\(log).vkey"] + Tool.reader
        let table = try Tool.run(verb + ["--lang", "fr"])
        #expect(table.output.contains("R09    3          3         3         100\u{202F}%"))
        let run = folder.url.appending(path: "run.json").path
        let report = try json(verb + ["--report", "json=\(run)"]).1
        let precisions = try #require(report["precision"] as? [[String: Any]])
        #expect(precisions.map { $0["rule"] as? String } == ["R09"])
        let page = try Tool.run([
            "report", run, "--policies", policies, "-f", "html", "--lang", "en",
        ])
        #expect(page.output.contains("Precision of the rules, by the cases that were decided"))
        #expect(page.output.contains("<td>R09</td><td>3</td><td>3</td><td>3</td><td>100%</td>"))
    }

    /// Before anybody was consulted, nobody is named and no nominative step is taken (R21).
    @Test func nominativeStepsAreLocked() throws {
        try append(access(1) + access(2))
        let cases = try #require(try list("case")["cases"] as? [[String: Any]])
        #expect(cases.allSatisfy { $0["actor"] is NSNull })
        let id = try #require(cases.first?["id"] as? String)
        let locked = try step("assign", id, ["--reviewer", "A0000000000d0", "--role", "DPO"])
        #expect(locked.status == 77 && locked.errors.contains("REV103"), "\(locked.errors)")
    }

    @Test func aWaiverIsGrantedUsedAndRevoked() throws {
        try append(told)
        func grant(_ options: [String]) throws -> Tool.Outcome {
            try Tool.run(
                [
                    "waiver", "grant", log, "--rule", "R09", "--reason", "MIGRATION",
                    "--policies", policies,
                ] + options)
        }
        let people = ["--owner", "A00000000000a", "--approver", "A00000000000b"]
        let refused: [[String]] = [
            ["--owner", "A1", "--approver", "A1", "--scope", "region:75", "--until", "2026-02-01"],
            people + ["--scope", "region:75", "--until", "2099-01-01"],
            people + ["--scope", "country:FR", "--until", "2026-02-01"],
            people + ["--until", "2026-02-01"],
            people + ["--scope", "region:75", "--from", "2026-01-01", "--until", "2026-02-01"],
        ]
        for options in refused {
            let outcome = try grant(options)
            #expect(outcome.status == 3 && outcome.errors.contains("REV107"), "\(outcome.errors)")
        }
        let until = try until(days: 30)
        try unknownRulesAreRefused(people + ["--scope", "region:75", "--until", until])
        let granted = try grant(people + ["--scope", "region:75", "--until", until])
        #expect(granted.status == 0, "\(granted.errors)")
        let waivers = try #require(try list("waiver")["waivers"] as? [[String: Any]])
        try #require(waivers.count == 1)
        #expect((waivers[0]["faults"] as? [Any])?.isEmpty == true)
        let id = try #require(waivers[0]["id"] as? String)
        #expect(try Tool.run(["waiver", "revoke", log, "no", "--reason", "FIN"]).status == 66)
        #expect(try Tool.run(["waiver", "revoke", log, id, "--reason", "FIN"]).status == 0)
        let again = try Tool.run(["waiver", "revoke", log, id, "--reason", "FIN"])
        #expect(again.status == 66, "a waiver is revoked once")
        let after = try #require(try list("waiver")["waivers"] as? [[String: Any]])
        #expect(after[0]["revoked_at"] is String)
        #expect(try Tool.run(["waiver", "expire", log]).output.hasPrefix("Verdict: waivers at"))
    }

    /// A rule that no set has: refused, with the nearest; without any set to look in, refused too.
    private func unknownRulesAreRefused(_ options: [String]) throws {
        func grant(_ rule: String, _ more: [String] = ["--lang", "fr"]) throws -> Tool.Outcome {
            try Tool.run(
                ["waiver", "grant", log, "--rule", rule, "--reason", "X", "--dry-run"] + options
                    + more)
        }
        let sets = ["--policies", policies]
        let unknown = try grant("R99", sets + ["--lang", "fr"])
        #expect(unknown.status == 3, "\(unknown.errors)")
        #expect(
            unknown.errors.contains(
                "aucun jeu de règles n’a la règle `R99`\u{202F}: les plus proches sont R09, R19\n"),
            "\(unknown.errors)")
        let policy = try grant("r15-portefeuille", sets)
        #expect(policy.status == 3 && policy.errors.contains("nearest: R15\n"), "\(policy.errors)")
        #expect(try grant("R15", sets).status == 0)
        #expect(try grant("M02", sets).status == 0, "what the engine finds by itself")
        let alone = try grant("R15")
        #expect(alone.status == 3 && alone.errors.contains("le journal ne garde copie d’aucun"))
    }

    private func until(days: Double) throws -> String {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withFullDate]
        return formatter.string(from: Date(timeIntervalSinceNow: days * 86_400))
    }

    @Test func twoRunsAreCompared() throws {
        try append(told + access(3))
        let paths = ["one", "two"].map { folder.url.appending(path: "\($0).json").path }
        func audit(_ path: String) throws {
            let outcome = try Tool.run(
                [
                    "audit", log, "--policies", policies, "--key", "@\(log).vkey",
                    "--report", "json=\(path)",
                ] + Tool.reader)
            #expect(outcome.status == 1)
        }
        try audit(paths[0])
        try append(access(4, day: 6))
        try audit(paths[1])
        let (status, forth) = try json(["diff"] + paths)
        #expect(status == 1)
        #expect((forth["new"] as? [[String: Any]])?.compactMap { $0["rule"] as? String } == ["R09"])
        #expect((forth["fixed"] as? [Any])?.isEmpty == true)
        #expect((forth["open"] as? [Any])?.count == 1)
        let back = try Tool.run(["diff"] + paths.reversed() + ["--lang", "fr"])
        #expect(back.status == 0)
        #expect(back.output.contains("Disparus (1)") && back.output.contains("Nouveaux (0)"))
        #expect(try Tool.run(["diff", paths[0]]).status == 64)
        let wrong = try Tool.run(["diff", paths[0], log + "/checkpoint"])
        #expect(wrong.status == 65 && wrong.errors.contains("REV101"), "\(wrong.errors)")
    }

    /// An extension to the whole country, tried on the sample of the README.
    @Test(.enabled(if: ReadmeTests.hasSamples, "audit-samples/ is not there"))
    func anExtensionIsTried() throws {
        let pilot = PolicyCommandTests.pilot
        let arguments = [
            "diff", "--policies", pilot, pilot, "audit-samples/demo/log", "--key",
            "@audit-samples/demo/log.vkey",
        ]
        let (status, same) = try json(arguments)
        #expect(status == 0 && (same["rows"] as? [Any])?.isEmpty == true)
        #expect((same["examined"] as? Int ?? 0) > 80)
        let (_, fewer) = try json(arguments + ["--regions", "32"])
        let rows = try #require(fewer["rows"] as? [[String: Any]])
        #expect(
            rows.contains { $0["policy"] as? String == "R05" && $0["region"] as? String != "32" })
        #expect(try Tool.run(arguments + ["--regions", "99"]).status == 64)
    }
}
