// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Who holds the master key and knows an identifier learns its pseudonym from no command unless the
/// log says that they asked.
@Suite struct IdentityLookupTests {
    private let folder: TemporaryFolder
    private let log: String
    private let vault: String
    private let person: String
    private static let actor = "A00000000000d"

    init() throws {
        folder = try TemporaryFolder()
        let folder = folder.url
        func path(_ name: String) -> String { folder.appending(path: name).path }
        (log, vault) = (path("log"), path("v"))
        var commands = [["log", "init", log, "--origin", "vigie.example/essai"]]
        commands += ["dpo", "cse"].map { ["identity", "key", path($0)] }
        commands.append([
            "identity", "init", vault, "--dpo", path("dpo.pub"), "--cse", path("cse.pub"),
        ])
        for command in commands { try #require(try Tool.run(command).status == 0) }
        let added = try Tool.run(
            ["identity", "add", vault, "--kind", "jobseeker", "--period", "2026"]
                + IdentityCommandTests.enrolling(log),
            input: Data("DE-7731\tBilal Roux\n".utf8))
        person = String(try #require(added.output.split(separator: "\n").first))
    }

    private var asking: [String] {
        ["--log", log, "--key", "@\(log).vkey", "--as", Self.actor, "--reference", "DSR-9"]
    }

    /// Every command that takes an identifier, with what it is given on standard input.
    private func commands(_ identifier: String) -> [(arguments: [String], input: String)] {
        [
            (
                ["identity", "add", vault, "--kind", "jobseeker", "--period", "2026"] + asking,
                "\(identifier)\tBilal Roux\n"
            ),
            (
                ["identity", "erase", vault, "--period", "2026", "--dry-run"] + asking,
                "\(identifier)\n"
            ),
            (
                ["identity", "report", vault, "--period", "2026", "-f", "json"] + asking,
                "\(identifier)\n"
            ),
            (["identity", "erase", vault, "--period", "2026"] + asking, "\(identifier)\n"),
        ]
    }

    /// The entries that say that somebody looked.
    private func lookups() throws -> [[String: Any]] {
        let export = try Tool.run(["log", "export", log, "--key", "@\(log).vkey"] + Tool.reader)
        try #require(export.status == 0, "\(export.errors)")
        return try export.output.split(separator: "\n").compactMap { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        }.filter { $0["type"] as? String == "pseudonym.lookup" }
    }

    @Test func everyAnswerIsAnEntryFirst() throws {
        var count = try lookups().count
        #expect(count == 1)
        for (arguments, input) in commands("DE-7731") {
            _ = try Tool.run(arguments, input: Data(input.utf8))
            let entries = try lookups()
            count += 1
            #expect(entries.count == count, "\(arguments)")
            let last = try #require(entries.last)
            #expect((last["actor"] as? [String: Any])?["pid"] as? String == Self.actor)
            #expect(last["reference"] as? String == "DSR-9")
            #expect((last["subject"] as? [String: Any])?["pid"] as? String == person)
        }
        // Erased by the last of these: that somebody is not known is told as carefully.
        for (arguments, input) in commands("DE-7731").dropFirst() {
            #expect(try Tool.run(arguments, input: Data(input.utf8)).errors.contains("IDN106"))
            let entries = try lookups()
            count += 1
            #expect(entries.count == count, "\(arguments)")
            #expect(entries.last?["subject"] == nil)
        }
    }

    @Test func withoutAnEntryNothingIsTold() throws {
        try FileManager.default.removeItem(atPath: log + ".key")
        for (known, unknown) in zip(commands("DE-7731"), commands("DE-0000")) {
            let told = try [known, unknown].map {
                try Tool.run($0.arguments, input: Data($0.input.utf8))
            }
            #expect(told[0].status != 0, "\(known.arguments)")
            #expect(!(told[0].output + told[0].errors).contains(person))
            // The one cannot be told from the other.
            #expect(told[0].status == told[1].status && told[0].errors == told[1].errors)
            #expect(told[0].output == told[1].output)
        }
    }

    @Test func theHashOfABatchFitsItsAnswerAlone() throws {
        let lines = (1...40).map { "DE-\($0)\tNom \($0)\n" }.joined()
        let arguments = ["identity", "add", vault, "--kind", "jobseeker", "--period", "2026"]
        let batch = try Tool.run(arguments + asking, input: Data(lines.utf8))
        #expect(batch.output.split(separator: "\n").count == 40)
        let entry = try #require(try lookups().last)
        #expect(entry["count"] as? Int == 40)
        #expect(entry["subject"] == nil)
        let file = folder.url.appending(path: "answer")
        try batch.outputBytes.write(to: file)
        let digest = Process()
        let pipe = Pipe()
        digest.executableURL = URL(filePath: "/usr/bin/sha256sum")
        digest.arguments = [file.path]
        digest.standardOutput = pipe
        try digest.run()
        digest.waitUntilExit()
        let told = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(told.prefix(64) == (entry["document_hash"] as? String ?? "")[...])
    }
}
