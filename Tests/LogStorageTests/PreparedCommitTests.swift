// SPDX-License-Identifier: Apache-2.0

import Foundation
import LogStorage
import Testing
import TransparencyLog

/// Commits whose entries another thread prepares are those of a log that does one entry at a time.
@Suite struct PreparedCommitTests {
    /// Every entry is recorded at the same moment, so that two logs can be compared.
    private func open(_ log: SampleLog, isDurable: Bool) throws -> LogAppender {
        let options = LogAppender.Options(isDurable: isDurable) { 1_767_225_600_000 }
        guard FileManager.default.fileExists(atPath: log.path) else {
            return try LogAppender(
                log.path, key: log.key, genesis: SampleLog.genesis(log.key), options: options)
        }
        return try LogAppender(log.path, key: log.key, options: options)
    }

    /// Appends the same batches to a durable log, whole, and to one that is not, in small pieces; the last
    /// leaf hash of each commits to all of its entries.
    private func expectSame(_ batches: [[Submission]], _ comment: Comment) throws {
        let (log, other) = try (SampleLog(), SampleLog())
        let whole = try open(log, isDurable: true)
        let pieces = try open(other, isDurable: false)
        for batch in batches {
            let answers = try whole.append(batch)
            var expected: [Acknowledgement] = []
            for start in stride(from: 0, to: batch.count, by: 500) {
                expected += try pieces.append(Array(batch[start..<min(start + 500, batch.count)]))
            }
            #expect(answers == expected, comment)
        }
        try whole.sign()
        try pieces.sign()
        #expect(try log.bytes("checkpoint") == other.bytes("checkpoint"), comment)
    }

    /// Around the number from which on entries are prepared, and around each end of a part.
    @Test(arguments: [1_023, 1_024, 1_025, 1_151, 1_152, 1_153, 1_280, 1_281, 1_663, 1_664, 1_665])
    func anyNumber(_ count: Int) throws {
        try expectSame([SampleLog.submissions(1..<(1 + count))], "\(count)")
    }

    /// A retry of an entry of the same commit, or of an earlier one, at any end of a part: what follows has
    /// other indices than it was prepared for.
    @Test(arguments: [
        0, 1, 127, 128, 129, 639, 640, 641, 1_087, 1_088, 1_089, 1_311, 1_312, 1_313, 1_535,
    ])
    func aRetryAtTheEndOfAPart(_ place: Int) throws {
        let first = try SampleLog.submissions(1..<50)
        var second = try SampleLog.submissions(50..<1_585)
        second.insert(place == 0 ? first[7] : second[place / 2], at: place)
        second.insert(first[8], at: place)
        try expectSame([first, second, second], "\(place)")
    }

    @Test func retriesAnywhere() throws {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededGenerator(seed: seed)
        for _ in 0..<4 {
            var known = try SampleLog.submissions(1..<30)
            var batches = [known]
            for _ in 0..<3 {
                let count = Int.random(in: 1_000...2_500, using: &random)
                var batch = try SampleLog.submissions(
                    (known.count + 1)..<(known.count + 1 + count))
                known += batch
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    guard let retry = known.randomElement(using: &random) else { continue }
                    batch.insert(retry, at: Int.random(in: 0...count, using: &random))
                }
                batches.append(batch)
            }
            try expectSame(batches, "seed \(seed)")
        }
    }

    /// With names in runs on the disk most new names look as if they might be there.
    @Test func namesInRuns() throws {
        let (log, other) = try (SampleLog(), SampleLog())
        for log in [log, other] {
            let appender = try open(log, isDurable: false)
            _ = try appender.append(SampleLog.submissions(1..<4_200))
        }
        let whole = try open(log, isDurable: true)
        let pieces = try open(other, isDurable: false)
        var batch = try SampleLog.submissions(4_200..<6_000)
        batch.insert(contentsOf: try SampleLog.submissions(17..<18), at: 900)
        let answers = try whole.append(batch)
        var expected: [Acknowledgement] = []
        for start in stride(from: 0, to: batch.count, by: 500) {
            expected += try pieces.append(Array(batch[start..<min(start + 500, batch.count)]))
        }
        #expect(answers == expected)
        #expect(answers[900].isRepetition && answers[900].index == 17)
    }

    /// Few of the largest entries are as many bytes as may wait to be written; a single one of these parts is
    /// as many.
    @Test func theLargestEntries() throws {
        let reference = String(repeating: "r", count: Submission.byteCountMax - 160)
        let submissions = try (1..<1_801).map { number in
            try Submission(
                Array(
                    """
                    {"id":"\(number)","occurred_at":"2026-01-05T09:00:00.000Z",\
                    "reference":"\(reference)","source":"portail","source_seq":\(number),\
                    "type":"heartbeat","v":1}
                    """.utf8))
        }
        try expectSame([submissions], "\(submissions[0].bytes.count) bytes each")
    }

    /// One commit with more entries than a segment takes is spread over several.
    @Test(arguments: [false, true]) func aCommitOfSeveralSegments(isDurable: Bool) throws {
        let log = try SampleLog()
        let count = 70_000
        do {
            let appender = try open(log, isDurable: isDurable)
            let answers = try appender.append(SampleLog.submissions(1..<(1 + count)))
            #expect(answers.map(\.index) == Array(1...UInt64(count)))
            #expect(answers.allSatisfy { !$0.isRepetition })
            try appender.sign()
        }
        let starts = try FileManager.default.contentsOfDirectory(atPath: log.path + "/wal")
            .compactMap { Int($0.dropLast(4)) }
        #expect(try #require(starts.min()) >= count - 1_024)
        let report = LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(log.path)).report
        #expect(report.isIntact && report.entryCount == UInt64(count + 1))
        let again = try open(log, isDurable: isDurable)
        let retry = try again.append(SampleLog.submissions(count..<(count + 1)))
        #expect(retry.map(\.index) == [UInt64(count)])
        #expect(again.tornTail == nil)
    }
}

/// A sequence that its seed repeats (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
