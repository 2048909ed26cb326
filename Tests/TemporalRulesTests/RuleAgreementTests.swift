// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing

@testable import TemporalRules

/// The evaluators against the plain reference, over generated rules and logs.
@Suite struct RuleAgreementTests {
    private static let kinds = [
        "never", "required", "forbidden", "deadline", "quota", "exclusive", "concurrency",
        "baseline",
    ]

    private func answers(_ verdicts: [RuleVerdict]) -> [PlainReference.Answer] {
        verdicts.map { verdict in
            let outcome =
                switch verdict.outcome {
                case .violated: "violated"
                case .unknown: "unknown"
                case .pending(let limit, _): "pending until \(limit)"
                }
            return .init(index: verdict.index, key: verdict.key, outcome: outcome)
        }.sorted()
    }

    /// All verdicts of a log, given in pieces, with the state saved and read between two.
    private func run(
        _ program: RuleProgram, _ log: EventBatch, cuts: [Int], end: Int64, shard: Int = 0,
        of shardCount: Int = 1
    ) throws -> (verdicts: [RuleVerdict], state: [UInt8]) {
        var monitor = RuleMonitor(program, shard: shard, of: shardCount)
        var verdicts: [RuleVerdict] = []
        var start = 0
        let head = SHA256Hasher().hash([1, 2, 3])
        for cut in cuts + [log.count] {
            verdicts += try monitor.consume(log.slice(start..<cut))
            let state = monitor.encodeState(head: head)
            monitor = try RuleMonitor(program, state: state, head: head)
            let isSameState = monitor.encodeState(head: head) == state
            try #require(isSameState)
            start = cut
        }
        let state = monitor.encodeState(head: head)
        let (due, pending) = monitor.close(at: end)
        return ((verdicts + due + pending).sorted(), state)
    }

    @Test(arguments: kinds.indices, [false, true])
    func agreesWithReference(kind: Int, usesCalendar: Bool) throws {
        let seed = UInt64(20_261_124 + kind)
        for round in 0..<(kind == 7 ? 150 : 300) {
            var generator = RuleGenerator(
                seed: seed &+ UInt64(round) &* 977, step: usesCalendar ? 20_000 : 4,
                usesCalendar: usesCalendar)
            let pattern = generator.pattern(kind)
            let log = generator.log(60)
            let end = (log.times.last ?? 0) + Int64(generator.below(generator.step * 3))
            let reference = PlainReference(events: log, calendar: .paris, end: end)
                .answers(pattern)
            let program = try RuleProgram(
                schema: RuleGenerator.schema, rules: [TemporalRule(id: "T", pattern)])
            let note = Comment(rawValue: "seed \(seed) round \(round): \(pattern)")
            let whole = try run(program, log, cuts: [], end: end)
            try #require(answers(whole.verdicts) == reference, note)
            let cuts = [generator.below(30), 30 + generator.below(30)]
            let pieces = try run(program, log, cuts: cuts, end: end)
            try #require(pieces.verdicts == whole.verdicts, note)
            let isSameState = pieces.state == whole.state
            try #require(isSameState, note)
            let shards = try (0..<3).flatMap {
                try run(program, log, cuts: cuts, end: end, shard: $0, of: 3).verdicts
            }
            try #require(shards.sorted() == whole.verdicts, note)
        }
    }

    /// Monitors that share the rules from some event on say together what one says.
    @Test(arguments: [1, 2, 3, 20])
    func sharesTheRulesOut(count: Int) throws {
        for round in 0..<60 {
            var generator = RuleGenerator(
                seed: 41 &+ UInt64(round) &* 977, step: 4, usesCalendar: false)
            let rules = Self.kinds.indices.map { TemporalRule(id: "T\($0)", generator.pattern($0)) }
            let program = try RuleProgram(schema: RuleGenerator.schema, rules: rules)
            let log = generator.log(80)
            let cut = generator.below(80)
            var whole = RuleMonitor(program)
            _ = try whole.consume(log.slice(0..<cut))
            let shares = whole.divided(into: count)
            #expect(shares.flatMap(\.rules).sorted() == Array(rules.indices))
            let end = (log.times.last ?? 0) + 9
            var verdicts: [RuleVerdict] = []
            var statistics: [Int: RuleStatistics] = [:]
            for share in shares {
                var monitor = share.monitor
                verdicts += try monitor.consume(log.slice(cut..<log.count))
                let (due, pending) = monitor.close(at: end)
                verdicts += due + pending
                for rule in share.rules { statistics[rule] = monitor.statistics[rule] }
            }
            var expected = try whole.consume(log.slice(cut..<log.count))
            let (due, pending) = whole.close(at: end)
            expected += due + pending
            try #require(verdicts.sorted() == expected.sorted(), "round \(round)")
            // Memory aside: a copy reserves what it needs.
            func counts(_ statistics: [RuleStatistics]) -> [RuleStatistics] {
                statistics.map { rule in
                    var rule = rule
                    rule.byteCount = 0
                    return rule
                }
            }
            try #require(
                counts(rules.indices.compactMap { statistics[$0] }) == counts(whole.statistics),
                "round \(round)")
        }
    }

    @Test func refusesStateWithAnyByteAltered() throws {
        var generator = RuleGenerator(seed: 5, step: 4, usesCalendar: false)
        let rules = Self.kinds.indices.map { TemporalRule(id: "T\($0)", generator.pattern($0)) }
        let program = try RuleProgram(schema: RuleGenerator.schema, rules: rules)
        var monitor = RuleMonitor(program)
        _ = try monitor.consume(generator.log(60))
        let head = SHA256Hasher().hash([1])
        let state = monitor.encodeState(head: head)
        for place in state.indices {
            var altered = state
            altered[place] ^= 1
            #expect(throws: RuleError.self) {
                try RuleMonitor(program, state: altered, head: head)
            }
        }
        #expect(throws: RuleError(.stateOfOtherLog)) {
            try RuleMonitor(program, state: state, head: SHA256Hasher().hash([2]))
        }
    }

    /// State whose digest was made again, as a forger would, must not stop the program.
    @Test func survivesForgedState() throws {
        var generator = RuleGenerator(seed: 6, step: 4, usesCalendar: false)
        let rules = Self.kinds.indices.map { TemporalRule(id: "T\($0)", generator.pattern($0)) }
        let program = try RuleProgram(schema: RuleGenerator.schema, rules: rules)
        var monitor = RuleMonitor(program)
        let log = generator.log(120)
        _ = try monitor.consume(log.slice(0..<60))
        let head = SHA256Hasher().hash([1])
        let body = Array(monitor.encodeState(head: head).dropLast(32))
        var accepted = 0
        for place in body.indices {
            for mask in [UInt8(1), 0x80, 0xFF] {
                var forged = body
                forged[place] ^= mask
                forged += SHA256Hasher().hash(forged).bytes
                guard var other = try? RuleMonitor(program, state: forged, head: head) else {
                    continue
                }
                accepted += 1
                _ = try? other.consume(log.slice(60..<120))
                _ = other.close(at: .max)
                _ = other.encodeState(head: head)
            }
        }
        #expect(accepted > 0)
    }
}
