// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Commands under a clock that no entry can say, and keys that cannot be replaced.
@Suite struct ClockTests {
    static let isPossible = FileManager.default.isExecutableFile(atPath: "/usr/bin/cc")

    /// Makes the library that shows a program another time of day.
    static func library(in folder: TemporaryFolder) throws -> String {
        let path = folder.url.appending(path: "clock.so").path
        let compiler = try Process.run(
            URL(filePath: "/usr/bin/cc"),
            arguments: [
                "-O2", "-shared", "-fPIC", "-o", path,
                Tool.root.appending(path: "Benchmarks/clock_at.c").path,
            ])
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
        return path
    }

    @Test(
        .enabled(if: isPossible, "needs a C compiler"),
        arguments: ["-1000", "-99999999999999999", "253402300800000", "9223372036854775000"])
    func anImpossibleClockIsADiagnostic(_ instant: String) throws {
        let folder = try TemporaryFolder()
        let log = folder.url.appending(path: "log").path
        let policy = folder.url.appending(path: "policy").path
        try "retention_days_min: 180\nretention_days_max: 365\n".write(
            toFile: policy, atomically: true, encoding: .utf8)
        let environment = [
            "LD_PRELOAD": try Self.library(in: folder), "CLOCK_AT": instant,
        ]
        let none = try Tool.run(
            ["log", "init", log, "--origin", "vigie.example/a"], environment: environment)
        #expect(none.status == 78 && none.errors.contains("LOG321"), "\(none)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
                == ["clock.so", "policy"])
        #expect(try Tool.run(["log", "init", log, "--origin", "vigie.example/a"]).status == 0)
        for arguments in [
            ["log", "append", log], ["log", "seal", log], ["keys", "rotate", log],
            ["log", "recover", log],
            [
                "log", "purge", log, "--before", "2026-01-01", "--policy", policy,
                "--requester", "A1", "--approver", "A2",
            ],
            [
                "log", "recover", log, "--after-restore", "--recovery-key", log + ".recovery.key",
                "--requester", "A1", "--approver", "A2",
            ],
            [
                "audit", log, "--policies", "policies/pilote-linkedin", "--key", "@\(log).vkey",
            ] + Tool.reader,
        ] {
            let outcome = try Tool.run(
                arguments, input: Data(BadInputTests.good.utf8), environment: environment)
            #expect(outcome.status == 78, "\(arguments): \(outcome)")
            #expect(outcome.errors.contains("LOG321"), "\(arguments): \(outcome)")
        }
        #expect(try Tool.run(["verify", log, "--key", "@\(log).vkey"]).status == 0)
    }

    /// The key comes as a credential: it signs, and is not rotated.
    @Test func aCredentialSignsAndIsNotRotated() throws {
        let folder = try TemporaryFolder()
        let log = folder.url.appending(path: "log").path
        #expect(try Tool.run(["log", "init", log, "--origin", "vigie.example/a"]).status == 0)
        let credentials = folder.url.appending(path: "credentials")
        try FileManager.default.createDirectory(
            at: credentials, withIntermediateDirectories: false)
        try FileManager.default.moveItem(
            atPath: log + ".key", toPath: credentials.path + "/log.key")
        let environment = ["CREDENTIALS_DIRECTORY": credentials.path + "/"]
        let appended = try Tool.run(
            ["log", "append", log], input: Data(BadInputTests.good.utf8), environment: environment)
        #expect(appended.status == 0, "\(appended)")
        for more in [[], ["--key", credentials.path + "/log.key"]] {
            let outcome = try Tool.run(["keys", "rotate", log] + more, environment: environment)
            #expect(outcome.status == 78 && outcome.errors.contains("LOG322"), "\(outcome)")
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: credentials.path) == ["log.key"])
        #expect(try Tool.run(["log", "status", log]).output.contains("entries: 2\n"))
    }
}
