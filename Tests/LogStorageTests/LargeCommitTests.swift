// SPDX-License-Identifier: Apache-2.0

import Foundation
import LogStorage
import Testing
import TransparencyLog

/// Commits so large that a part is written while the rest is staged, in a durable log.
@Suite struct LargeCommitTests {
    let log: SampleLog

    init() throws {
        log = try SampleLog()
        _ = try log.create()
    }

    private func open() throws -> LogAppender {
        var options = log.options
        options.isDurable = true
        return try LogAppender(log.path, key: log.key, options: options)
    }

    private func batchCount() throws -> Int {
        let bytes = try log.bytes("wal/0.seg")
        var (count, offset) = (0, 0)
        while let header = unsafe SegmentHeader(at: offset, in: bytes.span.bytes) {
            count += 1
            offset += SegmentHeader.byteCount + Int(header.frameByteCount)
        }
        #expect(offset == bytes.count)
        return count
    }

    /// Retries of what is still on its way to the file, in the same commit, with more after them or none.
    @Test(arguments: [0, 1, 500])
    func retriesInTheSameCommitAppendNothing(after count: Int) throws {
        let new = try SampleLog.submissions(1..<4_001)
        let more = try SampleLog.submissions(4_001..<(4_001 + count))
        let answers = try open().append(new + new + more)
        let indices = Array(1...4_000) + Array(1...4_000) + more.indices.map { 4_001 + $0 }
        #expect(answers.map { Int($0.index) } == indices)
        #expect(answers.map(\.isRepetition).prefix(8_000) == (0..<8_000).map { $0 >= 4_000 }[...])
        #expect(answers[..<4_000].map(\.leafHash) == answers[4_000..<8_000].map(\.leafHash))
        #expect(try batchCount() > 3)
        try open().sign()
        let report = LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(log.path)).report
        #expect(report.isIntact && report.entryCount == UInt64(4_001 + count))
    }

    /// Cut anywhere, what is left is whole batches, each with all of its entries.
    @Test func eachOfItsBatchesIsWholeOrNotThere() throws {
        _ = try open().append(SampleLog.submissions(1..<4_001))
        let whole = try log.bytes("wal/0.seg")
        var ends = [0]
        while let header = unsafe SegmentHeader(at: ends[ends.count - 1], in: whole.span.bytes) {
            ends.append(
                ends[ends.count - 1] + SegmentHeader.byteCount + Int(header.frameByteCount))
        }
        for cut in stride(from: ends[1] + 1, to: whole.count, by: 80_021) {
            try log.write("wal/0.seg", Array(whole[..<cut]))
            let tail = try #require(try log.open().tornTail)
            let end = try #require(ends.last { $0 <= cut })
            #expect(tail.byteCount == cut - end)
        }
    }

    /// A commit that fails while a part of it is on its way tells its caller once that part has arrived:
    /// who opens the log then finds it, and nothing is written under its hands.
    @Test func aFailedCommitWritesNothingAfterItIsTold() throws {
        _ = try open().append(SampleLog.submissions(1..<600))
        let sealed = "tile/entries/001"
        for round in 0..<8 {
            let copy = try SampleLog.copy(of: log)
            var options = copy.options
            options.isDurable = true
            let appender = try LogAppender(copy.path, key: copy.key, options: options)
            _ = try appender.append(SampleLog.submissions(600..<601))
            try appender.sign()
            // A retry of an entry that cannot be read, at another place of the commit each time.
            try FileManager.default.removeItem(atPath: copy.path + "/" + sealed)
            try FileManager.default.createDirectory(
                atPath: copy.path + "/" + sealed, withIntermediateDirectories: false)
            let (before, size) = (try copy.segmentByteCount(), appender.size)
            let new = try SampleLog.submissions(1_000..<(2_400 + 64 * round))
            #expect(throws: StorageError.self) {
                try appender.append(new + SampleLog.submissions(300..<301))
            }
            let told = try copy.segmentByteCount()
            #expect(told > before)
            #expect(appender.size == size)
            usleep(20_000)
            #expect(try copy.segmentByteCount() == told)
            #expect(throws: StorageError.self) {
                try appender.append(SampleLog.submissions(700..<701))
            }
        }
    }
}

extension SampleLog {
    /// The number of bytes of the open segment.
    fileprivate func segmentByteCount() throws -> Int {
        let names = try FileManager.default.contentsOfDirectory(atPath: path + "/wal")
        let last = try #require(names.compactMap { Int($0.dropLast(4)) }.max())
        return try bytes("wal/\(last).seg").count
    }
}
