// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import Foundation
import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// Purges and restorations of a log that is 300 days old.
@Suite struct RetentionTests {
    static let day: Int64 = 86_400_000
    static let start: Int64 = 1_767_225_600_000
    let log: SampleLog
    let keyFile: SigningKeyFile
    let now = Clock()

    final class Clock: Sendable {
        let time = Atomic<Int64>(RetentionTests.start)
        func set(day: Int64) {
            time.store(RetentionTests.start + day * RetentionTests.day, ordering: .relaxed)
        }
    }

    /// The log as each test finds it, made once.
    private static let image = Result { try RetentionTests(growing: SampleLog()).taken() }

    init() throws {
        log = try SampleLog()
        keyFile = SigningKeyFile(log.path + ".key")
        let (folder, key) = try Self.image.get()
        try folder.write(to: log.path)
        try KeyFile.write(key, to: keyFile.path, isPrivate: true)
        now.set(day: 270)
    }

    private init(growing log: SampleLog) throws {
        self.log = log
        _ = try log.create().sign()
        keyFile = SigningKeyFile(log.path + ".key")
        try KeyFile.write(log.key.privateText, to: keyFile.path, isPrivate: true)
        for day in 0..<10 {
            now.set(day: Int64(day) * 30)
            let appender = try open()
            _ = try appender.append(SampleLog.submissions(day * 300 + 1..<day * 300 + 301))
            try appender.rotateKey()
        }
    }

    private func taken() throws -> (FolderImage, key: String) {
        defer { cleanUp() }
        return (try FolderImage(of: log.path), try KeyFile.readPrivate(keyFile.path))
    }

    func open(isThorough: Bool = false) throws -> LogAppender {
        var options = LogAppender.Options(isDurable: false) { [now] in
            now.time.load(ordering: .relaxed)
        }
        options.isThorough = isThorough
        return try ForeseenOpening.open(log.path) {
            try LogOutlook(of: log.path, keyFile: keyFile, isThorough: isThorough)
        } opening: {
            try LogAppender(log.path, keyFile: keyFile, options: options)
        }
    }

    func request(_ day: Int64, daysMin: Int = 180, approver: String = "A2") throws
        -> PurgeRequest
    {
        let text = "# decision\nretention_days_min: \(daysMin)\nretention_days_max: 365\n"
        return PurgeRequest(
            cutoff: Self.start + day * Self.day,
            policy: try RetentionPolicy(parsing: Array(text.utf8), path: "policy"),
            policyHash: String(repeating: "a", count: 64), requester: "A1", approver: approver)
    }

    func report(_ path: String? = nil) -> VerificationReport {
        LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(path ?? log.path)).report
    }

    func cleanUp() { try? FileManager.default.removeItem(atPath: keyFile.path) }

    @Test func aPurgeTakesBytesAndLeavesEveryHash() throws {
        let appender = try open()
        let purged = try appender.purge(try request(70))
        // Rotations are entries 301, 602, 903 …; the third was on day 60.
        #expect(purged == 0..<768)
        #expect(report().violations.isEmpty)
        #expect(report().findings.isEmpty)
        #expect(report().purged.map(\.entries) == [0..<768])
        #expect(report().purged.map(\.index) == [3_011])
        #expect(report().sourceFindings.isEmpty)
        #expect(report().keyEpochs.count == 11)
        for bundle in ["000", "001", "002"] {
            #expect(!FileManager.default.fileExists(atPath: log.path + "/tile/entries/\(bundle)"))
            #expect(FileManager.default.fileExists(atPath: log.path + "/tile/0/\(bundle)"))
        }
        // A retry of a purged event is taken for a new one; of a present one it is not.
        _ = try appender.append(SampleLog.submissions(1_000..<1_001))
        try appender.sign()
        #expect(appender.size == 3_012)
        // Proofs of entries that are there, and of those that the purge kept, still hold.
        let prover = try LogProver(LogReader(log.path))
        let signer = try #require(report().signer)
        for index: UInt64 in [0, 301, 602, 768, 3_010] {
            let outcome = try prover.prove(index: index).verify(
                entry: try prover.entry(at: index), keys: [signer])
            #expect(outcome == .holds(signer))
        }
        #expect(throws: ProofError(.missingEntry, index: 5)) { try prover.entry(at: 5) }
        cleanUp()
    }

    @Test func aReplayPassesOverWhatIsGone() throws {
        _ = try open().purge(try request(70))
        let verification = LogVerifier(keys: [log.key.verificationKey])
            .verify(LogReader(log.path), workers: 2)
        var (count, first) = (0, UInt64.max)
        let verified = try #require(verification.log, "not intact")
        try verified.replay { entry in
            count += 1
            first = min(first, entry.index)
        }
        #expect(first == 768)
        #expect(count == 3_012 - 768)
        cleanUp()
    }

    /// A purge in the middle of a verification, between the head and what it covers.
    final class PurgedMeanwhile: LogSource {
        let reader: LogReader
        let isDone = Atomic(false)
        let purge: @Sendable () -> Void

        init(_ reader: LogReader, purge: @escaping @Sendable () -> Void) {
            self.reader = reader
            self.purge = purge
        }

        func withFile<Result>(
            _ path: LogPath, _ body: (RawSpan) -> Result
        ) throws(LogSourceError) -> Result? {
            if path == .bundle(index: 1, width: LogPath.fullWidth),
                !isDone.exchange(true, ordering: .relaxed)
            {
                purge()
            }
            return try reader.withFile(path, body)
        }

        func keptCheckpointSizes() throws(LogSourceError) -> [UInt64] {
            try reader.keptCheckpointSizes()
        }

        func keptEntryIndices() throws(LogSourceError) -> [UInt64] {
            try reader.keptEntryIndices()
        }

        func standingSets() throws(LogSourceError) -> [UInt64] { try reader.standingSets() }

        func standingBundles(of purge: UInt64) throws(LogSourceError) -> [UInt64] {
            try reader.standingBundles(of: purge)
        }

        func segments() throws(LogSourceError) -> [UInt64] { try reader.segments() }
    }

    @Test func aPurgeBesideAVerificationIsNoLoss() throws {
        let appender = try open()
        let request = try request(70)
        let source = PurgedMeanwhile(LogReader(log.path)) { _ = try? appender.purge(request) }
        let report = LogVerifier(keys: [log.key.verificationKey]).verify(source).report
        let isPurged = source.isDone.load(ordering: .relaxed)
        #expect(isPurged && !FileManager.default.fileExists(atPath: log.path + "/tile/entries/001"))
        #expect(report.isIntact && report.findingCount == 0)
        #expect(report.entryCount == appender.size)
    }

    /// What goes without a purge is missing, however often the head moves on.
    @Test func aLossBesideAVerificationIsNoticed() throws {
        let appender = try open()
        let path = log.path
        let source = PurgedMeanwhile(LogReader(path)) {
            try? FileManager.default.removeItem(atPath: path + "/tile/entries/001")
            _ = try? appender.heartbeat()
            _ = try? appender.sign()
        }
        let report = LogVerifier(keys: [log.key.verificationKey]).verify(source).report
        #expect(report.violations.contains { $0.code == .missingFile && $0.index == 256 })
        #expect(report.entryCount == appender.size)
    }

    @Test func purgesFollowEachOther() throws {
        #expect(try open().purge(try request(70)) == 0..<768)
        #expect(try open().purge(try request(70)).isEmpty)
        now.set(day: 330)
        #expect(try open().purge(try request(140)) == 768..<1_280)
        #expect(report().violations.isEmpty)
        #expect(report().findings.isEmpty)
        #expect(report().purged.map(\.entries) == [0..<768, 768..<1_280])
        _ = try open(isThorough: true).heartbeat()
        try open().sign()
        #expect(report().violations.isEmpty)
        cleanUp()
    }

    /// Whoever is refused is told until when entries may be purged.
    @Test func theLatestInstantIsNamed() throws {
        let (late, old) = (try request(100), try request(90))
        let error = #expect(throws: StorageError.self) { try open().checkPurge(late) }
        #expect(error?.latest == Self.start + 90 * Self.day)
        let remedy = try #require(error).diagnostic.remedy[.english]
        #expect(remedy == "give `--before 2026-04-01T00:00:00.000Z`, or an earlier instant")
        try open().checkPurge(old)
        cleanUp()
    }

    @Test func thePolicyIsKept() throws {
        let appender = try open()
        for (request, code) in [
            (try request(200), StorageError.Code.tooEarly),
            (try request(100, daysMin: 200), .tooEarly),
            (try request(70, approver: "A1"), .decidedAlone),
            (try request(70, approver: ""), .notPseudonym),
            (try request(70, approver: "Jean Dupont"), .notPseudonym),
            (try request(70, approver: "A1\n"), .notPseudonym),
            (try request(70, approver: "A" + String(repeating: "1", count: 20_000)), .notPseudonym),
        ] {
            let error = #expect(throws: StorageError.self) { try appender.purge(request) }
            #expect(error?.code == code)
        }
        // A refusal is no failure: the log goes on.
        _ = try appender.heartbeat()
        #expect(report().purged.isEmpty)
        cleanUp()
    }

    /// A deletion that nothing in the log asks for is a missing file, not a purge.
    @Test func aDeletionWithoutAPurgeIsNoticed() throws {
        try FileManager.default.removeItem(atPath: log.path + "/tile/entries/003")
        #expect(report().violations.first?.code == .missingFile)
        #expect(report().firstBadIndex == 768)
        _ = try open().purge(try request(70))
        #expect(report().violations.first?.code == .missingFile)
        #expect(report().firstBadIndex == 768)
        cleanUp()
    }

    @Test func whatIsKeptOfAPurgeIsChecked() throws {
        _ = try open().purge(try request(70))
        let path = "kept/602"
        let whole = try log.bytes(path)
        for offset in whole.indices {
            var bytes = whole
            bytes[offset] ^= 1
            try FileManager.default.removeItem(atPath: log.path + "/" + path)
            try log.write(path, bytes)
            #expect(!report().isIntact, "\(offset)")
        }
        try FileManager.default.removeItem(atPath: log.path + "/" + path)
        // Without the announcement of a key, what it signed is by an unknown one.
        #expect(!report().isIntact)
        cleanUp()
    }

    @Test func entriesThatComeBackAreNoticed() throws {
        let bundle = try log.bytes("tile/entries/001")
        _ = try open().purge(try request(70))
        try log.write("tile/entries/001", bundle)
        #expect(report().violations.isEmpty)
        #expect(report().findings.map(\.kind) == [.purgedAndPresent])
        #expect(report().findings.first?.entries == 256..<512)
        cleanUp()
    }

    /// What came back goes again, from the log and from its mirrors: what a purge recorded, and no more.
    @Test func entriesThatComeBackAreRemovedAgain() throws {
        let mirror = log.path + "-mirror"
        defer { try? FileManager.default.removeItem(atPath: mirror) }
        let publisher = LogPublisher(from: log.path, to: mirror)
        let bundles = try (0..<4).map { try log.bytes("tile/entries/00\($0)") }
        var wanted = try request(70)
        wanted.standing = .init(indices: [5, 300], since: Self.start + 25 * Self.day)
        _ = try open().purge(wanted)
        _ = try publisher.publish()
        #expect(try open().removeReturned().isEmpty)
        let before = try Self.files(of: log.path)
        let published = try Self.files(of: mirror)
        try log.write("tile/entries/000", bundles[0])
        try log.write("tile/entries/002", bundles[2])
        try FileManager.default.createDirectory(
            atPath: log.path + "/tile/entries/001.p", withIntermediateDirectories: false)
        try log.write("tile/entries/001.p/200", bundles[1])
        for number in 0..<3 {
            try Data(bundles[number]).write(
                to: URL(filePath: mirror + "/tile/entries/00\(number)"))
        }
        // The log's own entries, which only the bundle has now, are kept again.
        try FileManager.default.removeItem(atPath: log.path + "/kept/602")
        #expect(report().findings.map(\.kind) == [.purgedAndPresent])
        // A mirror neither keeps nor gets what came back, and what the log has again is not taken from it.
        let other = mirror + "-2"
        defer { try? FileManager.default.removeItem(atPath: other) }
        _ = try LogPublisher(from: log.path, to: other).publish()
        #expect(!FileManager.default.fileExists(atPath: other + "/tile/entries/000"))
        #expect(try publisher.publish().removedCount == 3)
        #expect(try Self.files(of: mirror) == published)
        #expect(report(mirror).isIntact && report(mirror).findings.isEmpty)
        #expect(try open().removeReturned() == [0..<768])
        #expect(try Self.files(of: log.path) == before)
        #expect(report().isIntact && report().findings.isEmpty)
        #expect(try open().removeReturned().isEmpty)
        cleanUp()
    }

    /// What differs from what was signed may be evidence, and where the log is not intact, the last good copy.
    @Test func whatComesBackIsLeftWhereTheLogIsNotIntact() throws {
        var bundle = try log.bytes("tile/entries/001")
        _ = try open().purge(try request(70))
        bundle[99] ^= 1
        try log.write("tile/entries/001", bundle)
        let error = #expect(throws: StorageError.self) { try open().removeReturned() }
        #expect(error?.code == .altered)
        #expect(try log.bytes("tile/entries/001") == bundle)
        cleanUp()
    }

    /// A purge after entries came back takes what was not purged, and names nothing twice.
    @Test func whatCameBackIsNotPurgedTwice() throws {
        let bundle = try log.bytes("tile/entries/001")
        _ = try open().purge(try request(70))
        try log.write("tile/entries/001", bundle)
        now.set(day: 330)
        let (appender, wanted) = (try open(), try request(140))
        #expect(try appender.removeReturned() == [256..<512])
        #expect(try appender.purge(wanted) == 768..<1_280)
        #expect(report().isIntact && report().findings.isEmpty)
        cleanUp()
    }

    /// The last entry of the log's own that is old enough may be in the bundle that is not full yet: in a log
    /// that is quiet, it is there for months.
    @Test func anOwnEntryInThePartialBundleShowsTheAgeOfAllBefore() throws {
        let quiet = try SampleLog()
        let file = SigningKeyFile(quiet.path + ".key")
        defer { try? FileManager.default.removeItem(atPath: file.path) }
        try KeyFile.write(quiet.key.privateText, to: file.path, isPrivate: true)
        now.set(day: 0)
        let options = LogAppender.Options(isDurable: false) { [now] in
            now.time.load(ordering: .relaxed)
        }
        _ = try LogAppender(
            quiet.path, key: quiet.key, genesis: SampleLog.genesis(quiet.key), options: options
        ).sign()
        var appender: LogAppender? = try LogAppender(quiet.path, keyFile: file, options: options)
        _ = try appender?.append(SampleLog.submissions(1..<600))
        try appender?.rotateKey()
        now.set(day: 10)
        try appender?.heartbeat()
        try appender?.sign()
        now.set(day: 270)
        let wanted = try request(1)
        #expect(try appender?.planPurge(before: wanted.cutoff)?.entries == 0..<512)
        #expect(try appender?.purge(wanted) == 0..<512)
        let verified = report(quiet.path)
        #expect(verified.isIntact && verified.findings.isEmpty, "\(verified.findings)")
        #expect(verified.purged.map(\.entries) == [0..<512])
        appender = nil
        #expect(try LogAppender(quiet.path, keyFile: file, options: options).size == 603)
        cleanUp()
    }

    /// The states in which a crash may leave a purge: the next writer finishes or forgets it.
    @Test(arguments: [false, true]) func aPurgeIsFinishedAfterACrash(_ isRecorded: Bool) throws {
        let bundles = try (0..<3).map { try log.bytes("tile/entries/00\($0)") }
        if isRecorded { _ = try open().purge(try request(70)) }
        for (number, bundle) in bundles.enumerated() where isRecorded {
            try log.write("tile/entries/00\(number)", bundle)
        }
        try log.write(".state/purging", Array("3011\n0\n768\n".utf8))
        _ = try open()
        #expect(!FileManager.default.fileExists(atPath: log.path + "/.state/purging"))
        for number in 0..<3 {
            let path = log.path + "/tile/entries/00\(number)"
            #expect(FileManager.default.fileExists(atPath: path) == !isRecorded)
        }
        #expect(report().violations.isEmpty)
        #expect(report().findings.isEmpty)
        cleanUp()
    }

    // MARK: Restorations

    @Test func aRestorationTakesTwoPersonsAndTheRecoveryKey() throws {
        let backup = try SampleLog.copy(of: log)
        now.set(day: 301)
        _ = try open().append(SampleLog.submissions(3_001..<3_010))
        try open().rotateKey()
        // The backup comes back; what was signed since is only in the record of the signature.
        for file in [".state/signed", "checkpoint"] {
            try backup.write(file, try log.bytes(file))
        }
        try FileManager.default.removeItem(atPath: log.path)
        try FileManager.default.moveItem(atPath: backup.path, toPath: log.path)
        #expect(throws: StorageError.self) { try open() }
        let options = LogAppender.Options(isDurable: false) { [now] in
            now.time.load(ordering: .relaxed)
        }
        func restore(_ key: LogSigningKey, _ approver: String) throws -> Range<UInt64> {
            try LogAppender.restore(
                log.path, keyFile: keyFile,
                RestoreRequest(recoveryKey: key, requester: "A1", approver: approver),
                options: options)
        }
        let other = try LogSigningKey(name: log.key.verificationKey.name, key: .generate())
        #expect(throws: StorageError.self) { try restore(log.key, "A1") }
        for name in ["", "Jean Dupont", "A1 "] {
            let error = #expect(throws: StorageError.self) { try restore(log.key, name) }
            #expect(error?.code == .notPseudonym)
        }
        #expect(throws: StorageError.self) { try restore(other, "A2") }
        #expect(throws: StorageError.self) { try open() }
        #expect(try restore(log.key, "A2") == 3_011..<3_021)
        #expect(throws: StorageError.self) { try restore(log.key, "A2") }
        _ = try open().append(SampleLog.submissions(3_001..<3_100))
        try open().rotateKey()
        #expect(report().violations.isEmpty)
        #expect(report().findings.map(\.kind) == [.restored])
        #expect(report().findings.first?.entries == 3_011..<3_021)
        cleanUp()
    }
}
