// SPDX-License-Identifier: Apache-2.0

import Foundation
import LogStorage
import Testing
import TransparencyLog

/// What stands in a bundle is what was acknowledged, whatever happens to the segment before.
@Suite struct SealingTests {
    /// One byte of the segment changes while the log is open: bundles that this process wrote whole, in
    /// part, and that recovery found.
    @Test(arguments: [1, 100, 255, 256, 300])
    func anAlteredSegmentIsNotSealed(recovered: Int) throws {
        let start = try SampleLog()
        _ = try start.create().append(SampleLog.submissions(1..<recovered + 1))
        // From the first frame on: no header reaches a bundle.
        for place in [nil, 38, 39, 9_000, 29_999, 40_000, 60_000] as [Int?] {
            let log = try SampleLog.copy(of: start)
            let appender = try log.open()
            for first in stride(from: recovered + 1, to: 700, by: 97) {
                _ = try appender.append(SampleLog.submissions(first..<min(first + 97, 700)))
            }
            guard let place else {
                #expect(try appender.sign() == 700)
                let verifier = LogVerifier(keys: [log.key.verificationKey])
                #expect(verifier.verify(LogReader(log.path)).report.isIntact)
                continue
            }
            let bytes = try log.bytes("wal/0.seg")
            let first = try #require(Self.offset(of: 256, in: bytes))
            let second = try #require(Self.offset(of: 512, in: bytes))
            try #require(place < second)
            let file = try FileHandle(forUpdating: URL(filePath: log.path + "/wal/0.seg"))
            try file.seek(toOffset: UInt64(place))
            try file.write(contentsOf: [bytes[place] ^ 1])
            let error = #expect(throws: StorageError.self) { try appender.sign() }
            #expect(error?.code == .altered, "\(place)")
            let bundle = place < first ? "tile/entries/000" : "tile/entries/001"
            #expect(!FileManager.default.fileExists(atPath: log.path + "/" + bundle))
            #expect(try LogReader(log.path).segments().contains(0))
        }
    }

    /// Sealing was cut short while files that have their names were written, or others had them.
    @Test func filesOfASealingThatWasCutShortAreWrittenAnew() throws {
        let log = try SampleLog()
        var appender: LogAppender? = try log.create()
        _ = try appender?.append(SampleLog.submissions(1..<700))
        let segment = try log.bytes("wal/0.seg")
        try appender?.sign()
        appender = nil
        let sealed = ["tile/entries/000", "tile/0/000", "tile/entries/001", "tile/0/001"]
        let bundles = try sealed.map { try log.bytes($0) }
        func reopen(_ bytes: [UInt8]) throws -> [[UInt8]] {
            try log.write("wal/0.seg", bytes)
            #expect(try log.open().size == 700)
            #expect(try LogReader(log.path).segments() == [512])
            return try sealed.map { try log.bytes($0) }
        }
        for (path, whole) in zip(sealed, bundles) {
            var other = whole
            other[whole.count / 2] ^= 1
            for left in [[], [whole[0]], Array(whole.dropLast()), whole + [0], other] {
                try replace(path, left, of: log)
                #expect(try reopen(segment) == bundles)
                // The segment lacks its end, so that nothing says what the file should be.
                try replace(path, left, of: log)
                let error = #expect(throws: StorageError.self) { try reopen(segment.dropLast()) }
                #expect(error?.code == .altered)
                #expect(try reopen(segment) == bundles)
            }
        }
        // The removal of the segment was taken back, in part.
        #expect(try reopen(segment.dropLast()) == bundles)
        #expect(try reopen([]) == bundles)
    }

    /// Several closed segments waited when the process ended: all are sealed, from whichever on that was
    /// the next, even where the removal of an earlier one was taken back.
    @Test func severalClosedSegmentsAreSealed() throws {
        let log = try SampleLog()
        var closed: [(path: String, bytes: [UInt8])] = []
        for (first, end) in [(1, 300), (300, 700), (700, 800), (800, 1_030)] {
            let appender = try first == 1 ? log.create() : log.open()
            _ = try appender.append(SampleLog.submissions(first..<end))
            let start = try #require(try LogReader(log.path).segments().last)
            closed.append(("wal/\(start).seg", try log.bytes("wal/\(start).seg")))
            try appender.sign()
        }
        #expect(closed.map(\.path) == ["wal/0.seg", "wal/256.seg", "wal/512.seg", "wal/768.seg"])
        let sealed = (0..<4).flatMap { ["tile/entries/00\($0)", "tile/0/00\($0)"] }
        let files = try sealed.map { try log.bytes($0) }
        let verifier = LogVerifier(keys: [log.key.verificationKey])
        for waiting in 0...4 {
            for leftFrom in 0...waiting {
                for path in sealed.dropFirst(2 * waiting) {
                    try FileManager.default.removeItem(atPath: log.path + "/" + path)
                }
                for segment in closed[leftFrom...] { try log.write(segment.path, segment.bytes) }
                #expect(try log.open().size == 1_030)
                #expect(try LogReader(log.path).segments() == [1_024])
                #expect(try sealed.map { try log.bytes($0) } == files)
                #expect(verifier.verify(LogReader(log.path)).report.isIntact)
            }
        }
    }

    /// Segments fill up while others are sealed, and entries are asked for that are in each state.
    @Test func aBurstOfSegmentsIsSealed() throws {
        let log = try SampleLog()
        let count = 1 << 16
        do {
            let appender = try log.create()
            for first in stride(from: 1, to: count, by: 4_096) {
                let batch = try SampleLog.submissions(first..<min(first + 4_096, count))
                let told = try appender.append(batch)
                #expect(told.first?.index == UInt64(first))
                guard first > 1 else { continue }
                let again = try appender.append(SampleLog.submissions((first - 1)..<first))
                #expect(again.first?.isRepetition == true)
                #expect(again.first?.index == UInt64(first - 1))
            }
            #expect(try appender.sign() == UInt64(count))
        }
        #expect(try LogReader(log.path).segments() == [UInt64(count)])
        let verifier = LogVerifier(keys: [log.key.verificationKey])
        let report = verifier.verify(LogReader(log.path)).report
        #expect(report.isIntact)
        #expect(report.entryCount == UInt64(count))
    }

    /// So many segments, of large entries, that those of a durable log can no longer wait for a pause.
    @Test func aDurableBurstIsSealedInTheEnd() throws {
        let log = try SampleLog()
        _ = try log.create()
        var options = log.options
        options.isDurable = true
        options.signingIntervalMilliseconds = 1_000_000
        let count = 8 * 1_100
        do {
            let appender = try LogAppender(log.path, key: log.key, options: options)
            for first in stride(from: 1, to: count, by: 100) {
                let batch = try (first..<(first + 100)).map { number in
                    try Submission(
                        Array(
                            """
                            {"id":"\(String(repeating: "a", count: 15_500))\(number)",\
                            "occurred_at":"2026-01-05T09:00:00.000Z","source":"portail",\
                            "source_seq":\(number),"type":"heartbeat","v":1}
                            """.utf8))
                }
                #expect(try appender.append(batch).last?.index == UInt64(first + 99))
                #expect(try LogReader(log.path).segments().count <= 7)
            }
            #expect(try appender.sign() == UInt64(count + 1))
        }
        #expect(try LogReader(log.path).segments().count == 1)
        let verifier = LogVerifier(keys: [log.key.verificationKey])
        let report = verifier.verify(LogReader(log.path)).report
        #expect(report.isIntact)
        #expect(report.entryCount == UInt64(count + 1))
    }

    private func replace(_ path: String, _ bytes: [UInt8], of log: SampleLog) throws {
        try FileManager.default.removeItem(atPath: log.path + "/" + path)
        try log.write(path, bytes)
    }

    /// Where the frame of an entry starts.
    private static func offset(of entry: Int, in frames: [UInt8]) -> Int? {
        var offset = 0
        for _ in 0..<entry {
            let bytes = unsafe frames.span.bytes
            guard let start = SegmentHeader.frameOffset(at: offset, in: bytes),
                let range = EntryBundle.entryRange(at: start, in: bytes)
            else { return nil }
            offset = range.upperBound
        }
        return offset
    }
}
