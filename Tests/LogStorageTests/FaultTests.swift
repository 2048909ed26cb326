// SPDX-License-Identifier: Apache-2.0

import Foundation
import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// What is left of a log when a system call fails, or the power does.
///
/// `Tests/faults` holds the rules and makes the faults, with strace, on the programs as they are built.
/// `make faults` runs every one of them; here a sample runs, whose seed is printed.
@Suite(.enabled(if: FaultWorkspace.isPossible, "needs strace and python3")) struct FaultTests {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static var runsAll: Bool { ProcessInfo.processInfo.environment["VIGIE_FAULTS"] == "all" }
    /// The folder of the programs, where others than those of this build are to be tried.
    static var chosenPrograms: [URL] {
        ProcessInfo.processInfo.environment["VIGIE_PROGRAMS"].map { [root.appending(path: $0)] }
            ?? []
    }

    /// The folder of the programs to be tried.
    private func programs() throws -> URL {
        try #require(
            (Self.chosenPrograms + [
                URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
                    .deletingLastPathComponent(),
                Self.root.appending(path: ".build/debug"),
            ]).first {
                FileManager.default.isExecutableFile(atPath: $0.appending(path: "vigie-log").path)
            }, "vigie-log was not built")
    }

    /// Runs a script over a fresh workspace.
    ///
    /// - Returns: What it printed, and its exit status.
    private func run(_ script: String, sample: Int) throws -> (String, Int32) {
        let base = try FaultWorkspace()
        return try run(script, base.folder, sample: sample)
    }

    /// Runs a script, given a folder of its own.
    private func run(_ script: String, _ folder: URL, sample: Int) throws -> (String, Int32) {
        let part = ["--sample", "\(sample)", "--seed", "\(Int.random(in: 1..<1_000_000))"]
        return try python(
            script, [try programs().path, folder.path] + (Self.runsAll ? [] : part))
    }

    /// Runs a script.
    ///
    /// - Returns: What it printed, and its exit status.
    private func python(_ script: String, _ arguments: [String]) throws -> (String, Int32) {
        let output = FileManager.default.temporaryDirectory
            .appending(path: "vigie-faults-\(UUID().uuidString).out")
        defer { try? FileManager.default.removeItem(at: output) }
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [Self.root.appending(path: "Tests/\(script)").path] + arguments
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        return (try String(contentsOf: output, encoding: .utf8), process.terminationStatus)
    }

    @Test func everySystemCallMayFail() throws {
        let (text, status) = try run("faults/faults.py", sample: 5)
        print(text)
        #expect(status == 0, "\(text)")
        #expect(text.contains(" 0 broke a rule"))
    }

    @Test func thePowerMayFail() throws {
        let (text, status) = try run("faults/crash_model.py", sample: 1)
        print(text)
        #expect(status == 0, "\(text)")
        #expect(text.contains(" 0 broke a rule"))
    }

    /// Every order of the steps of a few callers, and of more of them where all faults are run.
    @Test func noOrderOfTheirStepsLeavesACallerWaiting() throws {
        let (text, status) = try python(
            "faults/commit_queue_model.py", Self.runsAll ? ["--long"] : [])
        print(text)
        #expect(status == 0, "\(text)")
        #expect(text.split(separator: "\n").count { $0.hasSuffix(": found") } == 4)
    }

    /// Whoever wrote the entries that recovery finds may have been killed before the sync: they are synced
    /// before a retry of one is acknowledged, though nothing is appended.
    @Test func whatIsFoundIsSyncedBeforeARetryIsAcknowledged() throws {
        let base = try FaultWorkspace()
        _ = try append("events.jsonl", in: base)
        let (trace, _, status) = try append("events.jsonl", in: base)
        #expect(status == 0)
        #expect(trace.contains("/wal/768.seg>"))
    }

    /// Of a large commit a part is synced before the rest is there.
    ///
    /// The system tells of a failure once: though the sync that ends the commit succeeds, nobody is
    /// told of an entry.
    @Test func aPartThatCouldNotBeSyncedIsNotAcknowledged() throws {
        let base = try FaultWorkspace()
        let library = base.folder.appending(path: "fail_sync.so").path
        let compiler = try Process.run(
            URL(filePath: "/usr/bin/cc"),
            arguments: [
                "-shared", "-fPIC", "-o", library,
                Self.root.appending(path: "Tests/faults/fail_sync.c").path,
            ])
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
        let (trace, output, status) = try append(
            "bulk.jsonl", in: base, ["-E", "LD_PRELOAD=\(library)"])
        #expect(trace.contains("fdatasync("), "the sync that ends the commit succeeds")
        #expect(status == 74)
        #expect(!output.contains("appended"), "\(output)")
    }

    /// Appends the events of a file, and notes the syncs.
    ///
    /// - Returns: What strace noted, what the program said, and its exit status.
    private func append(
        _ events: String, in base: FaultWorkspace, _ options: [String] = []
    ) throws -> (String, String, Int32) {
        let trace = base.folder.appending(path: "trace")
        let output = base.folder.appending(path: "output")
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/strace")
        process.currentDirectoryURL = base.folder
        process.arguments =
            ["-f", "-y", "-e", "trace=fsync,fdatasync", "-o", trace.path] + options
            + [
                try programs().appending(path: "vigie-log").path, "log", "append", "log", "--file",
                events, "--format", "json",
            ]
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return (
            try String(contentsOf: trace, encoding: .utf8),
            try String(contentsOf: output, encoding: .utf8), process.terminationStatus
        )
    }

    @Test func everyAlterationIsReportedByBothVerifiers() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "vigie-tampering-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let (text, status) = try run("tampering/tamper.py", folder, sample: 24)
        print(text)
        #expect(status == 0, "\(text)")
        #expect(text.split(separator: " 0 wrong").count == 4)
    }
}

/// A log of 300 days with three keys, a mirror of it as it was, and what the operations read.
final class FaultWorkspace {
    static let isPossible = ["/usr/bin/strace", "/usr/bin/python3"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "vigie-faults-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let log = folder.appending(path: "log").path
        let day: Int64 = 86_400_000
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        let sample = try SampleLog()
        let clock = Atomic<Int64>(now - 300 * day)
        let file = SigningKeyFile(log + ".key")
        try KeyFile.write(sample.key.privateText, to: file.path, isPrivate: true)
        try KeyFile.write(sample.key.verificationKey.text, to: log + ".vkey", isPrivate: false)
        let options = LogAppender.Options(isDurable: false) { clock.load(ordering: .relaxed) }
        _ = try LogAppender(
            log, key: sample.key, genesis: SampleLog.genesis(sample.key), options: options
        ).sign()
        func grow(_ numbers: Range<Int>, daysAgo: Int64) throws {
            clock.store(now - daysAgo * day, ordering: .relaxed)
            let appender = try LogAppender(log, keyFile: file, options: options)
            _ = try appender.append(SampleLog.submissions(numbers))
            if daysAgo > 1 { try appender.rotateKey() } else { try appender.sign() }
        }
        try grow(1..<250, daysAgo: 299)
        try grow(250..<520, daysAgo: 290)
        _ = try LogPublisher(from: log, to: folder.appending(path: "mirror").path).publish()
        // Enough to seal the bundle of the last rotation that is old: the purge ends there.
        try grow(520..<780, daysAgo: 1)
        try write("policy", "retention_days_min: 180\nretention_days_max: 365\n")
        try write("cutoff", Timestamp.format(now - 200 * day))
        try write("events.jsonl", Self.events(780..<800))
        try write("bulk.jsonl", Self.events(780..<3_200))
    }

    private static func events(_ numbers: Range<Int>) -> String {
        numbers.map { number in
            """
            {"id":"\(number)","occurred_at":"2026-01-05T09:00:00.000Z","source":"autre",\
            "source_seq":\(number - 779),"type":"heartbeat","v":1}

            """
        }.joined()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }
}
