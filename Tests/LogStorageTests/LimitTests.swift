// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// What the log does not give, as `docs/threat-model.md` says: each limit is shown, and where it ends.
@Suite struct LimitTests {
    let log: SampleLog

    init() throws { log = try SampleLog() }

    private func verify(_ log: SampleLog, kept: [UInt8]? = nil) throws -> VerificationReport {
        if let kept {
            try FileManager.default.createDirectory(
                atPath: log.path + "/checkpoints", withIntermediateDirectories: true)
            let note = try SignedNote(parsing: kept)
            let size = try Checkpoint(parsing: note.text).treeSize
            try log.write("checkpoints/\(size)", kept)
        }
        return LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(log.path)).report
    }

    /// Cuts the open segment after its first batches.
    private func cutTail(to count: Int) throws {
        let bytes = try log.bytes("wal/0.seg")
        var end = 0
        for _ in 0..<count {
            let header = try #require(unsafe SegmentHeader(at: end, in: bytes.span.bytes))
            end += SegmentHeader.byteCount + Int(header.frameByteCount)
        }
        try log.write("wal/0.seg", Array(bytes[..<end]))
    }

    /// Nothing signed says that the entries were there: the log opens without a word, and verifies.
    @Test func aTailCutBeforeTheFirstCheckpointIsNotNoticed() throws {
        do {
            let writer = try log.create()
            _ = try writer.append(SampleLog.submissions(1..<4))
            _ = try writer.append(SampleLog.submissions(4..<9))
        }
        try cutTail(to: 2)
        let appender = try log.open()
        #expect(appender.size == 4)
        #expect(appender.tornTail == nil)
        try appender.sign()
        let report = try verify(log)
        #expect(report.isIntact && report.findingCount == 0)
        #expect(report.entryCount == 4)
    }

    /// One checkpoint ends it: the same cut below it is refused, and reported.
    @Test func theSameCutAfterTheFirstCheckpointIsNoticed() throws {
        do {
            let appender = try log.create()
            _ = try appender.append(SampleLog.submissions(1..<4))
            _ = try appender.append(SampleLog.submissions(4..<9))
            try appender.sign()
        }
        try cutTail(to: 2)
        #expect(throws: StorageError.self) { try log.open() }
        // The writer's own files are copies of what is served; without the latter nothing is left.
        try FileManager.default.removeItem(atPath: log.path + "/tile")
        #expect(try !verify(log).isIntact)
    }

    /// Who holds the key may write another history: by itself it is as good as the first, until a head
    /// of the first that somebody kept is laid beside it.
    @Test func aRewriteByTheHolderOfTheKeyShowsOnlyBesideAHeadThatWasKept() throws {
        let first = try log.create()
        _ = try first.append(SampleLog.submissions(1..<300))
        try first.sign()
        let kept = try log.bytes("checkpoint")
        let other = try SampleLog()
        let second = try other.create()
        _ = try second.append(SampleLog.submissions(1..<150))
        _ = try second.append(SampleLog.submissions(151..<400))
        try second.sign()
        #expect(try verify(other).isIntact)
        let beside = try verify(other, kept: kept)
        #expect(beside.violations.contains { $0.code == .inconsistentCheckpoint })
    }

    /// A clock that is set back makes later entries as old as the last one, never older.
    @Test func aClockThatIsSetBackSetsNoEntryBack() throws {
        let clock = Atomic<Int64>(1_767_225_600_000)
        let options = LogAppender.Options(isDurable: false) { clock.load(ordering: .relaxed) }
        let appender = try LogAppender(
            log.path, key: log.key, genesis: SampleLog.genesis(log.key), options: options)
        _ = try appender.append(SampleLog.submissions(1..<2))
        clock.store(1_000, ordering: .relaxed)
        _ = try appender.append(SampleLog.submissions(2..<3))
        let text = String(decoding: try log.bytes("wal/0.seg"), as: UTF8.self)
        let times = text.components(separatedBy: "\"recorded_at\":\"2026-01-01T00:00:00.000Z\"")
        #expect(times.count == 4)
    }
}
