// SPDX-License-Identifier: Apache-2.0

import Foundation
import LogStorage
import Testing
import TransparencyLog

@Suite struct LogAppenderTests {
    @Test func acknowledgesEveryEntryWithItsIndex() throws {
        let log = try SampleLog()
        let appender = try log.create()
        let first = try appender.append(SampleLog.submissions(1..<301))
        #expect(first.map(\.index) == Array(1...300))
        #expect(try appender.sign() == 301)
        #expect(try appender.append(SampleLog.submissions(301..<302)).map(\.index) == [301])
    }

    @Test func aRetryGetsTheFirstAcknowledgement() throws {
        let log = try SampleLog()
        var appender: LogAppender? = try log.create()
        let first = try appender?.append(SampleLog.submissions(1..<700)) ?? []
        try appender?.sign()
        appender = nil
        let again = try log.open().append(
            SampleLog.submissions(1..<702) + SampleLog.submissions(1..<3))
        #expect(again.prefix(699).map(\.leafHash) == first.map(\.leafHash))
        #expect(again.map(\.isRepetition).filter { !$0 }.count == 2)
        #expect(again.suffix(2).map(\.index) == [1, 2])
        #expect(try log.open().size == 702)
    }

    /// Retries at each set of places of a batch: what stands between them is linked all the same.
    @Test func retriesMayStandAnywhereInABatch() throws {
        let log = try SampleLog()
        let appender = try log.create()
        let known = try appender.append(SampleLog.submissions(1..<6))
        var next = 6
        for mask in 0..<32 {
            var batch: [Submission] = []
            for place in 0..<5 {
                let number = mask >> place & 1 == 1 ? place + 1 : next
                if number == next { next += 1 }
                batch += try SampleLog.submissions(number..<(number + 1))
            }
            let answers = try appender.append(batch)
            for place in 0..<5 where mask >> place & 1 == 1 {
                #expect(answers[place].isRepetition)
                #expect(answers[place].leafHash == known[place].leafHash)
            }
        }
        try appender.sign()
        let report = LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(log.path)).report
        #expect(report.isIntact && report.entryCount == UInt64(next))
    }

    @Test func aProgramRecordsEventsOfItsOwn() throws {
        let log = try SampleLog()
        let appender = try log.create()
        let first = try appender.record(EventDraft("log.read", [.caseRef: .text("CASE-1")]))
        #expect(first.map(\.index) == [1])
        #expect(throws: EntryError.self) {
            try appender.record(EventDraft("log.read", [.caseRef: .text("")]))
        }
        _ = try appender.append(SampleLog.submissions(1..<2))
        #expect(try appender.record(EventDraft("log.read")).map(\.index) == [3])
        try appender.sign()
        let report = LogVerifier(keys: [log.key.verificationKey])
            .verify(LogReader(log.path), workers: 1)
        #expect(report.log?.treeSize == 4)
        #expect(report.report.sourceFindings.isEmpty)
    }

    @Test func onlyOneWriterAtATime() throws {
        let log = try SampleLog()
        let appender = try log.create()
        let error = #expect(throws: StorageError.self) { try log.open() }
        #expect(error?.code == .locked)
        _ = try appender.append(SampleLog.submissions(1..<2))
    }

    @Test func aLogIsMadeInAnEmptyFolderOnly() throws {
        let log = try SampleLog()
        _ = try log.create()
        let error = #expect(throws: StorageError.self) { try log.create() }
        #expect(error?.code == .exists)
    }

    @Test func manyThreadsKeepOneOrder() throws {
        let log = try SampleLog()
        let appender = try log.create()
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for batch in 0..<25 {
                let start = batch * 4 + 1
                _ = try? appender.append(
                    SampleLog.submissions(start..<(start + 4), source: "source-\(thread)"))
            }
        }
        #expect(appender.size == 801)
        try appender.sign()
    }

    /// Tasks that each wait for their own entry are served by few commits: the clock is asked once for
    /// each.
    @Test func callersShareSyncs() async throws {
        let log = try SampleLog()
        var options = log.options
        options.isDurable = true
        options.signingIntervalMilliseconds = 1 << 30
        let start = options.clock()
        let appender = try LogAppender(
            log.path, key: log.key, genesis: SampleLog.genesis(log.key), options: options)
        let (callers, each) = (32, 12)
        var answers: [UInt64] = []
        try await withThrowingTaskGroup(of: [UInt64].self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var own: [UInt64] = []
                    for number in 1...each {
                        let batch = try SampleLog.submissions(
                            number..<(number + 1), source: "source-\(caller)")
                        own += try await appender.appendWithoutBlocking(batch).map(\.index)
                    }
                    return own
                }
            }
            for try await own in group { answers += own }
        }
        let count = callers * each
        #expect(answers.sorted() == (1...UInt64(count)).map { $0 })
        #expect(options.clock() - start < Int64(count / 2))
        try appender.sign()
        let verifier = LogVerifier(keys: [log.key.verificationKey])
        #expect(verifier.verify(LogReader(log.path)).report.isIntact)
    }

    /// Every cut of the open segment, in the last two batches, keeps what was signed and whole.
    @Test func tornWritesAreDroppedAndRecorded() throws {
        let file = "wal/256.seg"
        let log = try SampleLog()
        var appender: LogAppender? = try log.create()
        _ = try appender?.append(SampleLog.submissions(1..<300))
        try appender?.sign()
        let signedCount = try log.bytes(file).count
        _ = try appender?.append(SampleLog.submissions(300..<302))
        let first = try log.bytes(file).count
        _ = try appender?.append(SampleLog.submissions(302..<303))
        appender = nil
        let whole = try log.bytes(file)
        for count in signedCount...whole.count {
            try log.write(file, Array(whole[..<count]))
            let kept = count == whole.count ? 303 : count < first ? 300 : 302
            let isTorn = ![signedCount, first, whole.count].contains(count)
            let appender = try log.open()
            #expect(appender.size == UInt64(kept + (isTorn ? 1 : 0)), "\(count)")
            #expect((appender.tornTail != nil) == isTorn)
        }
    }

    /// A batch of which any byte is not as it was written is none, nor is what follows it.
    @Test func aBatchIsWholeOrNotThere() throws {
        let log = try SampleLog()
        var appender: LogAppender? = try log.create()
        _ = try appender?.append(SampleLog.submissions(1..<4))
        let start = try log.bytes("wal/0.seg").count
        _ = try appender?.append(SampleLog.submissions(4..<7))
        let end = try log.bytes("wal/0.seg").count
        _ = try appender?.append(SampleLog.submissions(7..<9))
        appender = nil
        let whole = try log.bytes("wal/0.seg")
        for place in start..<end {
            var bytes = whole
            bytes[place] ^= 1
            try log.write("wal/0.seg", bytes)
            let tail = try #require(try log.open().tornTail)
            #expect(tail.first == 4 && tail.byteCount == whole.count - start, "\(place)")
            #expect(tail.path.contains("/.state/torn-4-\(tail.byteCount)"))
            let aside = try Data(contentsOf: URL(filePath: tail.path))
            #expect([UInt8](aside) == Array(bytes[start...]))
        }
    }

    @Test func lostSignedEntriesAreRefused() throws {
        let log = try SampleLog()
        var appender: LogAppender? = try log.create()
        _ = try appender?.append(SampleLog.submissions(1..<300))
        try appender?.sign()
        appender = nil
        let entries = try log.bytes("wal/256.seg")
        try log.write("wal/256.seg", entries.dropLast())
        let error = #expect(throws: StorageError.self) { try log.open() }
        #expect(error?.code == .behindSignature)
        #expect(try log.bytes("wal/256.seg").count == entries.count - 1)
    }

    @Test func anAlteredTileIsRefused() throws {
        let log = try SampleLog()
        var appender: LogAppender? = try log.create()
        _ = try appender?.append(SampleLog.submissions(1..<300))
        try appender?.sign()
        appender = nil
        let tile = LogPath.tile(level: 1, index: 0, width: 1).text
        var bytes = try log.bytes(tile)
        bytes[5] ^= 1
        try FileManager.default.removeItem(atPath: log.path + "/" + tile)
        try log.write(tile, bytes)
        let error = #expect(throws: StorageError.self) { try log.open() }
        #expect(error?.code == .altered)
    }

    @Test func aLongLogStartsNewSegments() throws {
        let log = try SampleLog()
        var appender: LogAppender? = try log.create()
        for start in stride(from: 1, to: 40_000, by: 5_000) {
            _ = try appender?.append(SampleLog.submissions(start..<(start + 5_000)))
            try appender?.sign()
        }
        appender = nil
        let segments = try LogReader(log.path).segments()
        #expect(segments.count == 1 && segments[0] > 0)
        #expect(try log.open().size == 40_001)
    }
}
