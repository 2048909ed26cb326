// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What the officer reads of a saved run.
@Suite struct OfficerReportTests {
    private func report(_ run: String, _ more: [String] = []) throws -> Tool.Outcome {
        try Tool.run(
            ["report", run, "--audience", "dpo", "--policies", SummaryScene.policies] + more)
    }

    @Test func everyLineHasAStateAndItsRules() throws {
        let run = "audit-samples/demo/expected.json"
        let outcome = try report(run, ["--lang", "fr"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 33)
        for (place, line) in lines.prefix(32).enumerated() {
            #expect(line.hasPrefix("\(place + 1). ") && line.contains(" – "))
        }
        // The story of the demonstration breaks R02 and R14, and no rule of R01.
        #expect(lines[0].contains("[R01] – conforme"))
        #expect(lines[1].contains("à vérifier sur pièces"))
        #expect(lines[13].contains("[R02] – constats"))
        #expect(lines[29].contains("[W01, W02, W03, W04] – conforme"))
        // The policy set has every rule of the list, R30 and others on several sheets.
        #expect(!outcome.output.contains("non contrôlé"))
        #expect(lines[19].contains("– constats"))
        #expect(lines[32].hasPrefix("Verdict\u{202F}: points avec constats"))
    }

    @Test func thePageNamesNobodyAndRunsNothing() throws {
        for language in ["fr", "en"] {
            let page = try report(
                "audit-samples/demo/expected.json", ["-f", "html", "--lang", language])
            #expect(page.status == 0, "\(page.errors)")
            #expect(page.output.hasPrefix("<!DOCTYPE html>\n<html lang=\"\(language)\""))
            #expect(!page.output.contains("<script"))
            #expect(page.output.firstMatch(of: /[AP][0-9a-f]{12}/) == nil)
            #expect(page.output.components(separatedBy: "<tr>").count > 40)
        }
    }

    /// On a log that is not intact nothing counts as kept.
    @Test func findingNothingProvesNothingOnABrokenLog() throws {
        let outcome = try report("audit-samples/altered-payload/expected.json", ["--lang", "en"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(!outcome.output.contains(" – kept") && outcome.output.contains("not proved"))
        #expect(outcome.output.contains("[R35] – findings"))
    }

    /// With the log at hand: each source's days; with another log, nothing.
    @Test func eachSourceHasItsDays() throws {
        func page(_ story: String) throws -> Tool.Outcome {
            try report(
                "audit-samples/demo/expected.json",
                [
                    "-f", "html", "--lang", "en", "--log", "audit-samples/\(story)/log", "--key",
                    "@audit-samples/\(story)/log.vkey",
                ])
        }
        let found = try page("demo")
        #expect(found.status == 0, "\(found.errors)")
        #expect(found.output.contains("Coverage, source by source"))
        #expect(found.output.firstMatch(of: /[AP][0-9a-f]{12}/) == nil)
        for story in ["intact", "altered-payload"] {
            let outcome = try page(story)
            #expect(outcome.status == 65 && outcome.errors.contains("CLI122"), "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
        #expect(
            try report("audit-samples/demo/expected.json", ["--log", "x"]).status == 64)
    }

    @Test func badInputIsRefused() throws {
        #expect(try report("audit-samples/demo/log.vkey").status == 65)
        #expect(try report("no-such-file").status == 66)
        let council = try Tool.run([
            "report", "audit-samples/demo/expected.json", "--audience", "cse", "--policies",
            SummaryScene.policies,
        ])
        #expect(council.status == 64 && council.errors.contains("vigie summary release"))
    }
}
