// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import LogStorage
import Testing
import TransparencyLog

/// What a purge leaves in force: it stays readable, nobody can take it away unseen, and the next purge
/// drops what is no longer so.
extension RetentionTests {
    private static let standing: [UInt64] = [5, 6, 300, 700]

    private func purge(
        _ day: Int64, leaving indices: [UInt64] = standing
    ) throws -> Range<UInt64> {
        var request = try request(day)
        request.standing = .init(indices: indices, since: Self.start + 25 * Self.day)
        return try open().purge(request)
    }

    /// The entries that a verification folds, and those that a replay lends, up to an index.
    private func read(below end: UInt64) throws -> (folded: [UInt64], replayed: [UInt64]) {
        let found = LogVerifier(keys: [log.key.verificationKey]).verify(
            LogReader(log.path), initial: { [UInt64]() }, fold: { $0.append($1.index) })
        var replayed: [UInt64] = []
        let verified = try #require(found.verification.log, "\(report().violations)")
        try verified.replay(0..<end) { entry in
            #expect(entry.isLeft == (entry.index < 768))
            replayed.append(entry.index)
        }
        return (found.states.joined().filter { $0 < end }, replayed)
    }

    /// The next purge drops what the one before left, for another head than the one being judged.
    @Test func aSecondPurgeBesideAVerificationIsNoLoss() throws {
        #expect(try purge(70) == 0..<768)
        now.set(day: 330)
        var request = try request(140)
        request.standing = .init(indices: [300, 700], since: Self.start + 95 * Self.day)
        let appender = try open()
        let source = PurgedMeanwhile(LogReader(log.path)) { [request] in
            _ = try? appender.purge(request)
        }
        let report = LogVerifier(keys: [log.key.verificationKey]).verify(source).report
        #expect(!FileManager.default.fileExists(atPath: log.path + "/standing/3011"))
        #expect(report.isIntact && report.findingCount == 0, "\(report.violations)")
        #expect(report.entryCount == appender.size)
    }

    /// Nor for the verifier that was written from the format alone, whichever file it is just opening; and
    /// a loss is one, however the head moves.
    @Test func theSecondVerifierAccusesNoPurge() throws {
        #expect(try purge(70) == 0..<768)
        let before = try SampleLog.copy(of: log)
        now.set(day: 330)
        var request = try request(140)
        request.standing = .init(indices: [300, 700], since: Self.start + 95 * Self.day)
        #expect(try open().purge(request) == 768..<1_280)
        let key = log.path + ".vkey"
        try log.key.verificationKey.text.write(toFile: key, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: key) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", FaultTests.root.appending(path: "Tests/independent/moving_check.py").path,
            before.path, log.path, key, "9",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
        cleanUp()
    }

    @Test func whatIsInForceStays() throws {
        #expect(try purge(70) == 0..<768)
        #expect(report().violations.isEmpty && report().findings.isEmpty)
        #expect(report().hidden?.stateBefore == Self.start + 25 * Self.day)
        #expect(report().standing?.total.count == 7)
        // The third rotation was on day 60.
        #expect(report().hidden?.before == Self.start + 60 * Self.day)
        let read = try read(below: 770)
        #expect(read.folded == [0, 5, 6, 300, 301, 602, 700, 768, 769])
        #expect(read.replayed == read.folded)
        let prover = try LogProver(LogReader(log.path))
        let signer = try #require(report().signer)
        for index: UInt64 in [5, 301, 700] {
            let entry = try prover.entry(at: index)
            #expect(
                try prover.prove(index: index).verify(entry: entry, keys: [signer])
                    == .holds(signer))
        }
        #expect(throws: ProofError(.missingEntry, index: 7)) { try prover.entry(at: 7) }
        // Who does not say what is in force leaves no state that is known.
        let other = try RetentionTests()
        _ = try other.open().purge(try other.request(70))
        #expect(other.report().hidden?.stateBefore == .max)
        other.cleanUp()
        cleanUp()
    }

    @Test func everyByteOfWhatIsInForceCounts() throws {
        _ = try purge(70)
        let path = "standing/3011/001"
        let whole = try log.bytes(path)
        for offset in whole.indices {
            var bytes = whole
            bytes[offset] ^= 1
            try overwrite(path, bytes)
            #expect(codes.contains("LOG218"), "\(offset)")
        }
        // Cut at any byte, or with anything after it.
        for count in 0..<whole.count {
            try overwrite(path, Array(whole[..<count]))
            #expect(codes.contains("LOG218"), "\(count)")
        }
        try overwrite(path, whole + [0])
        #expect(codes.contains("LOG218"))
        try overwrite(path, whole)
        #expect(report().violations.isEmpty)
        cleanUp()
    }

    private func overwrite(_ path: String, _ bytes: [UInt8]) throws {
        try FileManager.default.removeItem(atPath: log.path + "/" + path)
        try log.write(path, bytes)
    }

    private var codes: Set<String> { Set(report().violations.map(\.code.rawValue)) }

    @Test func whatIsTakenAwayOrAddedIsNoticed() throws {
        let bundle = try log.bytes("tile/entries/001")
        _ = try purge(70)
        let files = FileManager.default
        let standing = log.path + "/standing/3011"
        let whole = try log.bytes("standing/3011/001")
        // A file, one genuine entry of it, another genuine entry, the folder.
        try files.removeItem(atPath: standing + "/001")
        #expect(codes == ["LOG218"])
        var frames = Frames(whole).frames
        #expect(frames.count == 2)
        frames.removeFirst()
        try log.write("standing/3011/001", Frames(frames: frames).bytes)
        #expect(codes == ["LOG218"])
        try overwrite(
            "standing/3011/001", Frames(frames: Array(Frames(bundle).frames[46..<48])).bytes)
        #expect(codes == ["LOG218"])
        try overwrite("standing/3011/001", whole)
        #expect(codes.isEmpty)
        try files.moveItem(atPath: standing, toPath: log.path + "/aside")
        #expect(codes == ["LOG218"])
        try files.moveItem(atPath: log.path + "/aside", toPath: log.path + "/standing/3010")
        #expect(codes == ["LOG218"])
        try files.moveItem(atPath: log.path + "/standing/3010", toPath: standing)
        #expect(codes.isEmpty)
        try log.write("standing/3011/900", whole)
        #expect(codes == ["LOG218"])
        try files.removeItem(atPath: standing + "/900")
        #expect(codes.isEmpty)
        // What the log said of itself stays under its index too.
        try files.removeItem(atPath: log.path + "/kept/602")
        #expect(codes.contains("LOG201"))
        cleanUp()
    }

    @Test func whatALinkLeadsToIsNotRemoved() throws {
        _ = try purge(70)
        let files = FileManager.default
        let elsewhere = log.path + ".elsewhere"
        defer { try? files.removeItem(atPath: elsewhere) }
        try files.moveItem(atPath: log.path + "/standing", toPath: elsewhere)
        try files.createSymbolicLink(
            atPath: log.path + "/standing", withDestinationPath: elsewhere)
        #expect(codes == ["LOG218"])
        now.set(day: 330)
        _ = try? purge(140, leaving: [700, 900])
        #expect(try files.contentsOfDirectory(atPath: elsewhere).contains("3011"))
        cleanUp()
    }

    @Test func theNextPurgeDropsWhatIsNotInForce() throws {
        _ = try purge(70)
        now.set(day: 330)
        let last = try open().size
        #expect(try purge(140, leaving: [6, 700, 900]) == 768..<1_280)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: log.path + "/standing")
                == ["\(last)"])
        #expect(report().violations.isEmpty && report().findings.isEmpty)
        let verified = LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(log.path))
        var left: [UInt64] = []
        try #require(verified.log).replay { if $0.isLeft { left.append($0.index) } }
        #expect(left == [0, 6, 301, 602, 700, 900, 903, 1_204])
        // What went with the first purge does not come back.
        let error = #expect(throws: StorageError.self) {
            now.set(day: 390)
            _ = try purge(200, leaving: [5])
        }
        #expect(error?.code == .altered)
        cleanUp()
    }

    /// The states in which a crash may leave a purge: the log is intact in each, and the next writer
    /// finishes or forgets the purge.
    @Test func aPurgeThatLeavesSomethingIsFinishedAfterACrash() throws {
        let files = FileManager.default
        let bundles = try (0..<3).map { try log.bytes("tile/entries/00\($0)") }
        // Not recorded: its folder is there, and its entry is not.
        try log.write(".state/purging", Array("3011\n0\n768\n".utf8))
        try files.createDirectory(
            atPath: log.path + "/standing/3011", withIntermediateDirectories: true)
        try log.write("standing/3011/000", Array("half".utf8))
        #expect(report().violations.isEmpty)
        _ = try open()
        #expect(!files.fileExists(atPath: log.path + "/standing/3011"))
        // Recorded: the bundles are there still, and what an earlier purge left.
        #expect(try purge(70) == 0..<768)
        for (number, bundle) in bundles.enumerated() {
            try log.write("tile/entries/00\(number)", bundle)
        }
        try files.createDirectory(
            atPath: log.path + "/standing/3010", withIntermediateDirectories: true)
        try log.write("standing/3010/000", Array("old".utf8))
        try log.write(".state/purging", Array("3011\n0\n768\n".utf8))
        #expect(report().violations.isEmpty)
        #expect(report().findings.map(\.kind) == [.purgedAndPresent])
        _ = try open()
        #expect(try files.contentsOfDirectory(atPath: log.path + "/standing") == ["3011"])
        #expect(report().violations.isEmpty && report().findings.isEmpty)
        // A bundle that is there, and says otherwise than what stays of it.
        var frames = Frames(bundles[1]).frames
        frames.swapAt(44, 45)
        try log.write("tile/entries/001", Frames(frames: frames).bytes)
        #expect(codes.contains("LOG216"))
        cleanUp()
    }

    /// What stays is known by its name, also where the index of names is made anew; what is gone is not.
    @Test(arguments: [false, true]) func whatIsInForceIsKnownByItsName(_ isNew: Bool) throws {
        // Entry 700 is the event 698: two rotations are before it.
        let numbers = [5, 6, 300, 698]
        _ = try open().append(SampleLog.submissions(5_000..<10_000))
        _ = try purge(70)
        if isNew { try FileManager.default.removeItem(atPath: log.path + "/.state/ids") }
        let appender = try open()
        let size = appender.size
        for (number, index) in zip(numbers, Self.standing) {
            let answer = try #require(
                try appender.append(SampleLog.submissions(number..<(number + 1))).first)
            #expect(answer.isRepetition && answer.index == index)
        }
        #expect(appender.size == size)
        let gone = try appender.append(SampleLog.submissions(7..<9))
        #expect(gone.map(\.isRepetition) == [false, false])
        let present = try appender.append(SampleLog.submissions(800..<803))
        #expect(present.map(\.isRepetition) == [true, true, true])
        cleanUp()
    }

    @Test func aMirrorHoldsWhatIsInForce() throws {
        let mirror = log.path + "-mirror"
        defer { try? FileManager.default.removeItem(atPath: mirror) }
        let publisher = LogPublisher(from: log.path, to: mirror)
        _ = try publisher.publish()
        _ = try purge(70)
        _ = try publisher.publish()
        #expect(report(mirror) == report() && report().violations.isEmpty)
        now.set(day: 330)
        _ = try purge(140, leaving: [6, 900])
        _ = try publisher.publish()
        #expect(report(mirror) == report() && report().violations.isEmpty)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: mirror + "/standing").count == 1)
        cleanUp()
    }
}
