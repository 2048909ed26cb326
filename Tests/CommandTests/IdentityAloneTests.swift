// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// One person with the vault, the master key, the log's key and one custodian's key: every command
/// is tried, and none names anybody.
@Suite struct IdentityAloneTests {
    private let folder: TemporaryFolder
    private let person: String
    private static let officer = "A00000000000d"
    private static let delegate = "A00000000000c"
    private static let secrets = ["Bilal", "Roux", "DE-7731"]

    private func path(_ name: String) -> String { folder.url.appending(path: name).path }

    init() throws {
        folder = try TemporaryFolder()
        let folder = folder.url
        func path(_ name: String) -> String { folder.appending(path: name).path }
        var commands = [["log", "init", path("log"), "--origin", "vigie.example/essai"]]
        commands += ["dpo", "cse"].map { ["identity", "key", path($0)] }
        commands.append([
            "identity", "init", path("v"), "--dpo", path("dpo.pub"), "--cse", path("cse.pub"),
        ])
        for command in commands { try #require(try Tool.run(command).status == 0) }
        let added = try Tool.run(
            ["identity", "add", path("v"), "--kind", "jobseeker", "--period", "2026"]
                + IdentityCommandTests.enrolling(path("log")),
            input: Data("DE-7731\tBilal Roux\n".utf8))
        person = String(try #require(added.output.split(separator: "\n").first))
        try append([
            #"{"body":"CSEC","id":"1","level":"central","occurred_at":"2026-01-05T09:00:00.000Z","#
                + #""source":"rh","source_seq":1,"type":"cse.consult","v":1}"#,
            #"{"id":"2","occurred_at":"2026-01-05T09:00:00.000Z","reference":"N1","source":"rh","#
                + #""source_seq":2,"type":"notice.staff","v":1}"#,
            """
            {"actor":{"account_kind":"pro","pid":"\(Self.delegate)","region":"28",\
            "role":"CONS_PRO"},"categories":["SA"],"id":"3","occurred_at":\
            "2026-03-02T09:00:00.000Z","outcome":"done","purpose":"P3-PROMOTION","source":"rh",\
            "source_seq":3,"subject":{"pid":"\(person)"},"type":"profile.view","v":1}
            """,
        ])
    }

    private func append(_ lines: [String]) throws {
        let outcome = try Tool.run(
            ["log", "append", path("log")], input: Data(lines.joined(separator: "\n").utf8))
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    private var journal: [String] { ["--log", path("log"), "--key", "@\(path("log")).vkey"] }

    private func resolve(_ step: String, _ seat: String, as actor: String) -> [String] {
        ["identity", "resolve", step, path("v")] + journal
            + [
                "--as", actor, "--case", "CASE-1", "--reference", "R-1", "--custodian", seat,
                "--custodian-key", path("dpo"),
            ] + (step == "request" ? ["--pid", person] : [])
    }

    @Test func noCommandNamesAnybody() throws {
        let reader = journal + ["--as", Self.officer, "--reference", "DSR-1"]
        var commands: [[String]] = [
            ["identity", "check", path("v")] + journal + Tool.reader,
            ["identity", "backup", path("v"), path("copy")],
            ["identity", "restore", path("back"), path("copy"), "--master-key", path("v.key")]
                + journal,
            ["identity", "erase", path("v"), "--pid", person, "--dry-run"] + reader,
            ["log", "export", path("log"), "--key", "@\(path("log")).vkey"] + Tool.reader,
            ["verify", path("log"), "--key", "@\(path("log")).vkey"],
        ]
        for format in ["plain", "json", "html"] {
            commands.append(
                ["identity", "report", path("v"), "--pid", person, "-f", format] + reader)
            commands.append(["identity", "trail", "--pid", Self.delegate, "-f", format] + reader)
            commands.append(
                [
                    "audit", path("log"), "--policies", SummaryScene.policies, "--key",
                    "@\(path("log")).vkey", "-f", format,
                ] + Tool.reader)
        }
        // The three steps in every order and under every seat and name, with the one key.
        for step in ["request", "approve", "open"] {
            for seat in ["dpo", "cse"] {
                for actor in [Self.officer, Self.delegate] {
                    commands.append(resolve(step, seat, as: actor))
                }
            }
        }
        for command in commands {
            let outcome = try Tool.run(command)
            for secret in Self.secrets {
                #expect(
                    !(outcome.output + outcome.errors).contains(secret),
                    "\(command.prefix(3)): \(secret)")
            }
        }
        #expect(try Tool.run(resolve("open", "dpo", as: Self.officer)).status == 77)
        // No file of the vault, its copies or the log holds a name in clear.
        let names = try #require(FileManager.default.enumerator(atPath: folder.url.path))
        var count = 0
        for case let name as String in names {
            guard let bytes = FileManager.default.contents(atPath: path(name)) else { continue }
            count += 1
            for secret in Self.secrets {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name): \(secret)")
            }
        }
        #expect(count > 8)
    }

    @Test func anErasureChangesNoFinding() throws {
        func findings() throws -> [String] {
            let run = try Tool.run(
                [
                    "audit", path("log"), "--policies", SummaryScene.policies, "--key",
                    "@\(path("log")).vkey", "-f", "json",
                ] + Tool.reader)
            let json = try #require(
                try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
            let found = try #require(json["findings"] as? [[String: Any]])
            return found.compactMap { $0["fingerprint"] as? String }
        }
        let before = try findings()
        #expect(!before.isEmpty)
        let erased = try Tool.run(
            ["identity", "erase", path("v"), "--pid", person] + journal
                + ["--as", Self.officer, "--reference", "DSR-2"])
        #expect(erased.status == 0, "\(erased.errors)")
        #expect(try findings() == before)
        #expect(
            try Tool.run(["verify", path("log"), "--key", "@\(path("log")).vkey"]).status == 0)
        let check = try Tool.run(["identity", "check", path("v")] + journal + Tool.reader)
        #expect(!check.output.contains(person))
    }
}
