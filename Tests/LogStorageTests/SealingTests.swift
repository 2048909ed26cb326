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

    private func replace(_ path: String, _ bytes: [UInt8], of log: SampleLog) throws {
        try FileManager.default.removeItem(atPath: log.path + "/" + path)
        try log.write(path, bytes)
    }

    /// Where the frame of an entry starts.
    private static func offset(of entry: Int, in frames: [UInt8]) -> Int? {
        var offset = 0
        for _ in 0..<entry {
            let bytes = unsafe frames.span.bytes
            let start = SegmentHeader.frameOffset(at: offset, in: bytes)
            guard let range = EntryBundle.entryRange(at: start, in: bytes)
            else { return nil }
            offset = range.upperBound
        }
        return offset
    }
}
