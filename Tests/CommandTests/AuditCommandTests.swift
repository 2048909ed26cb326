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

    @Test func anEntryThatIsNotThere() throws {
        let outcome = try Tool.run(arguments("demo", verb: ["explain", "999999"]))
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("error CLI108: the log has no entry 999999"))
    }
}
