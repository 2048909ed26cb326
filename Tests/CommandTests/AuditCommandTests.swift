// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `audit` and `explain` on the sample logs, as a person runs them.
@Suite(.enabled(if: ReadmeTests.hasSamples, "audit-samples/ is not there"))
struct AuditCommandTests {
    private func arguments(_ story: String, verb: [String] = ["audit"]) -> [String] {
        let folder = "audit-samples/\(story)"
        return [verb[0], "\(folder)/log"] + verb.dropFirst() + [
            "--policies", PolicyCommandTests.pilot, "--key", "@\(folder)/log.vkey",
        ]
    }

    private func document(_ data: Data) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func onePassWritesEveryReport() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let paths = ["html", "json", "plain", "table"].map {
            (form: $0, url: folder.url.appending(path: "audit.\($0)"))
        }
        let reports = paths.flatMap { ["--report", "\($0.form)=\($0.url.path)"] }
        let outcome = try Tool.run(arguments("demo") + ["-f", "json"] + reports)
        #expect(outcome.status == 1)
        let printed = try document(outcome.outputBytes)
        #expect(printed["exit_code"] as? Int == 1)
        #expect((printed["findings"] as? [Any])?.isEmpty == false)
        #expect(outcome.errors.contains("\nVerdict: log intact, audit complete; "))
        for path in paths {
            let data = try Data(contentsOf: path.url)
            #expect(data.count > 1_000)
            if path.form == "json" { #expect(data == outcome.outputBytes) }
        }
    }

    @Test(
        arguments: [
            ("demo", ["--fail-on", "never"], 0), ("demo", ["--fail-on", "critical"], 1),
            ("outside-portfolio", ["--fail-on", "critical"], 0),
            ("demo", ["--since", "2030-01-01"], 4), ("demo", ["--until", "2020-01-01"], 4),
            ("altered-payload", ["--fail-on", "never"], 2), ("intact", [], 0),
        ] as [(String, [String], Int32)])
    func theStatusFollowsTheTable(story: String, options: [String], status: Int32) throws {
        let outcome = try Tool.run(arguments(story) + options)
        #expect(outcome.status == status, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.split(separator: "\n").last?.hasPrefix("Verdict: ") == true)
    }

    @Test func anAlteredLogIsNotJudged() throws {
        let outcome = try Tool.run(arguments("altered-payload") + ["-f", "json"])
        let report = try document(outcome.outputBytes)
        #expect(report["complete"] as? Bool == false)
        #expect((report["findings"] as? [Any])?.isEmpty == true)
        let integrity = try #require(report["integrity"] as? [String: Any])
        #expect(integrity["intact"] as? Bool == false)
        #expect(integrity["first_bad_index"] is Int)
    }

    @Test func anEntryIsExplained() throws {
        let audit = try document(
            Tool.run(arguments("outside-portfolio") + ["-f", "json"]).outputBytes)
        let finding = try #require((audit["findings"] as? [[String: Any]])?.first)
        let index = try #require(finding["entry_index"] as? Int)
        let verb = arguments("outside-portfolio", verb: ["explain", String(index)])
        let french = try Tool.run(verb + ["--lang", "fr"])
        #expect(french.status == 1)
        #expect(french.output.contains("Interdit par R15"))
        #expect(french.output.contains("  E9\u{202F}: non – "))
        #expect(french.output.split(separator: "\n").last?.hasPrefix("Verdict") == true)
        let page = try document(Tool.run(verb + ["-f", "json"]).outputBytes)
        #expect(page["answer"] as? String == "forbidden")
        #expect((page["templates"] as? [Any])?.count == 9)
        let opening = try Tool.run(arguments("demo", verb: ["explain", "0"]))
        #expect(opening.status == 0)
        #expect(opening.output.contains("no policy speaks of this entry"))
    }

    /// A finding of a rule over time is told in a sentence with its witnesses, at its own entry and at
    /// theirs, and each of them can be proven without the log.
    @Test func aRuleOverTimeIsExplainedAndProven() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let audit = try document(Tool.run(arguments("over-the-cap") + ["-f", "json"]).outputBytes)
        let finding = try #require(
            (audit["findings"] as? [[String: Any]])?.first { $0["rule"] as? String == "R30" })
        let index = try #require(finding["entry_index"] as? Int)
        let witnesses = try #require(finding["witnesses"] as? [[String: Any]])
        let indexes = witnesses.compactMap { $0["entry_index"] as? Int }
        let proofs = folder.url.appending(path: "proofs").path
        let verb = arguments("over-the-cap", verb: ["explain", String(index)])
        let page = try Tool.run(verb + ["--lang", "en", "--proofs", proofs])
        #expect(page.status == 1)
        #expect(page.output.contains("The rule R30-total: at most 500 licences active at once"))
        #expect(page.output.contains("Entries that show it: \(indexes[0]) ("))
        let other = try #require(indexes.first { $0 != index })
        let seen = try Tool.run(
            arguments("over-the-cap", verb: ["explain", String(other)]) + ["--lang", "en"])
        #expect(seen.status == 0)
        #expect(seen.output.contains("The entry also shows this finding:"))
        for index in indexes {
            let proof = "\(proofs)/entry-\(index).tlog-proof"
            let outcome = try Tool.run([
                "prove", "verify", proof, "--key", "@audit-samples/over-the-cap/log.vkey",
            ])
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    @Test func statisticsTellWhatEachRuleHolds() throws {
        let page = try Tool.run(arguments("demo") + ["--stats", "--lang", "en"])
        #expect(page.output.contains("\nState of the rules in memory: "))
        let report = try document(
            Tool.run(arguments("demo") + ["--stats", "-f", "json"]).outputBytes)
        let statistics = try #require(report["statistics"] as? [String: Any])
        let rules = try #require(statistics["rules"] as? [[String: Any]])
        #expect(rules.count >= 40 && statistics["saved_state_bytes"] is NSNull)
        let views = rules.first { $0["policy"] as? String == "R31-jour" }
        #expect((views?["evaluated"] as? Int ?? 0) > 0 && (views?["state_bytes"] as? Int ?? 0) > 0)
        let plain = try document(Tool.run(arguments("demo") + ["-f", "json"]).outputBytes)
        #expect(plain["statistics"] == nil)
    }

    @Test func anEntryThatIsNotThere() throws {
        let outcome = try Tool.run(arguments("demo", verb: ["explain", "999999"]))
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("error CLI108: the log has no entry 999999"))
    }
}
