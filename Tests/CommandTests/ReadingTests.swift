// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Reading a log is itself logged: every command that shows rows of it (decision 0042).
@Suite struct ReadingTests {
    private let scene: SummaryScene
    private let caseID: String
    private static let seeker = "P00000000000a"
    private static let adviser = "A0000000020000".prefix(13)

    init() throws {
        scene = try SummaryScene()
        try scene.append([
            scene.event(
                "cse.consult", "2025-01-02T08:30:00.000Z", #""body":"CSEC""#, #""level":"central""#),
            scene.event("notice.staff", "2025-01-02T08:40:00.000Z", #""reference":"N-1""#),
            scene.event(
                "profile.view", "2025-01-20T09:00:00.000Z",
                """
                "actor":{"account_kind":"pro","establishment":"28-2","pid":"\(Self.adviser)",\
                "region":"28","role":"CONS_PRO"}
                """, #""categories":["SA"]"#, #""outcome":"done""#, #""purpose":"P3-PROMOTION""#,
                #""subject":{"pid":"\#(Self.seeker)"}"#),
        ])
        let listed = try Tool.run(
            ["case", "list", scene.log, "-f", "json"] + Self.judging(scene) + Tool.reader)
        let json = try JSONSerialization.jsonObject(with: listed.outputBytes) as? [String: Any]
        let cases = json?["cases"] as? [[String: Any]]
        caseID = try #require(cases?.first?["id"] as? String, "\(listed.errors)")
    }

    private static func judging(_ scene: SummaryScene) -> [String] {
        ["--policies", SummaryScene.policies, "--key", "@\(scene.log).vkey"]
    }

    /// Every command that shows rows, and whether they leave the log as they are.
    private func commands() throws -> [(arguments: [String], entry: String)] {
        let (log, key) = (scene.log, ["--key", "@\(scene.log).vkey"])
        let judging = Self.judging(scene)
        let seats = scene.path("seats.csv")
        try Data("Seat ID\n001\n".utf8).write(to: URL(filePath: seats))
        let map = "packaging/maps/linkedin-recruiter-billing.yaml"
        var found: [([String], String)] = ["plain", "json", "html"].map {
            (["audit", log, "-f", $0] + judging, "log.read")
        }
        found += [
            (["explain", log, "40"] + judging, "log.read"),
            (["explain", log, "40", "-f", "json"] + judging, "log.read"),
            (
                ["diff", "--policies", SummaryScene.policies, SummaryScene.policies, log] + key,
                "log.read"
            ),
            (["case", "list", log] + judging, "log.read"),
            (["case", "show", log, caseID] + judging, "log.read"),
            (["waiver", "list", log] + judging, "log.read"),
            (["log", "export", log] + key, "log.export"),
            (["log", "prove", log, "40", "--out", scene.path("proof")], "log.read"),
            (
                ["log", "reconcile", log, "--export", seats, "--map", map] + key,
                "log.read"
            ),
            (
                ["policy", "who", "--log", log, "--at", "2025-02-01", "--resource", Self.seeker]
                    + judging, "log.read"
            ),
            (
                ["policy", "what", "--log", log, "--at", "2025-02-01", "--principal"]
                    + [String(Self.adviser)] + judging, "log.read"
            ),
        ]
        return found
    }

    /// The entries that say that somebody read.
    private func readings() throws -> [[String: Any]] {
        // Of a copy, so that counting adds none.
        let copy = scene.path("copy-\(UUID().uuidString)")
        try FileManager.default.copyItem(atPath: scene.log, toPath: copy)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let export = try Tool.run(["log", "export", copy, "--key", "@\(scene.log).vkey"])
        try #require(export.status == 0, "\(export.errors)")
        return try export.output.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }.filter { ["log.read", "log.export"].contains($0["type"] as? String) }
    }

    private func shows(_ outcome: Tool.Outcome) -> Bool {
        let text = outcome.output + outcome.errors
        return text.contains(Self.adviser) || text.contains(Self.seeker)
            || text.contains("R03") || text.contains("28-2")
    }

    @Test func aReadingIsAnEntryOrIsRefused() throws {
        var count = try readings().count
        for (arguments, entry) in try commands() {
            let refused = try Tool.run(arguments)
            #expect(refused.status == 77, "\(arguments): \(refused.errors)")
            #expect(refused.errors.contains("CLI121") && !shows(refused), "\(arguments)")
            let half = try Tool.run(arguments + ["--as", "A00000000000f"])
            #expect(half.status == 77 && !shows(half), "\(arguments)")
            #expect(try readings().count == count, "\(arguments)")
            let done = try Tool.run(arguments + Tool.reader)
            #expect([0, 1, 4].contains(done.status), "\(arguments): \(done.errors)")
            let entries = try readings()
            count += 1
            #expect(entries.count == count, "\(arguments)")
            let last = try #require(entries.last)
            #expect(last["type"] as? String == entry, "\(arguments)")
            #expect((last["actor"] as? [String: Any])?["pid"] as? String == "A00000000000f")
            #expect(last["case_ref"] as? String == "CASE-1")
            #expect(last["first"] != nil && last["last"] != nil, "\(arguments)")
        }
        #expect(
            try Tool.run(["verify", scene.log, "--key", "@\(scene.log).vkey"]).status == 0)
    }

    /// With a key that does not sign nothing is shown; without any the folder is a copy.
    @Test func whatCannotBeRecordedIsNotShown() throws {
        let key = scene.log + ".key"
        let kept = try Data(contentsOf: URL(filePath: key))
        let commands = try commands()
        try Data("PRIVATE+KEY+nothing\n".utf8).write(to: URL(filePath: key))
        for (arguments, _) in commands {
            let outcome = try Tool.run(arguments + Tool.reader)
            #expect(outcome.status > 4 && !shows(outcome), "\(arguments): \(outcome.output)")
        }
        try FileManager.default.removeItem(atPath: key)
        for (arguments, _) in commands {
            let outcome = try Tool.run(arguments)
            #expect([0, 1, 4].contains(outcome.status), "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.contains("reading a copy"), "\(arguments)")
        }
        try kept.write(to: URL(filePath: key))
        #expect(try readings().count == 1)
    }
}
