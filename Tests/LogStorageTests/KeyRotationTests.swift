// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Glibc
import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// Epochs of keys: rotation, what it leaves behind, and a crash after each of its steps.
@Suite struct KeyRotationTests {
    let log: SampleLog
    let keyFile: SigningKeyFile

    init() throws {
        log = try SampleLog()
        let appender = try log.create()
        _ = try appender.append(SampleLog.submissions(1..<300))
        try appender.sign()
        keyFile = SigningKeyFile(log.path + ".key")
        try KeyFile.write(log.key.privateText, to: keyFile.path, isPrivate: true)
    }

    private func open() throws -> LogAppender {
        try ForeseenOpening.open(log.path) {
            try LogOutlook(of: log.path, keyFile: keyFile)
        } opening: {
            try LogAppender(log.path, keyFile: keyFile, options: log.options)
        }
    }

    private func report(_ keys: [LogVerificationKey]? = nil) -> VerificationReport {
        LogVerifier(keys: keys ?? [log.key.verificationKey]).verify(LogReader(log.path)).report
    }

    private func cleanUp() throws {
        try FileManager.default.removeItem(atPath: keyFile.path)
    }

    @Test func eachEpochIsClosedAndItsKeyDestroyed() throws {
        let old = try Data(contentsOf: URL(filePath: keyFile.path))
        let handle = try FileHandle(forReadingFrom: URL(filePath: keyFile.path))
        let appender = try open()
        let second = try appender.rotateKey()
        // The bytes of the file that is gone were overwritten before it went.
        let left = try #require(try handle.readToEnd())
        #expect(left.count == old.count && left != old && Set(left) == [0x30])
        #expect(try keyFile.current()?.verificationKey == second)
        #expect(appender.size == 301)
        _ = try appender.append(SampleLog.submissions(300..<310))
        try appender.sign()
        #expect(report().isIntact)
        #expect(report([second]).isIntact)
        #expect(report().signer == second)
        #expect(report().keyEpochs.map(\.firstSize) == [0, 302])
        #expect(try log.bytes("checkpoints/301").count > 100)
        try cleanUp()
    }

    @Test func emptyEpochsAreClosedToo() throws {
        for _ in 0..<5 { try open().rotateKey() }
        #expect(report().isIntact)
        #expect(report().keyEpochs.count == 6)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: log.path + "/checkpoints").sorted()
                == (301...305).map(String.init))
        _ = try open().append(SampleLog.submissions(300..<800))
        try open().sign()
        #expect(report().isIntact)
        try cleanUp()
    }

    @Test func aKeyOfAnEarlierEpochMayNotSign() throws {
        try open().rotateKey()
        let error = #expect(throws: StorageError.self) {
            try LogAppender(log.path, key: log.key, options: log.options)
        }
        #expect(error?.code == .wrongKey)
        try cleanUp()
    }

    /// What a holder of an old key can write is refused by the verifier.
    @Test func aCheckpointUnderAKeyOfAnotherEpochIsNoticed() throws {
        let stolen = log.key
        let appender = try open()
        let second = try appender.rotateKey()
        _ = try appender.append(SampleLog.submissions(300..<302))
        try appender.sign()
        let head = try #require(report().head)
        try log.write("checkpoint", try head.signed(with: stolen).bytes)
        #expect(report().violations.map(\.code) == [.invalidSignature])
        #expect(report([second]).violations.map(\.code) == [.invalidSignature])
        try cleanUp()
    }

    @Test func aClosingCheckpointIsMissedAndItsKeyChecked() throws {
        let appender = try open()
        try appender.rotateKey()
        _ = try appender.append(SampleLog.submissions(300..<302))
        try appender.sign()
        let kept = try log.bytes("checkpoints/301")
        try FileManager.default.removeItem(atPath: log.path + "/checkpoints/301")
        #expect(report().violations.map(\.code) == [.missingClosingCheckpoint])
        // The later key may not close the earlier epoch.
        let note = try CheckpointNote(parsing: kept)
        let later = try #require(try keyFile.current())
        try log.write("checkpoints/301", try note.checkpoint.signed(with: later).bytes)
        #expect(report().violations.map(\.code) == [.invalidSignature])
        try cleanUp()
    }

    /// The states in which a crash may leave the two key files and the log.
    @Test(arguments: ["stored", "half-stored", "announced", "closed", "overwritten", "removed"])
    func aRotationIsFinishedAfterACrash(_ step: String) throws {
        let files = FileManager.default
        let before = try SampleLog.copy(of: log)
        let old = try Data(contentsOf: URL(filePath: keyFile.path))
        let second = try open().rotateKey()
        let new = try Data(contentsOf: URL(filePath: keyFile.path))
        func put(_ current: Data?, _ next: Data?) throws {
            for (path, bytes) in [(keyFile.path, current), (keyFile.path + ".next", next)] {
                try? files.removeItem(atPath: path)
                guard let bytes else { continue }
                #expect(
                    files.createFile(
                        atPath: path, contents: bytes, attributes: [.posixPermissions: 0o600]))
            }
        }
        switch step {
        case "stored", "half-stored":
            try files.removeItem(atPath: log.path)
            try files.copyItem(atPath: before.path, toPath: log.path)
            try put(old, step == "stored" ? new : new.prefix(30))
        case "announced":
            for file in ["checkpoint", ".state/signed"] {
                try log.write(file, try before.bytes(file))
            }
            try files.removeItem(atPath: log.path + "/checkpoints/301")
            try put(old, new)
        case "closed": try put(old, new)
        case "overwritten": try put(Data(repeating: 0x30, count: old.count), new)
        default: try put(nil, new)
        }
        let appender = try open()
        let isUndone = step.hasSuffix("stored")
        #expect(appender.size == (isUndone ? 300 : 301))
        #expect(!files.fileExists(atPath: keyFile.path + ".next"))
        let expected = isUndone ? log.key.verificationKey : second
        #expect(try keyFile.current()?.verificationKey == expected)
        _ = try appender.append(SampleLog.submissions(300..<303))
        try appender.sign()
        #expect(report().isIntact, "\(report().violations)")
        #expect(report().signer == expected)
        try cleanUp()
    }

    /// A rotation that a crash cuts short before anything was signed in the epoch that it ends: the last
    /// head is the one that closed the epoch before.
    @Test(arguments: ["announced", "recorded"], [0, 3])
    func anEpochThatSignedNothingIsClosedAfterACrash(_ step: String, _ count: Int) throws {
        let files = FileManager.default
        try open().rotateKey()
        let closed = try SampleLog.copy(of: log)
        let second = try Data(contentsOf: URL(filePath: keyFile.path))
        _ = try open().append(SampleLog.submissions(300..<(300 + count)))
        let third = try open().rotateKey()
        try files.moveItem(atPath: keyFile.path, toPath: keyFile.path + ".next")
        #expect(
            files.createFile(
                atPath: keyFile.path, contents: second, attributes: [.posixPermissions: 0o600]))
        try log.write("checkpoint", try closed.bytes("checkpoint"))
        if step == "announced" { try log.write(".state/signed", try closed.bytes(".state/signed")) }
        try files.removeItem(atPath: log.path + "/checkpoints/\(302 + count)")
        try open().sign()
        #expect(try keyFile.current()?.verificationKey == third)
        #expect(report().isIntact, "\(report().violations)")
        #expect(report().head?.treeSize == UInt64(302 + count))
        try cleanUp()
    }

    /// Opening a pipe that nobody writes to waits for ever, with the log's lock held.
    @Test(.timeLimit(.minutes(1))) func aPipeIsNoKeyFile() throws {
        let pipe = log.path + ".pipe"
        defer { try? FileManager.default.removeItem(atPath: pipe) }
        let made = unsafe mkfifo(pipe, 0o600)
        #expect(made == 0)
        let error = #expect(throws: StorageError.self) { try KeyFile.readPrivate(pipe) }
        #expect(error?.code == .notAFile)
        let folder = pipe + ".d"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let other = #expect(throws: StorageError.self) { try KeyFile.readPrivate(folder) }
        #expect(other?.code == .notAFile)
    }

    /// Opening reads what the last signature needs, and not every tile.
    @Test func openingALongLogReadsFewTiles() throws {
        let long = try SampleLog()
        var appender: LogAppender? = try long.create()
        for start in stride(from: 1, to: 140_000, by: 10_000) {
            _ = try appender?.append(SampleLog.submissions(start..<(start + 10_000)))
        }
        try appender?.sign()
        appender = nil
        // Tiles that opening has no use for may even be absent; a thorough opening misses them.
        for tile in ["tile/0/000", "tile/0/300", "tile/1/000"] {
            try FileManager.default.removeItem(atPath: long.path + "/" + tile)
        }
        _ = try long.open().heartbeat()
        #expect(!FileManager.default.fileExists(atPath: long.path + "/tile/0/000"))
        var options = long.options
        options.isThorough = true
        _ = try LogAppender(long.path, key: long.key, options: options).sign()
        #expect(FileManager.default.fileExists(atPath: long.path + "/tile/0/000"))
        let verifier = LogVerifier(keys: [long.key.verificationKey])
        #expect(verifier.verify(LogReader(long.path)).report.isIntact)
    }

    /// A credential is a copy for one start: the key that took its place would be gone at the next.
    @Test func aCredentialIsNotRotated() throws {
        let file = SigningKeyFile(keyFile.path, isCredential: true)
        let appender = try LogAppender(log.path, keyFile: file, options: log.options)
        let refused = StorageError(.credential, path: keyFile.path)
        #expect(throws: refused) { try appender.rotateKey() }
        #expect(appender.size == 300)
        #expect(!FileManager.default.fileExists(atPath: keyFile.path + ".next"))
        _ = try appender.heartbeat()
        let request = RestoreRequest(recoveryKey: log.key, requester: "A1", approver: "A2")
        #expect(throws: refused) {
            try LogAppender.restore(log.path, keyFile: file, request, options: log.options)
        }
        try cleanUp()
    }

    /// Nothing can be recorded at an instant that no entry can say; once the clock is right, the same writer
    /// goes on.
    @Test(arguments: [-1, 253_402_300_800_000, Int64.max, Int64.min])
    func anImpossibleClockIsRefused(_ instant: Int64) throws {
        let clock = Atomic<Int64>(instant)
        let appender = try LogAppender(
            log.path, keyFile: keyFile,
            options: .init(isDurable: false) { clock.load(ordering: .relaxed) })
        let refused = StorageError(.impossibleClock, path: log.path)
        #expect(throws: refused) { try appender.append(SampleLog.submissions(300..<301)) }
        #expect(throws: refused) { try appender.heartbeat() }
        #expect(throws: refused) { try appender.rotateKey() }
        #expect(throws: refused) { try appender.seal() }
        let text = Array("retention_days_min: 180\nretention_days_max: 365\n".utf8)
        let request = PurgeRequest(
            cutoff: 0, policy: try RetentionPolicy(parsing: text, path: "policy"),
            policyHash: String(repeating: "a", count: 64), requester: "A1", approver: "A2")
        #expect(throws: refused) { try appender.purge(request) }
        #expect(!FileManager.default.fileExists(atPath: keyFile.path + ".next"))
        #expect(appender.size == 300)
        clock.store(1_798_761_600_000, ordering: .relaxed)
        _ = try appender.append(SampleLog.submissions(300..<301))
        try appender.rotateKey()
        #expect(report().isIntact && appender.size == 302)
        try cleanUp()
    }
}
