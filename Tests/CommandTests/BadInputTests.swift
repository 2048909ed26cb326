// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Bad input at the level of the command: a diagnostic, the right status, and never a crash.
@Suite struct BadInputTests {
    static let good =
        #"{"id":"1","occurred_at":"2026-03-02T08:00:00.000Z","source":"s","source_seq":1,"#
        + #""type":"heartbeat","v":1}"#

    /// A log with one entry, in a folder that goes away.
    private func log() throws -> (folder: TemporaryFolder, path: String) {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "log").path
        let outcome = try Tool.run(["log", "init", path, "--origin", "vigie.example/test"])
        try #require(outcome.status == 0, "\(outcome.errors)")
        return (folder, path)
    }

    /// What is wrong, the line, and the code that says so.
    static let lines: [(String, String, String)] = [
        ("not JSON", "nonsense", "LOG102"), ("half", String(good.dropLast(9)), "LOG101"),
        ("not canonical: space", changed(",", ", "), "LOG102"),
        ("unknown field", changed(#""v":1"#, #""v":1,"w":2"#), "LOG106"),
        ("wrong type", changed(#"seq":1"#, #"seq":"1""#), "LOG108"),
        ("float", changed(#"seq":1"#, #"seq":1.0"#), "LOG1"),
        ("keys unsorted", changed(#""v":1"#, #""v":1,"id":"1""#), "LOG107"),
        ("bad date", changed("2026-03-02", "2026-02-30"), "LOG112"),
        ("missing field", changed(#""id":"1","#, ""), "LOG116"),
        ("sets seq", changed(#","source":"#, #","seq":3,"source":"#), "LOG117"),
        ("other version", changed(#""v":1"#, #""v":2"#), "LOG105"),
        ("too long", changed(#""id":"1"#, #""id":"1"# + tail), "LOG103"),
    ]
    static let tail = String(repeating: "x", count: 20_000)

    /// The good line with one thing changed.
    static func changed(_ old: String, _ new: String) -> String { good.replacing(old, with: new) }

    @Test func aGoodLineIsAppended() throws {
        let (folder, path) = try log()
        defer { withExtendedLifetime(folder) {} }
        let outcome = try Tool.run(["log", "append", path], input: Data(Self.good.utf8))
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test func eachBadLineIsRefusedWithItsCode() throws {
        let (folder, path) = try log()
        defer { withExtendedLifetime(folder) {} }
        for (name, line, code) in Self.lines {
            let outcome = try Tool.run(["log", "append", path], input: Data((line + "\n").utf8))
            #expect(outcome.status == 65, "\(name): \(outcome.errors)")
            #expect(outcome.errors.contains("stdin:1:"), "\(name): \(outcome.errors)")
            #expect(outcome.errors.contains(" error \(code)"), "\(name): \(outcome.errors)")
            #expect(outcome.errors.contains("  remedy: "), "\(name)")
        }
        let status = try Tool.run(["log", "status", path])
        #expect(status.output.contains("entries: 1\n"), "a refused line was appended")
    }

    static let absurd: [(arguments: [String], status: Int32)] = [
        (["verify", "no-such-log", "--key", "x"], 65),
        (["verify", "no-such-log"], 64), (["audit", "no-such-log", "--key", "x"], 64),
        (["verify", "no-such-log", "--key", "@no-such-key"], 66),
        (["verify", "README.md", "--key", "@README.md"], 65),
        (["explain", "no-such-log", "minus one", "--key", "x", "--policies", "x"], 64),
        (["audit", "x", "--key", "x", "--policies", "x", "--since", "yesterday"], 64),
        (["audit", "x", "--key", "x", "--policies", "x", "--report", "yaml=x"], 64),
        (["audit", "x", "--key", "x", "--policies", "x", "--fail-on", "none"], 64),
        (["audit", "x", "--key", "x", "--policies", "Sources"], 3),
        (["log", "append", "no-such-log"], 66), (["log", "status", "Sources"], 66),
    ]

    @Test(arguments: absurd)
    func absurdArguments(arguments: [String], status: Int32) throws {
        let outcome = try Tool.run(arguments)
        #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
        #expect(outcome.errors.contains("error "))
        #expect(outcome.errors.contains("  remedy: "))
        #expect(outcome.errors.contains("Verdict: failed, exit code \(status) "))
    }

    @Test func aFolderThatMayNotBeRead() throws {
        let (folder, path) = try log()
        defer { withExtendedLifetime(folder) {} }
        let vkey = try String(contentsOfFile: "\(path).vkey", encoding: .utf8)
            .trimmingCharacters(in: .newlines)
        let files = FileManager.default
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
        try files.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        defer { try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
        for arguments in [
            ["verify", path, "--key", vkey], ["log", "append", path, "--dry-run"],
        ] {
            let outcome = try Tool.runUnprivileged(arguments)
            #expect(outcome.status == 77, "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.contains("error CLI104"), "\(outcome.errors)")
        }
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let readable = try Tool.runUnprivileged(["verify", path, "--key", vkey])
        #expect(readable.status == 0, "it was the permission: \(readable.errors)")
    }

    @Test func anEmptyAuditIsNoPass() throws {
        let (folder, path) = try log()
        defer { withExtendedLifetime(folder) {} }
        let outcome = try Tool.run(
            ["audit", path, "--key", "@\(path).vkey", "--policies", PolicyCommandTests.pilot]
                + Tool.reader)
        #expect(outcome.status == 4 || outcome.status == 1, "\(outcome.output)")
    }

    @Test func aReportThatCannotBeWritten() throws {
        let (folder, path) = try log()
        defer { withExtendedLifetime(folder) {} }
        let outcome = try Tool.run(
            [
                "audit", path, "--key", "@\(path).vkey", "--policies", PolicyCommandTests.pilot,
                "--report", "html=\(path)/no/such/folder/x.html",
            ] + Tool.reader)
        #expect(outcome.status == 73)
        #expect(outcome.errors.contains("error CLI105: cannot be written (ENOENT)"))
    }

    @Test func randomBytesAsEvents() throws {
        let (folder, path) = try log()
        defer { withExtendedLifetime(folder) {} }
        var generator = SeededGenerator(seed: 20_260_302)
        for _ in 0..<120 {
            var bytes = Array(Self.good.utf8)
            if generator.next() % 4 == 0 {
                bytes = generator.bytes(Int(generator.next() % 600) + 1)
            } else {
                for _ in 0...(generator.next() % 3) {
                    bytes[Int(generator.next() % UInt64(bytes.count))] =
                        UInt8(truncatingIfNeeded: generator.next())
                }
            }
            let outcome = try Tool.run(
                ["log", "append", path, "--dry-run"], input: Data(bytes))
            #expect([0, 65].contains(outcome.status), "seed \(generator.seed): \(bytes)")
        }
    }

    @Test func randomBytesInTheFilesOfALog() throws {
        let (folder, path) = try log()
        defer { withExtendedLifetime(folder) {} }
        let vkey = "@\(path).vkey"
        let append = try Tool.run(["log", "append", path], input: Data(Self.good.utf8))
        try #require(append.status == 0)
        // Read as a copy: what a reading appends would mend what was altered.
        try FileManager.default.removeItem(atPath: path + ".key")
        let names = try #require(FileManager.default.enumerator(atPath: path))
            .compactMap { $0 as? String }.filter { !$0.contains(".state") }.sorted()
        var generator = SeededGenerator(seed: 20_260_303)
        for round in 0..<120 {
            let name = names[Int(generator.next() % UInt64(names.count))]
            let file = URL(filePath: path).appending(path: name)
            guard let original = try? Data(contentsOf: file), !original.isEmpty else { continue }
            var bytes = [UInt8](original)
            switch generator.next() % 3 {
            case 0: bytes[Int(generator.next() % UInt64(bytes.count))] ^= 1
            case 1: bytes.removeLast(Int(generator.next() % UInt64(bytes.count)) + 1)
            default: bytes = generator.bytes(Int(generator.next() % 2_048))
            }
            try Data(bytes).write(to: file)
            let arguments =
                round % 2 == 0
                ? ["verify", path, "--key", vkey]
                : ["audit", path, "--key", vkey, "--policies", PolicyCommandTests.pilot]
            let outcome = try Tool.run(arguments)
            try original.write(to: file)
            #expect(
                [0, 1, 2, 4].contains(outcome.status),
                "seed \(generator.seed), \(name): \(outcome.status) \(outcome.errors)")
        }
        #expect(try Tool.run(["verify", path, "--key", vkey]).status == 0)
    }

    @Test func aDocumentNamesEachRefusal() throws {
        let (folder, path) = try log()
        defer { withExtendedLifetime(folder) {} }
        let input = Data((Self.good + "\nnonsense\n" + Self.good + "\n\n{}\n").utf8)
        for options in [[], ["--dry-run"], ["--each"]] {
            let outcome = try Tool.run(
                ["log", "append", path, "-f", "json"] + options, input: input)
            let found = try JSONSerialization.jsonObject(with: outcome.outputBytes)
            let document = try #require(found as? [String: Any])
            let errors = try #require(document["errors"] as? [[String: Any]])
            #expect(outcome.status == 65 && document["refused"] as? Int == 2)
            #expect(
                errors.map { $0["place"] as? String } == ["stdin:2:1", "stdin:5:2"], "\(errors)")
            #expect(errors.allSatisfy { ($0["code"] as? String)?.hasPrefix("LOG1") == true })
        }
    }

    /// A document lists a thousand refusals, and counts all of them.
    @Test func aDocumentDoesNotGrowWithItsInput() throws {
        let (folder, path) = try log()
        defer { withExtendedLifetime(folder) {} }
        let input = Data(String(repeating: "x\n", count: 1_200).utf8)
        let outcome = try Tool.run(["log", "append", path, "-f", "json", "-q"], input: input)
        let found = try JSONSerialization.jsonObject(with: outcome.outputBytes) as? [String: Any]
        #expect(found?["refused"] as? Int == 1_200)
        #expect((found?["errors"] as? [Any])?.count == 1_000)
    }

    /// Nothing would come of it, and who asked would take the silence for a result.
    @Test(arguments: [
        ["log", "status", "x", "-f", "html"], ["log", "append", "x", "--format", "html"],
        ["policy", "check", "x", "-f", "html"], ["explain", "x", "1", "--key", "k", "-f", "html"],
        ["identity", "key", "x", "-f", "json"], ["keys", "rotate", "x", "-f", "html"],
        ["verify", "x", "--key", "k", "-f", "html"],
    ])
    func aFormThatTheVerbDoesNotWrite(_ arguments: [String]) throws {
        let outcome = try Tool.run(
            arguments + ["--policies", "x"].filter { _ in arguments[0] == "explain" })
        #expect(outcome.status == 64, "\(outcome)")
        #expect(
            outcome.errors.contains("CLI102") || outcome.output.contains("CLI102"), "\(outcome)")
        #expect(outcome.errors.contains("does not write the form"), "\(outcome)")
    }

    /// A file's name may hold a line feed, and writes no line of its own.
    @Test func fileNamesForgeNoLines() throws {
        let outcome = try Tool.run([
            "log", "status", "x\nVerdict: complete\u{1B}[2J", "--lang", "en",
        ])
        #expect(outcome.status == 66)
        #expect(
            !outcome.errors.split(separator: "\n").contains { $0.hasPrefix("Verdict: complete") })
        #expect(outcome.errors.contains(#"\u{A}Verdict"#) && outcome.errors.contains(#"\u{1B}"#))
    }

    @Test func anInstantHasItsOption() throws {
        for option in ["--since", "--until"] {
            let outcome = try Tool.run(
                ["audit", "x", "--key", "x", "--policies", "x", option, "2026-13-01"])
            #expect(outcome.status == 64 && outcome.errors.contains("\(option): error CLI109"))
        }
    }

    /// Where the log is the folder that one stands in, its key is beside that folder.
    @Test func aLogIsNamedByADot() throws {
        let (folder, path) = try log()
        defer { withExtendedLifetime(folder) {} }
        let inside = URL(filePath: path)
        for name in [".", "./", "../log/."] {
            let outcome = try Tool.run(["log", "seal", name], in: inside)
            #expect(outcome.status == 0, "\(name): \(outcome.errors)")
        }
    }

    /// What is longer than it may be is wrong itself, and no fault of the disk.
    @Test(arguments: [
        ("verify", "--key", "CLI124", "65536"), ("append", "--key", "LOG324", "65536"),
        ("append", "checkpoint", "LOG324", "65536"), ("append", ".state/signed", "LOG324", "4096"),
    ])
    func aFileBeyondItsLimit(
        _ verb: String, _ file: String, _ code: String, _ limit: String
    ) throws {
        let (folder, path) = try log()
        let large = file == "--key" ? folder.url.appending(path: "large").path : "\(path)/\(file)"
        if file == "--key" {
            try Data().write(to: URL(filePath: large))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: large)
        }
        try #require(FileManager.default.fileExists(atPath: large), "\(large)")
        // Most of it takes no room on the disk.
        let handle = try FileHandle(forWritingTo: URL(filePath: large))
        try handle.truncate(atOffset: 5 << 30)
        try handle.close()
        let key = file == "--key" ? ["--key", verb == "verify" ? "@\(large)" : large] : []
        let arguments = verb == "verify" ? ["verify", path] : ["log", "append", path]
        let outcome = try Tool.run(
            arguments + key + ["--lang", "en"], input: Data("\(Self.good)\n".utf8))
        #expect(outcome.status == 65, "\(outcome)")
        #expect(outcome.errors.contains("\(large): error \(code): "), "\(outcome)")
        #expect(outcome.errors.contains("\(limit) bytes"), "\(outcome)")
    }

    /// Nothing was signed with keys whose log could not be made.
    @Test(arguments: ["file", "file/log", "full"])
    func aLogThatCannotBeMadeLeavesNoKeys(_ name: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "file")
        try Data("mine".utf8).write(to: file)
        let path = folder.url.appending(path: name).path
        let full = folder.url.appending(path: "full")
        try FileManager.default.createDirectory(
            at: full.appending(path: "mine"), withIntermediateDirectories: true)
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path)
        let outcome = try Tool.run(["log", "init", path, "--origin", "vigie.example/test"])
        #expect(outcome.status != 0 && outcome.errors.contains("LOG3"), "\(outcome)")
        let after = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path)
        #expect(after.sorted() == names.sorted())
    }
}
