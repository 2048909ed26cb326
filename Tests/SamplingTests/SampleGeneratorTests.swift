// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Sampling
import Testing
import TransparencyLog

/// What every sample log must be, whatever its seed.
@Suite("Sample generator")
struct SampleGeneratorTests {
    static let shape = SampleShape(
        seed: 7, advisers: 130, months: 1, policyVersion: String(repeating: "ab", count: 32),
        origin: "exemple.vigie.invalid/semestre")

    /// The rules that have planted cases.
    static let rules =
        (1...23).map { $0 < 10 ? "R0\($0)" : "R\($0)" } + ["R36", "R37", "M01"]

    @Test("the sequence of a seed never changes")
    func sequence() {
        var random = SampleRandom(seed: 1)
        #expect((0..<3).map { _ in random.next() } == Self.firstWords)
        #expect((0..<1000).allSatisfy { _ in (3...9).contains(random.between(3, 9)) })
    }

    static let firstWords: [UInt64] = [
        12_966_619_160_104_079_557, 9_600_361_134_598_540_522, 10_590_380_919_521_690_900,
    ]

    @Test("every submission is canonical, in the order of recording, and numbered by its source")
    func submissions() throws {
        var generator = SampleGenerator(Self.shape)
        let scanner = EntryScanner(mode: .submission)
        var latest = Int64.min
        var isOrdered = true
        var identifiers: Set<String> = []
        while let batch = generator.next(root: String(repeating: "0", count: 64)) {
            isOrdered = isOrdered && batch.recordedAt >= latest
            latest = batch.recordedAt
            for submission in batch.submissions {
                _ = try scanner.scan(submission)
                let text = String(decoding: submission, as: UTF8.self)
                if let start = text.firstRange(of: "\"id\":\"")?.upperBound {
                    identifiers.insert(String(text[start...].prefix { $0 != "\"" }))
                }
            }
        }
        #expect(isOrdered)
        #expect(UInt64(identifiers.count) == generator.entryCount - 1)
        #expect(generator.entryCount > 10_000)
    }

    @Test("the same seed makes the same log, another seed another")
    func reproducible() {
        func digest(_ seed: UInt64) -> SHA256Digest {
            var shape = Self.shape
            shape.seed = seed
            var generator = SampleGenerator(shape)
            var bytes: [UInt8] = []
            for _ in 0..<2000 {
                guard let batch = generator.next(root: "") else { break }
                for submission in batch.submissions { bytes += submission }
            }
            return SHA256Hasher().hash(bytes)
        }
        #expect(digest(1) == digest(1))
        #expect(digest(1) != digest(2))
    }

    @Test("every rule has at least three violations and three near misses", arguments: rules)
    func planted(rule: String) {
        let items = Self.key.items.filter { $0.rule == rule }
        #expect(items.count { $0.kind == .violation } >= 3)
        #expect(items.count { $0.kind == .nearMiss } >= 3)
    }

    static let key: AnswerKey = {
        var generator = SampleGenerator(shape)
        while generator.next(root: "") != nil {}
        return generator.answerKey
    }()
}
