// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Testing
import TransparencyLog

// The hash is under a secret that no public call shows.
@testable import LogStorage

/// Retries are known by their names, however long the log is and whatever became of the index.
@Suite struct IdentifierTests {
    private static func submissions(_ range: Range<Int>) throws -> [Submission] {
        try SampleLog.submissions(range)
    }

    private static func runs(_ log: SampleLog) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: log.path + "/.state/ids").sorted()
    }

    /// The vectors of the reference implementation: bytes 0, 1, 2… under the key 0, 1, … 15.
    @Test(
        arguments: [
            (0, 0x726F_DB47_DD0E_0E31), (1, 0x74F8_39C5_93DC_67FD), (7, 0xAB02_00F5_8B01_D137),
            (8, 0x93F5_F579_9A93_2462), (15, 0xA129_CA61_49BE_45E5), (16, 0x3F2A_CC7F_57C2_9BDB),
        ] as [(Int, UInt64)])
    func hashesAsTheReference(_ count: Int, _ hash: UInt64) {
        let key = IdentifierKey(low: 0x0706_0504_0302_0100, high: 0x0F0E_0D0C_0B0A_0908)
        let message = (0..<UInt8(count)).map { $0 }
        var state = SipHash(key)
        unsafe state.add(message.span.bytes, 0..<count)
        #expect(state.finish() == hash)
    }

    /// More names than are kept in memory: in runs, while they are written and after the log was opened; so
    /// many that their filter is made anew.
    @Test func everyNameOfALongLogIsKnown() throws {
        let log = try SampleLog()
        var appender: LogAppender? = try log.create()
        let count = 420_000
        for start in stride(from: 1, to: count, by: 20_000) {
            let batch = start..<min(start + 20_000, count)
            _ = try appender?.append(Self.submissions(batch))
            let old = start * 7 % batch.upperBound
            let answers = try appender?.append(Self.submissions(max(1, old)..<(old + 2)))
            #expect(answers?.filter { !$0.isRepetition }.isEmpty == true, "\(old)")
        }
        for _ in 0..<2 {
            let retried = stride(from: 1, to: count, by: 61)
            let answers = try appender?.append(
                retried.flatMap { try Self.submissions($0..<($0 + 1)) })
            #expect(answers?.map(\.index) == retried.map { UInt64($0) })
            #expect(answers?.filter { !$0.isRepetition }.isEmpty == true)
            appender = nil
            appender = try log.open()
            #expect(appender?.size == UInt64(count))
        }
        let runs = ["0-240001", "240001-400001", "400001-420000"]
        #expect(try Self.runs(log) == runs)
    }

    /// A run that is altered just before a filter is made of it stops nobody, and hides no name.
    @Test func aFilterOfAnAlteredRunIsDoneWithout() throws {
        let log = try SampleLog()
        let appender = try log.create()
        for start in stride(from: 1, to: 460_002, by: 20_000) {
            if start == 380_001 {
                let path = log.path + "/.state/ids/0-240001"
                var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
                // One page in hundreds: few look-ups, if any, come upon it before the filter is made.
                bytes[bytes.count / 2] ^= 1
                try Data(bytes).write(to: URL(filePath: path))
            }
            _ = try appender.append(Self.submissions(start..<(start + 20_000)))
        }
        for old in [5, 100_000, 239_999, 300_000, 399_999] {
            let answer = try appender.append(Self.submissions(old..<(old + 1)))
            #expect(answer.map(\.index) == [UInt64(old)] && answer[0].isRepetition, "\(old)")
        }
    }

    /// A run that is not as it was written, and that no look-up meets before others are joined to it, stops
    /// nobody: neither a log that is open, nor one that is opened then.
    @Test(arguments: [false, true]) func anAlteredRunIsNotJoined(isOpenedAgain: Bool) throws {
        let log = try SampleLog()
        var appender: LogAppender? = try log.create()
        func append(_ range: Range<Int>) throws {
            _ = try #require(appender).append(Self.submissions(range))
        }
        try append(1..<40_001)
        try append(40_001..<65_601)
        let path = log.path + "/.state/ids/0-65601"
        let limit = Date(timeIntervalSinceNow: 30)
        while !FileManager.default.fileExists(atPath: path), Date() < limit { usleep(1_000) }
        // The next commit takes the run over, with the filter that spares look-ups.
        try append(65_601..<65_602)
        let kept = try [UInt8](Data(contentsOf: URL(filePath: path)))
        if isOpenedAgain {
            try append(65_602..<220_001)
            appender = nil
            try FileManager.default.removeItem(atPath: log.path + "/.state/ids")
            try FileManager.default.createDirectory(
                atPath: log.path + "/.state/ids", withIntermediateDirectories: false)
        }
        var altered = kept
        altered[kept.count / 2] ^= 1
        try Data(altered).write(to: URL(filePath: path))
        if isOpenedAgain { appender = try log.open() }
        for start in stride(from: 220_001, to: 380_001, by: 40_000) {
            try append(start..<(start + 40_000))
        }
        for old in [5, 40_000, 65_600, 220_001, 370_000] {
            let answer = try #require(appender).append(Self.submissions(old..<(old + 1)))
            let index = isOpenedAgain || old < 65_602 ? old : old - 154_399
            #expect(answer.map(\.index) == [UInt64(index)] && answer[0].isRepetition, "\(old)")
        }
    }

    /// The index is derived: absent, cut or altered, it is made anew.
    @Test func identifiersAreRebuilt() throws {
        let log = try SampleLog()
        _ = try log.create().append(Self.submissions(1..<9_000))
        let name = ".state/ids/0-9000"
        let run = try log.bytes(name)
        var changes: [[UInt8]] = [[], Array(run.dropLast(9)), Array(run.dropLast(4_096)), run]
        // The header and every fourth page of the run, at a place that differs.
        for page in stride(from: 0, to: run.count, by: 4 * 4_096) {
            var changed = run
            changed[page + page / 4_096 * 7 % 128] ^= 1
            changes.append(changed)
        }
        for changed in changes {
            try log.write(name, changed)
            let retried = Array(stride(from: 1, to: 9_000, by: 17))
            let answers = try log.open().append(
                retried.flatMap { try Self.submissions($0..<($0 + 1)) })
            #expect(answers.map(\.index) == retried.map { UInt64($0) })
            #expect(answers.filter { !$0.isRepetition }.isEmpty)
            #expect(try Self.runs(log) == ["0-9000"])
        }
    }

    /// Nobody writes to the folder of an index that was dropped.
    @Test func anIndexGoesOnceItsRunIsWritten() throws {
        let log = try SampleLog()
        _ = try log.create()
        let runs = try IdentifierRuns(LogDirectory(log.path), treeSize: 0) { _, _ in false }
        var index: IdentifierIndex? = IdentifierIndex(runs, isDurable: false)
        for number in 0..<200_000 as Range<UInt64> {
            index?.append(number &* 0x9E37_79B9_7F4A_7C15)
        }
        let end = IdentifierEnd(leafHash: .zero, ownSequence: 0, recordedAt: 0)
        try index?.flush(end)
        index = nil
        #expect(try Self.runs(log) == ["0-200000"])
    }

    @Test func indexesThatAreNotOfThisLogAreDropped() throws {
        let (log, other) = (try SampleLog(), try SampleLog())
        _ = try log.create().append(Self.submissions(1..<5_000))
        _ = try other.create().append(SampleLog.submissions(1..<5_000, source: "autre"))
        try log.write(".state/ids/0-5000", other.bytes(".state/ids/0-5000"))
        // The remains of a merge, and what nobody wrote.
        try log.write(".state/ids/0-5000.new", [1])
        try log.write(".state/ids/x", [2])
        let answers = try log.open().append(Self.submissions(1..<3))
        #expect(answers.map(\.index) == [1, 2])
        #expect(try Self.runs(log) == ["0-5000"])
        // The one file of an earlier version.
        try FileManager.default.removeItem(atPath: log.path + "/.state/ids")
        try log.write(".state/ids", [3])
        #expect(try log.open().append(Self.submissions(7..<8)).map(\.index) == [7])
    }

    /// Names that were purged are not known any more, and do not slow the others down.
    @Test func purgedNamesArePassedOver() throws {
        let log = try SampleLog()
        _ = try log.create().append(Self.submissions(1..<9_000))
        try log.open().sign()
        try FileManager.default.removeItem(atPath: log.path + "/.state/ids")
        for bundle in 0..<30 {
            let path = log.path + "/tile/entries/\(String(format: "%03d", bundle))"
            try FileManager.default.removeItem(atPath: path)
        }
        let answers = try log.open().append(Self.submissions(8_000..<8_002))
        #expect(answers.map(\.index) == [8_000, 8_001])
        #expect(try log.open().append(Self.submissions(9..<10)).map(\.isRepetition) == [false])
    }
}
