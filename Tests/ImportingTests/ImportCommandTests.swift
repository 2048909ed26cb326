// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `vigie log import` and `vigie log reconcile`, as a person runs them.
@Suite struct ImportCommandTests {
    /// Who reads, and why, where the log is signed.
    private static let reader = ["--as", "A00000000000f", "--case", "CASE-1"]

    let folder: URL
    let log: String
    let maps = ImporterTests.root.appending(path: "packaging/maps").path

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "vigie-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        log = folder.appending(path: "log").path
        #expect(try run(["log", "init", log, "--origin", "vigie.example/essai"]).status == 0)
        try "jeanne@pro.example\tA0123456789ab\n".write(
            to: folder.appending(path: "people"), atomically: true, encoding: .utf8)
    }

    private func run(_ arguments: [String]) throws -> (
        status: Int32, output: String, errors: String
    ) {
        let files = ["out", "err"].map { folder.appending(path: $0) }
        for file in files { try Data().write(to: file) }
        let process = Process()
        let built = URL(
            filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        ).deletingLastPathComponent().appending(path: "vigie")
        process.executableURL =
            FileManager.default.isExecutableFile(atPath: built.path)
            ? built : ImporterTests.root.appending(path: ".build/debug/vigie")
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit, "\(arguments)")
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return (process.terminationStatus, texts[0], texts[1])
    }

    private func write(_ rows: [String]) throws -> String {
        let file = folder.appending(path: "export.csv")
        let text = ImporterTests.heading + rows.map { $0 + "\n" }.joined()
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    private func importing(_ rows: [String], _ options: [String] = []) throws -> (
        status: Int32, output: String, errors: String
    ) {
        try run(
            [
                "log", "import", log, "--from", "csv", "--file", try write(rows), "--map",
                maps + "/linkedin-recruiter-seats.yaml", "--pseudonyms",
                folder.appending(path: "people").path,
            ] + options)
    }

    private func size() throws -> String {
        let status = try run(["log", "status", log, "-f", "json"])
        return status.output.components(separatedBy: "\"size\": ").last?.prefix { $0.isNumber }
            .description ?? status.output
    }

    @Test func allOrNothingThenEachThenAgain() throws {
        let good = (1...3).map { "\($0),Activated,10/02/2026,00\($0),,,,,,," }
        let bad = "4,Assigned,10/02/2026,0042,marie@x.example,,,,jeanne@pro.example,,"
        let dry = try importing(good + [bad], ["--each", "--dry-run"])
        #expect(dry.status == 65 && dry.output.split(separator: "\n").count == 3, "\(dry)")
        #expect(dry.output.contains(#""source_seq":3"#) && dry.errors.contains("IMP115"))
        #expect(!dry.errors.contains("marie"))
        let refused = try importing(good + [bad])
        #expect(refused.status == 65 && refused.errors.contains(":5:"), "\(refused)")
        let before = try size()
        #expect(before == (try size()))
        let each = try importing(good + [bad], ["--each"])
        #expect(each.status == 65 && each.output.contains("appended: 3"), "\(each)")
        // Again, with one more: what is known appends nothing, and the counter has no gap.
        let again = try importing(good + ["5,Activated,10/02/2026,005,,,,,,,"])
        #expect(
            again.status == 0 && again.output.contains("appended: 1, known already: 3"), "\(again)")
        let verified = try run(["verify", log, "--key", "@\(log).vkey"])
        #expect(verified.status == 0, "\(verified)")
        let lines = try run(["log", "export", log, "--key", "@\(log).vkey"] + Self.reader).output
        #expect(lines.components(separatedBy: #""evidence":"imported""#).count == 5)
        #expect(!lines.contains("@pro.example"))
    }

    @Test func differencesEndWithOne() throws {
        #expect(try importing(["1,Activated,10/02/2026,001,,,,,,,"]).status == 0)
        let seats = folder.appending(path: "seats.csv")
        func reconcile(_ text: String, _ map: String) throws -> (
            status: Int32, output: String, errors: String
        ) {
            try text.write(to: seats, atomically: true, encoding: .utf8)
            return try run(
                [
                    "log", "reconcile", log, "--key", "@\(log).vkey", "--export", seats.path,
                    "--map", "\(maps)/linkedin-recruiter-\(map).yaml", "--lang", "fr",
                ] + Self.reader)
        }
        #expect(try reconcile("Seat ID\n001\n", "billing").status == 0)
        let billed = try reconcile("Seat ID\n001\n002\n", "billing")
        #expect(billed.status == 1 && billed.output.contains("REC103"), "\(billed)")
        let usage = try reconcile(
            "Date,Seat ID,Profiles viewed,Searches performed,InMails sent\n10/02/2026,001,3,0,0\n",
            "usage")
        #expect(usage.status == 1 && usage.output.contains("angle mort"), "\(usage)")
        #expect(try reconcile("Seat ID,Mood\n1,x\n", "billing").status == 65)
        #expect(try reconcile("Seat ID\n1\n", "seats").status == 78)
        for (text, map) in [("", "usage"), ("", "billing"), ("Seat ID\n", "billing")] {
            let nothing = try reconcile(text, map)
            #expect(nothing.status == 4 && nothing.output.contains("aucune ligne"), "\(nothing)")
        }
    }

    /// A name in an input writes no line of its own.
    @Test func namesForgeNoLines() throws {
        let map = folder.appending(path: "forged.yaml")
        try #""x`)\n  remedy: none\nVerdict: entries appended: 9\u2028\u202e": 1"#.write(
            to: map, atomically: true, encoding: .utf8)
        let forged = try run(
            [
                "log", "import", log, "--from", "csv", "--file", try write([]), "--map", map.path,
                "--lang", "en",
            ])
        let lines = forged.errors.split(separator: "\n")
        #expect(forged.status == 78 && lines.first?.contains("IMP202") == true, "\(forged)")
        #expect(lines.count { $0.hasPrefix("  remedy") } == 1 && !lines.contains("  remedy: none"))
        #expect(!lines.contains { $0.hasPrefix("Verdict: entries") }, "\(forged)")
        #expect(forged.errors.contains(#"\u{A}"#) && forged.errors.contains(#"\u{202E}"#))
    }

    /// What the log refuses, a dry run refuses, and each other record is appended.
    @Test func whatOnlyTheLogSaysIsRefusedByItself() throws {
        let file = folder.appending(path: "own.jsonl")
        func record(_ type: String, _ source: String, _ members: String) -> String {
            #"{"type":"\#(type)","source":"\#(source)","#
                + #""occurred_at":"2026-01-05T09:00:00.000Z",\#(members)}"# + "\n"
        }
        let key = #""key_id":"k1","key":"k1""#
        let digest = String(repeating: "a", count: 64)
        let anchor = #""head":"\#(digest)","last":1,"reference":"r1""#
        let text =
            record("ingest.batch", "s", #""count":1"#) + record("key.rotate", "s", key)
            + record("log.anchor", "s", anchor) + record("ingest.batch", "vigie", #""count":1"#)
            + record("ingest.batch", "s", #""count":2"#)
        try text.write(to: file, atomically: true, encoding: .utf8)
        let command = ["log", "import", log, "--from", "jsonl", "--file", file.path]
        let before = try size()
        let dry = try run(command + ["--each", "--dry-run"])
        let lines = dry.output.split(separator: "\n")
        #expect(dry.status == 65 && lines.count == 2, "\(dry)")
        #expect(lines.last?.contains(#""source_seq":2"#) == true)
        for code in ["LOG118", "LOG119"] { #expect(dry.errors.contains(code), "\(dry.errors)") }
        #expect(try run(command + ["--dry-run"]).status == 65)
        #expect(try run(command).status == 65)
        #expect(try size() == before)
        let each = try run(command + ["--each"])
        #expect(each.status == 65 && each.output.contains("appended: 2"), "\(each)")
        #expect(each.output.contains("refused: 3"), "\(each)")
    }

    /// What the log holds under an identifier is not what the export now says under it.
    @Test func otherContentIsNotKnownAlready() throws {
        let rows = (1...2).map { "\($0),Activated,10/02/2026,00\($0),,,,,,," }
        #expect(try importing(rows).status == 0)
        #expect(try importing(rows).status == 0)
        let changed = rows.map { $0.replacingOccurrences(of: ",002,", with: ",009,") }
        for options in [[], ["--dry-run"], ["--each"]] {
            let again = try importing(changed, options)
            let said = again.output + again.errors
            #expect(again.status == 4 && said.contains("with another content: 1"), "\(again)")
            #expect(again.errors.contains("export.csv:3:1: error IMP121"), "\(again)")
        }
    }

    @Test func anImportOfNothingIsSaid() throws {
        for options in [[], ["--dry-run"], ["--each"]] {
            let nothing = try importing([], options)
            let said = nothing.output + nothing.errors
            #expect(nothing.status == 4 && said.contains("holds no record"), "\(nothing)")
        }
        let json = try importing([], ["-f", "json"])
        #expect(json.status == 4 && json.output.contains("\"complete\": false"), "\(json)")
    }

    private func document(_ text: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    /// Who reads the output by a program gets a document of each import, also of one that is refused.
    @Test func everyImportIsADocument() throws {
        let good = (1...2).map { "\($0),Activated,10/02/2026,00\($0),,,,,,," }
        let bad = "4,Assigned,10/02/2026,0042,marie@x.example,,,,jeanne@pro.example,,"
        for options in [[], ["--each", "--dry-run"], ["--dry-run"]] {
            let outcome = try importing(good + [bad], options + ["-f", "json"])
            let found = try document(outcome.output)
            let errors = try #require(found["errors"] as? [[String: Any]])
            #expect(outcome.status == 65 && found["exit_code"] as? Int == 65, "\(outcome)")
            #expect(
                found["refused"] as? Int == 1 && errors.map { $0["code"] as? String } == ["IMP115"])
            #expect((errors[0]["place"] as? String)?.contains("export.csv:4:") == true, "\(errors)")
            #expect(found["dry_run"] as? Bool == options.contains("--dry-run"))
        }
        let dry = try importing(good, ["--dry-run", "-f", "json"])
        let events = try #require(try document(dry.output)["events"] as? [String])
        #expect(dry.status == 0 && events.count == 2)
        // As they stand, `log append` takes them.
        let file = folder.appending(path: "events.jsonl")
        try (events.joined(separator: "\n") + "\n").write(
            to: file, atomically: true, encoding: .utf8)
        #expect(try run(["log", "append", log, "--file", file.path]).status == 0)
        let changed = try importing(
            good.map { $0.replacingOccurrences(of: ",002,", with: ",009,") }, ["-f", "json"])
        let conflicts = try document(changed.output)["conflicts"] as? [[String: Any]]
        #expect(changed.status == 4 && conflicts?.first?["code"] as? String == "IMP121")
    }

    @Test func anUnreadableExportIsADocument() throws {
        let seats = folder.appending(path: "seats.csv")
        try "Seat ID\n001,2\n".write(to: seats, atomically: true, encoding: .utf8)
        let outcome = try run(
            [
                "log", "reconcile", log, "--key", "@\(log).vkey", "--export", seats.path, "--map",
                "\(maps)/linkedin-recruiter-billing.yaml", "-f", "json",
            ] + Self.reader)
        let found = try document(outcome.output)
        let errors = found["errors"] as? [[String: Any]]
        #expect(outcome.status == 65 && found["complete"] as? Bool == false, "\(outcome)")
        #expect(errors?.map { $0["code"] as? String } == ["IMP103"], "\(outcome)")
    }
}
