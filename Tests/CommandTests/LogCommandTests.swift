// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The verbs that write a log, as a person runs them.
@Suite struct LogCommandTests {
    let folder: TemporaryFolder
    var log: String { folder.url.appending(path: "log").path }

    init() throws {
        folder = try TemporaryFolder()
        let made = try Tool.run(["log", "init", log, "--origin", "vigie.example/essai"])
        #expect(made.status == 0, "\(made.errors)")
    }

    private func lines(_ range: Range<Int>) -> Data {
        let text = range.map { number in
            """
            {"id":"\(number)","occurred_at":"2026-01-05T09:00:00.000Z","source":"portail",\
            "source_seq":\(number),"type":"heartbeat","v":1}

            """
        }
        return Data(text.joined().utf8)
    }

    private func append(_ input: Data, _ arguments: [String] = []) throws -> Tool.Outcome {
        try Tool.run(["log", "append", log] + arguments, input: input)
    }

    private func verify() throws -> Tool.Outcome {
        try Tool.run(["verify", log, "--key", "@\(log).vkey"])
    }

    @Test func keysAreForTheirOwner() throws {
        for name in ["log.key", "log.recovery.key"] {
            let path = folder.url.appending(path: name).path
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
    }

    @Test func appendsAndVerifies() throws {
        #expect(try append(lines(1..<400)).status == 0)
        let again = try append(lines(390..<402))
        #expect(again.output.hasSuffix("lines refused: 0. Size: 402.\n"))
        let outcome = try verify()
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test func oneBadLineHoldsAllBackUnlessEachIsAsked() throws {
        let input = lines(1..<3) + Data("{\"id\":1}\n".utf8) + lines(3..<4)
        let refused = try append(input)
        #expect(refused.status == 65)
        #expect(refused.errors.hasPrefix("stdin:3:7: error LOG108"))
        #expect(refused.output.hasSuffix("Size: 1.\n"))
        let each = try append(input, ["--each"])
        #expect(each.status == 65)
        #expect(each.output.hasSuffix("Size: 4.\n"))
    }

    /// The files of the log, with their bytes and the time of their last change.
    private func snapshot() throws -> [String: [Data]] {
        var files: [String: [Data]] = [:]
        let names = try #require(FileManager.default.enumerator(atPath: folder.url.path))
        for case let name as String in names {
            let path = folder.url.appending(path: name).path
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let date = try #require(attributes[.modificationDate] as? Date)
            let bytes = FileManager.default.contents(atPath: path) ?? Data()
            files[name] = [bytes, Data("\(date.timeIntervalSince1970)".utf8)]
        }
        return files
    }

    /// Neither recovery nor the lock: what a dry run may touch is nothing.
    @Test func aDryRunOnlyReads() throws {
        #expect(try append(lines(1..<10)).status == 0)
        let segment = URL(filePath: log + "/wal/0.seg")
        try (Data(contentsOf: segment) + Data([1, 0, 7])).write(to: segment)
        let lock = unsafe open(log + "/.state/lock", O_RDWR)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let before = try snapshot()
        let outcome = try append(lines(8..<20), ["--dry-run"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
            outcome.output.hasSuffix(
                "lines that can be appended: 12, lines refused: 0; nothing is appended.\n"))
        #expect(try append(Data("{}\n".utf8), ["--dry-run"]).status == 65)
        #expect(try snapshot() == before)
        #expect(try append(lines(8..<20)).status == 75)
        #expect(try snapshot() == before)
    }

    /// More than one piece of input, from a file and through a pipe; empty lines are passed over.
    @Test(arguments: ["--atomic", "--each"]) func longInputIsAppendedPieceByPiece(
        mode: String
    ) throws {
        let input = folder.url.appending(path: "events.jsonl")
        let bad = Data("\n\n{\"id\":1}\n".utf8) + Data(repeating: 0x78, count: 3 << 20)
        try (lines(1..<12_000) + bad).write(to: input)
        let shell = Process()
        let errors = folder.url.appending(path: "errors")
        try Data().write(to: errors)
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = [
            "-c", "cat \"$2\" | \"$0\" log append \"$1\" \(mode)",
            try Tool.executable().path, log, input.path,
        ]
        shell.environment = ["PATH": "/usr/bin:/bin"]
        shell.standardOutput = FileHandle.nullDevice
        shell.standardError = try FileHandle(forWritingTo: errors)
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 65)
        let said = try String(contentsOf: errors, encoding: .utf8)
        #expect(said.contains("stdin:12002:7: error LOG108"), "\(said)")
        #expect(said.contains("stdin:12003:"), "\(said)")
        let size = mode == "--each" ? 12_000 : 1
        let fromFile = try append(Data(), [mode, "--file", input.path])
        #expect(fromFile.status == 65)
        #expect(fromFile.output.hasSuffix("lines refused: 2. Size: \(size).\n"))
        #expect(try verify().status == 0)
    }

    /// A key that is there is never written over, and no other key is left without its log.
    @Test(arguments: ["key", "recovery.key", "vkey"]) func aKeyThatIsThereIsKept(
        name: String
    ) throws {
        let other = folder.url.appending(path: "other").path
        try "mine".write(toFile: "\(other).\(name)", atomically: true, encoding: .utf8)
        let outcome = try Tool.run(["log", "init", other, "--origin", "a"])
        #expect(outcome.status == 73)
        #expect(outcome.errors.contains("other.\(name): error LOG306"), "\(outcome.errors)")
        #expect(try String(contentsOfFile: "\(other).\(name)", encoding: .utf8) == "mine")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
            .filter { $0.hasPrefix("other") }
        #expect(left == ["other.\(name)"])
    }

    /// A folder that holds something gets no log, and no keys.
    @Test func aFolderInUseGetsNoKeys() throws {
        let used = folder.url.appending(path: "used")
        try FileManager.default.createDirectory(at: used, withIntermediateDirectories: true)
        try Data([1]).write(to: used.appending(path: "file"))
        #expect(try Tool.run(["log", "init", used.path, "--origin", "a"]).status == 73)
        #expect(!FileManager.default.fileExists(atPath: used.path + ".key"))
        try FileManager.default.removeItem(at: used.appending(path: "file"))
        #expect(try Tool.run(["log", "init", used.path, "--origin", "a"]).status == 0)
    }

    @Test func aTornTailIsDroppedAndSaid() throws {
        #expect(try append(lines(1..<10)).status == 0)
        let segment = URL(filePath: log + "/wal/0.seg")
        try (Data(contentsOf: segment) + Data([1, 0, 7])).write(to: segment)
        #expect(try verify().status == 0)
        let outcome = try Tool.run(["log", "recover", log])
        #expect(outcome.status == 0)
        #expect(outcome.output.hasSuffix("recorded in the log. Entries: 11.\n"))
        #expect(try verify().status == 0)
        let again = try Tool.run(["log", "recover", log])
        #expect(again.output == "Verdict: nothing to repair. Entries: 11.\n")
    }

    @Test func damageBelowTheSignatureIsAnIntegrityFailure() throws {
        #expect(try append(lines(1..<10)).status == 0)
        let segment = URL(filePath: log + "/wal/0.seg")
        var bytes = try Data(contentsOf: segment)
        bytes[700] ^= 1
        try bytes.write(to: segment)
        #expect(try Tool.run(["log", "recover", log]).status == 2)
        #expect(try verify().status == 2)
        #expect(try Data(contentsOf: segment) == bytes)
    }

    /// A file that may not grow: nothing is acknowledged, nothing lost, and a retry completes it.
    @Test func aFullDiskLosesNothing() throws {
        #expect(try append(lines(1..<100)).status == 0)
        let input = folder.url.appending(path: "events.jsonl")
        try lines(1..<600).write(to: input)
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = [
            "-c", "ulimit -f 100; exec \"$0\" log append \"$1\" --file \"$2\"",
            try Tool.executable().path, log, input.path,
        ]
        shell.standardError = FileHandle.nullDevice
        shell.standardOutput = FileHandle.nullDevice
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationReason == .exit)
        #expect(shell.terminationStatus == 74)
        #expect(try verify().status == 0)
        let retried = try append(lines(1..<600))
        #expect(retried.status == 0, "\(retried.errors)")
        #expect(try verify().status == 0)
    }

    /// Where a file that a process inherits is closed, the next one that it opens would get its number: a
    /// diagnostic was written over the segment.
    @Test(arguments: [">&- 2>&-", "<&- 2>&-", "2>&-", ">&-", "<&- >&- 2>&-"])
    func closedFilesAreNoPartOfTheLog(_ closed: String) throws {
        #expect(try append(lines(1..<50)).status == 0)
        let input = folder.url.appending(path: "lignes")
        try (lines(50..<53) + Data("nonsense\n".utf8)).write(to: input)
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = [
            "-c", "\"$0\" log append \"$1\" --each --file \"$2\" \(closed)",
            try Tool.executable().path, log, input.path,
        ]
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationReason == .exit && shell.terminationStatus != 0)
        let seen = try verify()
        #expect(seen.status == 0, "\(seen)")
        #expect(try append(lines(50..<65)).status == 0)
        #expect(try verify().status == 0)
    }

    /// What cannot be read is said, and not taken for nothing.
    @Test func aClosedInputIsNoEmptyOne() throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = [
            "-c", "\"$0\" log append \"$1\" <&- 2>/dev/null", try Tool.executable().path, log,
        ]
        shell.standardOutput = FileHandle.nullDevice
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 74)
    }

    @Test func aMirrorNeedsAPath() throws {
        #expect(try Tool.run(["log", "publish", log, ""]).status == 64)
        #expect(try Tool.run(["log", "publish", "", folder.url.path + "/m"]).status == 64)
        #expect(try Tool.run(["log", "prove", folder.url.path, "5"]).status == 66)
    }

    /// A purge leaves its policy beside the policy sets of the log: an audit does not take it for one.
    @Test func aRetentionPolicyIsNoPolicySet() throws {
        let policy = folder.url.appending(path: "retention")
        try Data("retention_days_min: 180\nretention_days_max: 365\n".utf8).write(to: policy)
        let purge = ["log", "purge", log, "--policy", policy.path, "--requester", "A1"]
        let young = try Tool.run(purge + ["--before", "2999-01-01", "--approver", "A2"])
        #expect(young.status == 77 && young.errors.contains("LOG314"), "\(young)")
        let alone = try Tool.run(purge + ["--before", "2026-01-01", "--approver", "A1"])
        #expect(alone.status == 77 && alone.errors.contains("LOG318"), "\(alone)")
        // A purge that is refused, or takes nothing, leaves no policy.
        #expect(try Tool.run(purge + ["--before", "2026-01-01", "--approver", "A2"]).status == 0)
        let kept = log + "/policies/" + String(repeating: "a", count: 64)
        #expect(!FileManager.default.fileExists(atPath: log + "/policies"))
        try FileManager.default.createDirectory(
            atPath: kept, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: policy.path, toPath: kept + "/retention.policy")
        let audit = try Tool.run([
            "audit", log, "--policies", "policies/pilote-linkedin", "--key", "@\(log).vkey",
            "--as", "A123456789012", "--case", "C1",
        ])
        #expect(!audit.errors.contains("POL101"), "\(audit.errors)")
        #expect(audit.output.contains("pilote-linkedin"), "\(audit)")
    }

    @Test func aKeyThatIsNoneIsRefusedWithItsPlace() throws {
        let outcome = try Tool.run(["verify", log, "--key", "nonsense"])
        #expect(outcome.status == 65 && outcome.errors.hasPrefix("--key: error LOG121"))
    }

    @Test func aLogThatIsNotThere() throws {
        let outcome = try Tool.run(["log", "append", log + "-absent"])
        #expect(outcome.status == 66, "\(outcome.errors)")
        #expect(try Tool.run(["log", "init", log, "--origin", "a"]).status == 73)
    }
}
