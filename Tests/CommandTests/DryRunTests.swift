// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `--dry-run` of the commands that write a log: it says what the command does, and changes nothing.
@Suite struct DryRunTests {
    let folder: TemporaryFolder
    let log: String

    init() throws {
        folder = try TemporaryFolder()
        log = folder.url.appending(path: "log").path
        try make()
    }

    private func make() throws {
        try Tool.run(["log", "init", log, "--origin", "vigie.example/essai"])
        try append(1..<300)
    }

    private func append(_ range: Range<Int>) throws {
        let lines = range.map {
            """
            {"id":"\($0)","occurred_at":"2026-01-05T09:00:00.000Z","source":"portail",\
            "source_seq":\($0),"type":"heartbeat","v":1}

            """
        }
        let done = try Tool.run(["log", "append", log], input: Data(lines.joined().utf8))
        #expect(done.status == 0, "\(done.errors)")
    }

    /// All files, with their bytes, modes and times.
    private func image() throws -> [String: [Data]] {
        var files: [String: [Data]] = [:]
        let manager = FileManager.default
        for name in try manager.subpathsOfDirectory(atPath: folder.url.path) {
            let path = folder.url.appending(path: name).path
            let attributes = try manager.attributesOfItem(atPath: path)
            let date = try #require(attributes[.modificationDate] as? Date)
            let mode = try #require(attributes[.posixPermissions] as? Int)
            files[name] = [
                manager.contents(atPath: path) ?? Data(),
                Data("\(date.timeIntervalSince1970) \(mode)".utf8),
            ]
        }
        return files
    }

    /// Runs a command twice, the first time dry, and gives both documents.
    private func runBoth(_ arguments: [String]) throws -> (dry: Document, real: Document) {
        let before = try image()
        let dry = try Tool.run(arguments + ["--dry-run", "-f", "json"])
        let read = try Tool.run(arguments + ["--dry-run", "--lang", "fr"])
        #expect(try image() == before, "\(arguments)")
        let real = try Tool.run(arguments + ["-f", "json"])
        #expect(dry.status == real.status && read.status == real.status, "\(dry) \(real)")
        let documents = (try Document(dry.output), try Document(real.output))
        #expect(documents.0.isDryRun == true && documents.1.isDryRun == false)
        if real.status < 2 {
            #expect(read.output.hasSuffix("Rien n’a changé.\n"), "\(read.output)")
        }
        return documents
    }

    private struct Document {
        let members: [String: Any]

        init(_ text: String) throws {
            members = try #require(
                try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        }

        var isDryRun: Bool? { members["dry_run"] as? Bool }
        subscript(name: String) -> Int? { members[name] as? Int }
        var torn: [Int?] { [self["torn_bytes"], self["torn_index"], self["size"]] }
    }

    @Test func aSealAndARotationComeToTheirSizes() throws {
        for verb in [["log", "seal", log], ["keys", "rotate", log], ["log", "seal", log]] {
            let (dry, real) = try runBoth(verb)
            #expect(dry["size"] != nil && dry["size"] == real["size"], "\(verb)")
        }
        #expect(try Tool.run(["verify", log, "--key", "@\(log).vkey"]).status == 0)
    }

    /// The key that a dry run names is the one that goes.
    @Test func aRotationNamesTheKeyThatGoes() throws {
        let key = try String(contentsOfFile: log + ".vkey", encoding: .utf8)
        let dry = try Tool.run(["keys", "rotate", log, "--dry-run"])
        #expect(dry.output.hasPrefix(key))
        let (foreseen, _) = try runBoth(["keys", "rotate", log])
        #expect(foreseen.members["replaced_key"] as? String == key.dropLast().description)
    }

    @Test(arguments: [0, 4, 40]) func aRecoverySaysWhatWouldBeSetAside(_ count: Int) throws {
        let segment = URL(filePath: log + "/wal/256.seg")
        var bytes = try Data(contentsOf: segment)
        bytes += Data((0..<count).map { UInt8($0 + 1) })
        try bytes.write(to: segment)
        let (dry, real) = try runBoth(["log", "recover", log])
        #expect(dry.torn == real.torn && dry["torn_bytes"] == count)
        #expect(dry.members["torn_file"] as? String == real.members["torn_file"] as? String)
    }

    @Test func aTornTailIsSaidBeforeAnythingElse() throws {
        let segment = URL(filePath: log + "/wal/256.seg")
        try (Data(contentsOf: segment) + Data([1, 2, 3])).write(to: segment)
        let said = try Tool.run(["log", "seal", log, "--dry-run", "--lang", "en"])
        #expect(said.errors.contains("First: a torn tail of 3 bytes to be set aside"))
        let (dry, real) = try runBoth(["log", "seal", log])
        #expect(dry["size"] == 302 && real["size"] == 302)
    }

    /// A backup that lacks signed entries: two persons are told what they are about to record.
    @Test func aRestorationSaysWhatIsLost() throws {
        let backup = folder.url.appending(path: "backup")
        let place = URL(filePath: log)
        try FileManager.default.copyItem(at: place, to: backup)
        try append(300..<350)
        let signed = try Data(contentsOf: place.appending(path: ".state/signed"))
        try FileManager.default.removeItem(at: place)
        try FileManager.default.moveItem(at: backup, to: place)
        try signed.write(to: place.appending(path: ".state/signed"))
        #expect(try Tool.run(["log", "recover", log, "--dry-run"]).status == 2)
        let (dry, real) = try runBoth([
            "log", "recover", log, "--after-restore", "--recovery-key", log + ".recovery.key",
            "--requester", "A1", "--approver", "A2",
        ])
        #expect(dry["lost"] == 50 && real["lost"] == 50)
        #expect(dry["first_lost"] == 300 && real["first_lost"] == 300)
    }

    /// What is refused is refused by the dry run too, with the same code.
    @Test func whatIsRefusedIsRefusedDry() throws {
        let lock = unsafe open(log + "/.state/lock", O_RDWR)
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let alone = [
            "log", "recover", log, "--after-restore", "--recovery-key", log + ".recovery.key",
            "--requester", "A1", "--approver",
        ]
        func statuses(_ arguments: [String]) throws -> [Int32] {
            let before = try image()
            let found = [
                try Tool.run(arguments + ["--dry-run"]).status, try Tool.run(arguments).status,
            ]
            #expect(try image() == before, "\(arguments)")
            return found
        }
        for verb in [["log", "seal", log], ["keys", "rotate", log], ["log", "recover", log]] {
            #expect(try statuses(verb) == [75, 75], "\(verb)")
        }
        close(lock)
        #expect(try statuses(["log", "seal", log + ".nowhere"]) == [66, 66])
        #expect(try statuses(alone + ["A2"]) == [77, 77])
        #expect(try statuses(alone + ["A1"]) == [77, 77])
        let other = folder.url.appending(path: "autre").path
        let key = ["--key", other + ".key"]
        try Tool.run(["log", "init", other, "--origin", "vigie.example/autre"])
        for verb in [["log", "seal", log], ["keys", "rotate", log], ["log", "recover", log]] {
            let found = try statuses(verb + key)
            #expect(found[0] == found[1] && found[0] > 1, "\(verb) \(found)")
        }
        let checkpoint = URL(filePath: log + "/checkpoint")
        let text = try String(contentsOf: checkpoint, encoding: .utf8)
        try text.replacingOccurrences(of: "\n300\n", with: "\n299\n")
            .write(to: checkpoint, atomically: false, encoding: .utf8)
        #expect(try statuses(["log", "seal", log]) == [78, 78])
    }

    /// Dry runs of one log do not exclude each other.
    @Test func dryRunsGoTogether() throws {
        let lock = unsafe open(log + "/.state/lock", O_RDONLY)
        defer { close(lock) }
        #expect(flock(lock, LOCK_SH | LOCK_NB) == 0)
        for verb in [["log", "seal", log], ["keys", "rotate", log], ["log", "recover", log]] {
            #expect(try Tool.run(verb + ["--dry-run"]).status == 0, "\(verb)")
        }
    }

    /// Where nothing may be written, the dry run says so.
    @Test(arguments: ["", "/.state", "/tile/0/001.p", "/tile/entries/001.p"])
    func whereNothingMayBeWritten(_ place: String) throws {
        let manager = FileManager.default
        let verbs = [["log", "seal", log], ["log", "recover", log], ["keys", "rotate", log]]
        try Tool.run(["log", "seal", log])
        for name in [""] + (try manager.subpathsOfDirectory(atPath: folder.url.path)) {
            try manager.setAttributes(
                [.ownerAccountID: 65_534, .groupOwnerAccountID: 65_534],
                ofItemAtPath: folder.url.path + "/" + name)
        }
        try manager.setAttributes(
            [.posixPermissions: 0o555], ofItemAtPath: log + place)
        for verb in verbs {
            let dry = try Tool.runUnprivileged(verb + ["--dry-run"])
            #expect(dry.status == 77, "\(verb) \(dry)")
        }
        let real = try Tool.runUnprivileged(verbs[0])
        #expect(real.status == 77, "\(real)")
        try manager.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: log + place)
    }

    /// A log that would be made: its files are named, and what stands in their way is found.
    @Test func aLogThatWouldBeMade() throws {
        let new = folder.url.appending(path: "nouveau").path
        let make = ["log", "init", new, "--origin", "vigie.example/nouveau"]
        let before = try image()
        let said = try Tool.run(make + ["--dry-run"])
        #expect(said.status == 0 && said.output.contains(new + ".recovery.key\n"), "\(said)")
        for arguments in [
            ["log", "init", log, "--origin", "vigie.example/essai"],
            ["log", "init", folder.url.appending(path: "a/b").path, "--origin", "a"],
            ["log", "init", new, "--origin", "deux mots"],
            ["log", "init", new, "--origin", "a", "--key-out", log + ".key"],
            ["log", "init", log + ".key", "--origin", "a"],
            ["log", "init", new, "--origin", "a", "--key-out", new + ".vkey"],
            ["log", "init", new, "--origin", "a", "--key-out", new + "/key"],
            ["log", "init", new, "--origin", "a", "--key-out", new],
            ["log", "init", log + ".key/a", "--origin", "a"],
            ["log", "init", new, "--origin", "a", "--token", "garbage"],
            ["log", "init", "", "--origin", "a"],
        ] {
            let dry = try Tool.run(arguments + ["--dry-run"])
            let real = try Tool.run(arguments)
            #expect(dry.status == real.status && dry.status >= 64, "\(arguments) \(dry) \(real)")
            #expect(dry.errors == real.errors, "\(arguments) \(dry) \(real)")
        }
        #expect(try image() == before)
        let (dry, real) = try runBoth(make)
        let files = try #require(dry.members["key_files"] as? [String])
        #expect(files.allSatisfy { FileManager.default.fileExists(atPath: $0) } && files.count == 3)
        #expect(real.members["key"] != nil)
    }
}
