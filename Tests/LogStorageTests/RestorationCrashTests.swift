// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import Foundation
import LogStorage
import Testing
import TransparencyLog

/// Restorations of a backup, and what finishes one that was cut short.
@Suite struct RestorationCrashTests {
    /// Runs a sample of the faults of `Tests/faults/restoration.py`, whose seed is printed; all of them where all
    /// faults are run.
    @Test(.enabled(if: FaultWorkspace.isPossible, "needs strace and python3"))
    func everySystemCallMayFail() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "vigie-restorations-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let programs = try #require(
            (FaultTests.chosenPrograms + [
                URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
                    .deletingLastPathComponent(),
                FaultTests.root.appending(path: ".build/debug"),
            ]).first {
                FileManager.default.isExecutableFile(atPath: $0.appending(path: "vigie-log").path)
            }, "vigie-log was not built")
        let output = folder.appending(path: "output")
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments =
            [
                FaultTests.root.appending(path: "Tests/faults/restoration.py").path, programs.path,
                folder.path,
            ]
            + (FaultTests.runsAll
                ? [] : ["--sample", "6", "--seed", "\(Int.random(in: 1..<1_000_000))"])
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        let text = try String(contentsOf: output, encoding: .utf8)
        print(text)
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.contains(" 0 broke a rule"))
    }

    /// A log whose recovery key is kept elsewhere, a backup of it, and what came after.
    private struct Loss {
        let log: SampleLog
        let backup: SampleLog
        let keyFile: SigningKeyFile
        let recoveryKey: LogSigningKey

        // Within a rotation: after the announcement of the next key, before the checkpoint that closes the epoch.
        init(within: Bool = false) throws {
            log = try SampleLog()
            keyFile = SigningKeyFile(log.path + ".key")
            recoveryKey = try LogSigningKey(
                name: log.key.verificationKey.name, key: .generate())
            try KeyFile.write(log.key.privateText, to: keyFile.path, isPrivate: true)
            let genesis = try Submission(
                LogGenesis.submission(
                    key: log.key.verificationKey, recoveryKey: recoveryKey.verificationKey,
                    retentionDays: 180...365, openedAt: 1_767_225_600_000))
            do {
                let appender = try LogAppender(
                    log.path, key: log.key, genesis: genesis, options: log.options)
                _ = try appender.append(SampleLog.submissions(1..<300))
                try appender.sign()
            }
            let before = try SampleLog.copy(of: log)
            try LogAppender(log.path, keyFile: keyFile, options: log.options).rotateKey()
            backup = within ? try SampleLog.copy(of: log) : before
            if within {
                for file in ["checkpoint", ".state/signed"] {
                    try backup.write(file, try before.bytes(file))
                }
                try FileManager.default.removeItem(atPath: backup.path + "/checkpoints/301")
            }
            let appender = try LogAppender(log.path, keyFile: keyFile, options: log.options)
            _ = try appender.append(SampleLog.submissions(300..<400))
            try appender.rotateKey()
        }

        /// The backup comes back, with some of the present files.
        func comeBack(with files: [String] = []) throws {
            let kept = try files.map { ($0, try log.bytes($0)) }
            try FileManager.default.removeItem(atPath: log.path)
            try FileManager.default.copyItem(atPath: backup.path, toPath: log.path)
            for (file, bytes) in kept { try log.write(file, bytes) }
        }

        func restore(_ file: SigningKeyFile? = nil) throws -> Range<UInt64> {
            let file = file ?? keyFile
            let request = RestoreRequest(
                recoveryKey: recoveryKey, requester: "A1", approver: "A2")
            return try ForeseenOpening.restore(log.path) {
                try request.plan(of: log.path, keyFile: file, now: log.options.clock())
            } restoring: {
                try LogAppender.restore(
                    log.path, keyFile: file, request, options: log.options)
            }
        }

        func open() throws -> LogAppender {
            try ForeseenOpening.open(log.path) {
                try LogOutlook(of: log.path, keyFile: keyFile)
            } opening: {
                try LogAppender(log.path, keyFile: keyFile, options: log.options)
            }
        }

        var report: VerificationReport {
            LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(log.path)).report
        }

        /// It can be written, and is as it must be, with so many restorations.
        func requireSound(restorations: Int = 1) throws {
            _ = try open().append(SampleLog.submissions(300..<310))
            try open().rotateKey()
            #expect(report.isIntact, "\(report.violations)")
            #expect(report.findings.map(\.kind) == Array(repeating: .restored, count: restorations))
            #expect(!FileManager.default.fileExists(atPath: keyFile.path + ".next"))
        }

        /// Whether the verifier that was written from the format alone accepts it.
        func isAcceptedByTheSecondVerifier() throws -> Bool {
            let key = log.path + ".vkey"
            try log.key.verificationKey.text.write(toFile: key, atomically: false, encoding: .utf8)
            defer { try? FileManager.default.removeItem(atPath: key) }
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "python3", FaultTests.root.appending(path: "Tests/independent/verify_log.py").path,
                log.path, key,
            ]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus == 0
        }

        func cleanUp() {
            for end in ["", ".next"] {
                try? FileManager.default.removeItem(atPath: keyFile.path + end)
            }
        }
    }

    /// The old key is destroyed, as it must be, and the log announces no other one.
    @Test func aWholeBackupFromBeforeARotationGoesOn() throws {
        let loss = try Loss()
        defer { loss.cleanUp() }
        try loss.comeBack()
        #expect(throws: StorageError(.wrongKey, path: loss.log.path)) { try loss.open() }
        #expect(try loss.restore() == 300..<300)
        #expect(loss.report.findings.first?.entries == 300..<300)
        let said = try #require(loss.report.findings.first).diagnostic.message[.english]
        #expect(said.hasSuffix("from 300 on signed and then lost, their number is not known"))
        try loss.requireSound()
        #expect(throws: StorageError(.notRestorable, path: loss.log.path)) { try loss.restore() }
    }

    @Test func aBackupWithoutAnyKeyGoesOn() throws {
        let loss = try Loss()
        defer { loss.cleanUp() }
        try loss.comeBack()
        try FileManager.default.removeItem(atPath: loss.keyFile.path)
        #expect(try loss.restore() == 300..<300)
        try loss.requireSound()
    }

    @Test func aLogThatHasAllIsNotRestored() throws {
        let loss = try Loss()
        defer { loss.cleanUp() }
        #expect(throws: StorageError(.notRestorable, path: loss.log.path)) { try loss.restore() }
        #expect(throws: StorageError(.notRestorable, path: loss.log.path)) { try loss.restore() }
        _ = try loss.open().append(SampleLog.submissions(400..<410))
        #expect(loss.report.isIntact)
    }

    @Test func theKeyOfAnotherLogIsNotDestroyed() throws {
        let loss = try Loss()
        defer { loss.cleanUp() }
        try loss.comeBack(with: [".state/signed"])
        let other = SigningKeyFile(loss.log.path + ".other")
        defer { try? FileManager.default.removeItem(atPath: other.path) }
        let key = try LogSigningKey(name: "vigie.example/autre", key: .generate())
        try KeyFile.write(key.privateText, to: other.path, isPrivate: true)
        #expect(throws: StorageError(.wrongKey, path: other.path)) { try loss.restore(other) }
        #expect(try other.current()?.verificationKey == key.verificationKey)
    }

    /// Each of the two records of the lost head is enough, and both may say something else.
    @Test(arguments: [[".state/signed"], ["checkpoint"], [".state/signed", "checkpoint"]])
    func eachRecordOfTheLostHeadIsEnough(_ files: [String]) throws {
        let loss = try Loss()
        defer { loss.cleanUp() }
        try loss.comeBack(with: files)
        #expect(try loss.restore() == 300..<402)
        try loss.requireSound()
    }

    /// Another head is lost once the entries of a restoration are there: its loss is recorded as well.
    @Test func whatIsLostAfterARestorationIsRecordedToo() throws {
        let loss = try Loss()
        defer { loss.cleanUp() }
        try loss.comeBack(with: [".state/signed"])
        #expect(try loss.restore() == 300..<402)
        let first = try SampleLog.copy(of: loss.log)
        _ = try loss.open().append(SampleLog.submissions(300..<350))
        try loss.open().rotateKey()
        let signed = try loss.log.bytes(".state/signed")
        try FileManager.default.removeItem(atPath: loss.log.path)
        try FileManager.default.copyItem(atPath: first.path, toPath: loss.log.path)
        try loss.log.write(".state/signed", signed)
        #expect(try loss.restore() == 302..<353)
        try loss.requireSound(restorations: 2)
    }

    /// The next key is gone before the old one was destroyed: a second restoration follows the first.
    @Test func aRestorationWhoseNextKeyIsGoneIsFollowedByAnother() throws {
        let loss = try Loss()
        defer { loss.cleanUp() }
        try loss.comeBack(with: [".state/signed"])
        let key = try Data(contentsOf: URL(filePath: loss.keyFile.path))
        let signed = try loss.log.bytes(".state/signed")
        _ = try loss.restore()
        // As after a crash that left the entries alone.
        try loss.log.write(".state/signed", signed)
        try loss.log.write("checkpoint", try loss.backup.bytes("checkpoint"))
        try FileManager.default.removeItem(atPath: loss.log.path + "/checkpoints/302")
        try key.write(to: URL(filePath: loss.keyFile.path))
        #expect(throws: StorageError.self) { try loss.open() }
        #expect(try loss.restore() == 302..<302)
        try loss.requireSound(restorations: 2)
    }

    /// A backup that was copied after the announcement of a key, and before the checkpoint that closes the
    /// epoch, which a key signs that is destroyed.
    @Test(
        arguments: [[], [".state/signed"], [".state/signed", "checkpoint"]] as [[String]],
        [false, true])
    func aBackupFromWithinARotationGoesOn(_ files: [String], _ isTorn: Bool) throws {
        let loss = try Loss(within: true)
        defer { loss.cleanUp() }
        try loss.comeBack(with: files)
        let segment = "wal/256.seg"
        if isTorn { try loss.log.write(segment, try loss.log.bytes(segment) + [0, 0, 0, 0, 9, 9]) }
        let error = #expect(throws: StorageError.self) { try loss.open() }
        #expect(error?.code == (files.isEmpty ? .wrongKey : .behindSignature))
        #expect(try loss.restore() == (files.isEmpty ? 301..<301 : 301..<402))
        _ = try loss.open().append(SampleLog.submissions(300..<310))
        try loss.open().rotateKey()
        let report = loss.report
        #expect(report.isIntact, "\(report.violations)")
        #expect(Set(report.findings.map(\.kind)) == [.restored, .unclosedEpoch])
        let lost = try #require(report.findings.first { $0.kind == .unclosedEpoch })
        #expect(lost.index == 300 && report.findings.count == 2)
        #expect(try loss.isAcceptedByTheSecondVerifier())
        #expect(throws: StorageError(.notRestorable, path: loss.log.path)) { try loss.restore() }
        // What else is missing is missing.
        try FileManager.default.removeItem(atPath: loss.log.path + "/checkpoints/303")
        #expect(loss.report.violations.map(\.code) == [.missingClosingCheckpoint])
        #expect(try !loss.isAcceptedByTheSecondVerifier())
    }
}
