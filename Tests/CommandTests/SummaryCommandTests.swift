// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The path of a summary, as the officer and the members of the council walk it.
@Suite struct SummaryCommandTests {
    let scene: SummaryScene

    init() throws { scene = try SummaryScene() }

    private func words(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func reference(_ outcome: Tool.Outcome) throws -> String {
        try #require(outcome.status == 0, "\(outcome.errors)")
        return String(try #require(outcome.output.split(separator: "\n").first))
    }

    @Test func whoMayAskFollowsFromTheMandatesOfTheLog() throws {
        let member = SummaryScene.member
        #expect(try scene.request(member, as: "CSE_ELU").status == 77)
        #expect(try scene.request(SummaryScene.central, as: "CSEC_ELU").status == 77)
        try scene.appoint(member, as: "CSE_ELU", for: "region:28")
        try scene.appoint(SummaryScene.central, as: "CSEC_ELU", for: "all")
        try scene.appoint(
            SummaryScene.expert, as: "CSE_EXPERT", for: "region:28",
            until: "2025-06-01T00:00:00.000Z")
        #expect(try scene.request(member, as: "CSE_ELU").status == 0)
        for perimeter in ["region:32", "all"] {
            #expect(try scene.request(member, as: "CSE_ELU", perimeter: perimeter).status == 77)
        }
        // A role that the log does not give, and a mandate that has ended.
        #expect(try scene.request(member, as: "CSEC_ELU", perimeter: "all").status == 77)
        #expect(try scene.request(SummaryScene.expert, as: "CSE_EXPERT").status == 77)
        let central = SummaryScene.central
        #expect(try scene.request(central, as: "CSEC_ELU", perimeter: "all").status == 0)
        let export = try Tool.run(
            ["log", "export", scene.log, "--key", "@\(scene.log).vkey"] + Tool.reader)
        let refusals = export.output.components(separatedBy: "\"summary.refuse\"").count - 1
        #expect(refusals == 6)
        // What was refused cannot be computed into a release.
        let number = try #require(
            export.output.components(separatedBy: "\"reference\":\"SUM-").dropFirst().first?
                .prefix { $0.isNumber })
        #expect(try scene.release("SUM-\(number)").status == 77)
    }

    @Test func releasedAndVerifiedAndNotWhenOneDigitDiffers() throws {
        try scene.appoint(SummaryScene.member, as: "CSE_ELU", for: "region:28")
        try scene.append(indicators)
        let asked = try reference(scene.request(SummaryScene.member, as: "CSE_ELU"))
        let computed = try scene.run("compute", ["--request", asked])
        #expect(computed.status == 0, "\(computed.errors)")
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(computed.output.utf8))
                as? [String: Any])
        let figures = try #require(json["figures"] as? [[String: Any]])
        func value(_ id: String) -> Int? {
            figures.first { $0["id"] as? String == id }?["value"] as? Int
        }
        #expect(value("accesses/region:28/2025-01/all") == 156)
        #expect(value("accesses/site:28-1/2025-01/all") == nil)
        #expect(figures.contains { $0["id"] as? String == "accesses/site:28-1/2025-01/all" })
        // Who asked does not approve.
        #expect(try scene.release(asked, approver: SummaryScene.member).status == 77)
        let released = try scene.release(asked)
        #expect(released.status == 0, "\(released.errors)")
        for language in ["fr", "en"] {
            let file = scene.path("synthese-region-28-2025-01.\(language).html")
            let page = try String(contentsOfFile: file, encoding: .utf8)
            #expect(!page.contains("A0000000010"), "no pseudonym")
            #expect(page.contains(language == "fr" ? "masqué (secret)" : "masked (secret)"))
            // Registered before measured, or said not to be.
            #expect(page.contains(language == "fr" ? "avant toute mesure" : "before any measure"))
            #expect(page.contains(language == "fr" ? "jamais enregistrée" : "never registered"))
            let verified = try scene.verify(file, last: language == "en")
            #expect(verified.status == 0, "\(verified.output)")
            let index = try #require(page.range(of: "156"))
            try page.replacingCharacters(in: index, with: "157")
                .write(toFile: scene.path("altered.html"), atomically: true, encoding: .utf8)
            let altered = try scene.verify(scene.path("altered.html"))
            #expect(altered.status == 2 && altered.output.contains("NO"), "\(altered.output)")
        }
        try scene.must(["log", "init", scene.path("other"), "--origin", "vigie.example/autre"])
        let file = scene.path("synthese-region-28-2025-01.en.html")
        #expect(try scene.verify(file, key: "@" + scene.path("other") + ".vkey").status == 2)
        #expect(try scene.verify(file, last: true).output.contains("this machine: yes"))
        #expect(try scene.verify(scene.log + ".vkey").status == 2)
    }

    /// One indicator whose definition came before its value, and one without.
    private var indicators: [String] {
        func report(_ name: String) -> String {
            scene.event(
                "indicator.report", "2025-01-20T09:00:00.000Z", #""indicator":"\#(name)""#,
                #""interval_high":6700"#, #""interval_low":5700"#, #""n":410"#, #""value":6200"#)
        }
        let definition = scene.event(
            "claim.register", "2025-01-03T09:00:00.000Z", #""indicator":"taux-de-pourvoi""#,
            #""method":"offres-pourvues-sur-closes""#, #""reference":"DEF-1""#, #""value":0"#)
        return [definition, report("taux-de-pourvoi"), report("taux-de-recours")]
    }

    @Test func lateEventsComeBackByACorrectionThatTellsOfNobody() throws {
        let asked = try reference(scene.request(SummaryScene.officer, as: "DPO"))
        let released = try scene.release(asked, approver: SummaryScene.central)
        #expect(released.status == 0, "\(released.errors)")
        let hash = words(
            String(released.output.components(separatedBy: "hash ").last?.dropLast(2) ?? ""))
        func correct() throws -> Tool.Outcome {
            try scene.run(
                "correct",
                [
                    "--release", String(hash.prefix(12)), "--reason", "late-events",
                    "--approver", SummaryScene.central, "--out", scene.folder.url.path,
                ])
        }
        try scene.append(scene.accesses(2, 0, times: 2))
        // One was late: either what is new is masked, or the correction is refused.
        let one = try correct()
        if one.status == 0 {
            let file = scene.path("correction-region-28-2025-01.fr.html")
            let page = try String(contentsOfFile: file, encoding: .utf8)
            #expect(!page.contains("\"value\": 160") && !page.contains("\"value\": 38"))
        } else {
            #expect(one.status == 77 && one.errors.contains("DIS110"), "\(one.errors)")
        }
        try scene.append((1..<12).flatMap { scene.accesses(2, $0, times: 2) })
        let many = try correct()
        #expect(many.status == 0, "\(many.errors)")
        for name in ["synthese", "correction"] {
            let file = scene.path("\(name)-region-28-2025-01.fr.html")
            #expect(try scene.verify(file).status == 0)
            let page = try String(contentsOfFile: file, encoding: .utf8)
            #expect(page.contains("Corrige la synthèse") == (name == "correction"))
            #expect(page.contains(name == "correction" ? "204" : "156"))
        }
        #expect(
            try scene.run(
                "correct",
                ["--release", "00000000", "--reason", "x", "--approver", "A0000000000c2"]
            ).status == 66)
    }

    @Test func aLedgerThatWasAlteredStopsEverything() throws {
        let asked = try reference(scene.request(SummaryScene.officer, as: "DPO"))
        #expect(try scene.release(asked, approver: SummaryScene.central).status == 0)
        let kept = scene.log + "/summaries"
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: kept)
                .first { $0.hasSuffix(".json") })
        let text = try String(contentsOfFile: "\(kept)/\(name)", encoding: .utf8)
        try text.replacingOccurrences(of: "156", with: "155")
            .write(toFile: "\(kept)/\(name)", atomically: true, encoding: .utf8)
        let again = try scene.run("compute", ["--request", asked])
        #expect(again.status == 2 && again.errors.contains("DIS111"), "\(again.errors)")
        try FileManager.default.removeItem(atPath: "\(kept)/\(name)")
        #expect(try scene.run("compute", ["--request", asked]).status == 2)
    }

    @Test func refusalsAndBadRequests() throws {
        let refused = try Tool.run([
            "summary", "refuse", scene.log, "--request", "SUM-1", "--perimeter", "all",
            "--reason", "outside-menu",
        ])
        #expect(refused.status == 0, "\(refused.errors)")
        let officer = SummaryScene.officer
        #expect(try scene.request(officer, as: "DPO", period: "2025-01-01").status == 64)
        #expect(try scene.request(officer, as: "DPO", perimeter: "team:3").status == 64)
        let open = try reference(scene.request(officer, as: "DPO", period: "2198-01"))
        let outcome = try scene.run("compute", ["--request", open])
        #expect(outcome.status == 69 && outcome.errors.contains("DIS109"))
        #expect(try scene.run("compute", ["--request", "SUM-0"]).status == 66)
    }

    @Test func theExpertHasRowsUnderADatedMandate() throws {
        func rows(_ perimeter: String = "region:28") throws -> Tool.Outcome {
            try Tool.run([
                "summary", "rows", scene.log, "--policies", SummaryScene.policies, "--requester",
                SummaryScene.expert, "--perimeter", perimeter, "--period", "2025-01", "--lang",
                "en",
            ])
        }
        #expect(try rows().errors.contains("DIS114"))
        try scene.append([
            scene.event(
                "cse.consult", "2025-01-02T09:00:00.000Z", #""body":"CSEC""#,
                #""level":"central""#),
            scene.event("notice.staff", "2025-01-02T09:00:00.000Z", #""reference":"N1""#),
        ])
        #expect(try rows().errors.contains("DIS113"))
        try scene.appoint(SummaryScene.expert, as: "CSE_EXPERT", for: "region:28")
        #expect(try rows("all").errors.contains("DIS113"))
        let extract = try rows()
        #expect(extract.status == 0, "\(extract.errors)")
        let lines = extract.output.split(whereSeparator: \.isNewline)
        #expect(lines.count == 157)
        #expect(!extract.output.contains("A000000") && !extract.output.contains("09:00"))
        #expect(Set(lines.dropFirst().compactMap { $0.split(separator: ";").first }).count == 26)
        #expect(try rows().output == extract.output)
        // Another mandate, other pseudonyms; and each extract is in the log.
        try scene.appoint(SummaryScene.expert, as: "CSE_EXPERT", for: "region:28")
        let other = try rows()
        let first = Set(lines.dropFirst().compactMap { $0.split(separator: ";").first })
        #expect(
            other.output.split(whereSeparator: \.isNewline).dropFirst()
                .allSatisfy { !first.contains($0.split(separator: ";")[0]) })
        let export = try Tool.run(
            ["log", "export", scene.log, "--key", "@\(scene.log).vkey"] + Tool.reader)
        #expect(export.output.components(separatedBy: "\"log.export\"").count == 4)
    }
}
