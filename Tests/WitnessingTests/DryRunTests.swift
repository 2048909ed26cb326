// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `--dry-run` of what asks others, and of a witness's own verbs.
@Suite struct DryRunTests {
    let folder: Folder
    let log: String

    init() throws {
        folder = try Folder()
        log = folder.path("log")
        let made = try Program.run(["log", "init", log, "--origin", "vigie.example/essai"])
        #expect(made.status == 0, "\(made.errors)")
        try CosignTests.append(1..<300, to: log)
    }

    private func image() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.url.path) {
            files[name] = FileManager.default.contents(atPath: folder.path(name)) ?? Data()
        }
        return files
    }

    /// Runs a command dry, and requires that nothing changed.
    private func runDry(_ arguments: [String]) throws -> (
        status: Int32, output: String, errors: String
    ) {
        let before = try image()
        let said = try Program.run(arguments + ["--dry-run", "--lang", "en"])
        #expect(try image() == before, "\(arguments)")
        return said
    }

    @Test func aWitnessAndItsLogs() throws {
        let state = folder.path("temoin")
        let make = ["witness", "init", "--state", state, "--name", "cse.example/temoin"]
        let foreseen = try runDry(make)
        #expect(foreseen.status == 0 && foreseen.output.contains(state + ".key\n"), "\(foreseen)")
        #expect(try runDry(make.dropLast() + ["deux mots"]).status == 65)
        #expect(try Program.run(make).status == 0)
        #expect(try runDry(make).status == 73)
        let add = ["witness", "add-log", "--state", state, "@\(log).vkey"]
        #expect(try runDry(add).output.contains("would know vigie.example/essai"))
        #expect(try Program.run(add).status == 0)
        let again = try runDry(add)
        #expect(again.output.contains("knew this key of vigie.example/essai already"))
        let nowhere = ["witness", "add-log", "--state", state + ".nowhere", "@\(log).vkey"]
        #expect(try runDry(nowhere).status == Program.run(nowhere).status)
    }

    /// Nobody is asked: there is nobody at that address.
    @Test func aCosigningNamesWhoWouldBeAsked() throws {
        let state = folder.path("temoin")
        let made = try Program.run([
            "witness", "init", "--state", state, "--name", "cse.example/temoin",
        ])
        let key = try #require(made.output.split(separator: "\n").first)
        let ask = [
            "log", "cosign", log, "--key", "@\(log).vkey", "--witness", "http://127.0.0.1:1",
            "--witness-key", String(key),
        ]
        let said = try runDry(ask)
        #expect(said.status == 0, "\(said)")
        #expect(said.output.contains("cse.example/temoin http://127.0.0.1:1\n"))
        #expect(said.output.contains("head at 300 entries would be shown to 1 witness."))
        #expect(try Program.run(ask).status == 69)
        #expect(try runDry(ask.dropLast(4)).status == 64)
    }

    /// A rotation that was cut short keeps, once it is finished, the checkpoint that is stamped.
    @Test func anAnchorForeseesTheEndOfARotation() throws {
        let files = FileManager.default
        let names = ["checkpoint", ".state/signed", ".key"]
        func path(_ name: String) -> String { name == ".key" ? log + name : log + "/" + name }
        let before = try names.map { try Data(contentsOf: URL(filePath: path($0))) }
        #expect(try Program.run(["keys", "rotate", log]).status == 0)
        try files.moveItem(atPath: log + ".key", toPath: log + ".key.next")
        for (name, bytes) in zip(names, before) {
            try bytes.write(to: URL(filePath: path(name)))
        }
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: log + ".key")
        try files.removeItem(atPath: log + "/checkpoints/301")
        let ask = ["log", "anchor", log, "--request", folder.path("q.tsq")]
        let said = try runDry(ask)
        #expect(said.errors.contains("a rotation of the key that was cut short"), "\(said)")
        #expect(said.output.contains("is sealed at 301 entries"), "\(said)")
        #expect(try Program.run(ask).output.contains("for 301 entries"))
    }

    /// What needs nobody's answer is refused before the log is sealed for it.
    @Test func whatCannotBeAskedIsRefusedFirst() throws {
        let roots = ["--tsa-roots", try StampingAuthority().rootsPath]
        let before = try image()
        for options in [
            ["--request", folder.path("nowhere/q")], ["--request", folder.url.path],
            ["--tsa", "foo"] + roots,
        ] {
            let ask = ["log", "anchor", log, "--lang", "en"] + options
            let (dry, real) = (try runDry(ask), try Program.run(ask))
            #expect(dry.status == real.status && dry.status >= 64, "\(options) \(dry)")
            #expect(dry.errors == real.errors, "\(options)")
        }
        #expect(try image() == before)
    }

    @Test func aWitnessAndItsKeyAreApart() throws {
        let state = folder.path("temoin")
        let make = ["witness", "init", "--state", state, "--name", "cse.example/temoin"]
        try Data().write(to: URL(filePath: state))
        #expect(try runDry(make).status == Program.run(make).status)
        // Without a memory there is no key either.
        #expect(!FileManager.default.fileExists(atPath: state + ".key"))
        for key in [state, state + "/witness.vkey"] {
            #expect(try runDry(make + ["--key", key]).status == 64)
        }
    }

    @Test func anAnchorNamesTheSizeThatWouldBeStamped() throws {
        let authority = try StampingAuthority()
        let roots = ["--tsa-roots", authority.rootsPath]
        let (request, response) = (folder.path("q.tsq"), folder.path("r.tsr"))
        let ask = ["log", "anchor", log, "--request", request]
        // Sealing records the head, and so adds an entry.
        let open = try runDry(ask)
        #expect(open.output.contains("would be sealed at 301 entries"), "\(open)")
        #expect(try Program.run(ask).output.contains("for 301 entries"))
        let bytes = Array(try Data(contentsOf: URL(filePath: request)))
        try Data(authority.answer(bytes)).write(to: URL(filePath: response))
        let sealed = try runDry(ask)
        #expect(sealed.output.contains("is sealed at 301 entries"), "\(sealed)")
        let take = ["log", "anchor", log, "--response", response] + roots
        let kept = try runDry(take)
        #expect(kept.status == 0 && kept.output.contains(" over 301 entries"), "\(kept)")
        #expect(try Program.run(take).status == 0)
        #expect(try runDry(take).status == 0)
        // Another answer does not take the place of the first, dry or not.
        try Data(authority.answer(bytes)).write(to: URL(filePath: response))
        #expect(try runDry(take).status == 73)
        #expect(try Program.run(take).status == 73)
        // What is not the authority's is believed no more.
        try Data(bytes).write(to: URL(filePath: response))
        #expect(try runDry(take).status == Program.run(take).status)
        let later = try runDry(ask)
        #expect(later.output.contains("would be sealed at 303 entries"), "\(later)")
    }
}
