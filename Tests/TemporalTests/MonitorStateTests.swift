// SPDX-License-Identifier: Apache-2.0

import Snapshots
import Temporal
import Testing

/// A monitor that goes on from a saved state is the monitor that was saved.
@Suite struct MonitorStateTests {
    /// Generated formulas and logs, cut at every time point.
    @Test(arguments: 0..<4)
    func goingOnGivesTheSameAnswersAndStates(_ shard: Int) throws {
        let seed = UInt64(20_261_128 + shard)
        var generator = FormulaGenerator(random: SeededGenerator(seed: seed))
        var made = 0
        while made < 60 {
            let free = Array(["x", "y"].prefix(generator.random.below(3)))
            let formula = generator.formula(free, depth: 1 + generator.random.below(3))
            let log = generator.log(count: 2 + generator.random.below(8))
            let text = Array(formula.description.utf8)
            guard
                let monitorable = try? MonitorableFormula(
                    text: text, signature: AgreementTests.signature)
            else { continue }
            made += 1
            let whole = try TemporalMonitor(monitorable)
            for (cut, point) in log.enumerated() {
                try whole.advance(to: point)
                let state = whole.encodeState()
                let resumed = try TemporalMonitor(monitorable)
                try resumed.restoreState(state)
                #expect(resumed.encodeState() == state, "seed \(seed), formula \(formula)")
                #expect(resumed.tupleCount == whole.tupleCount, "seed \(seed), formula \(formula)")
                let straight = try Self.answers(monitorable, log, from: nil, cut)
                let goneOn = try Self.answers(monitorable, log, from: state, cut)
                #expect(
                    straight == goneOn, "seed \(seed), cut \(cut) of \(log), formula \(formula)")
            }
        }
    }

    /// The answers after a cut, by a monitor that saw everything or that goes on from a state.
    private static func answers(
        _ formula: MonitorableFormula, _ log: [TimePoint], from state: [UInt8]?, _ cut: Int
    ) throws -> [Satisfaction] {
        let monitor = try TemporalMonitor(formula)
        if let state {
            try monitor.restoreState(state)
        } else {
            for point in log[...cut] { try monitor.advance(to: point) }
        }
        var answers: [Satisfaction] = []
        for point in log[(cut + 1)...] { answers += try monitor.advance(to: point) ?? [] }
        return answers + (try monitor.finish())
    }

    /// Every byte of a state altered, and every cut: refused, or a state to go on from; never a crash.
    @Test func alteredStatesDoNotCrash() throws {
        let text = """
            (c <- CNT x; y ((ONCE[0,9] r(x,y)) AND (NOT p(x)) SINCE[0,5] r(x,y)))
              AND (EVENTUALLY[0,4] q(y))
            """
        let formula = try MonitorableFormula(
            text: Array(text.utf8), signature: AgreementTests.signature)
        var generator = FormulaGenerator(random: SeededGenerator(seed: 7))
        let log = generator.log(count: 30)
        let monitor = try TemporalMonitor(formula)
        for point in log.prefix(20) { try monitor.advance(to: point) }
        let state = monitor.encodeState()
        #expect(state.count > 100)
        var refused = 0
        for place in state.indices {
            for flip: UInt8 in [1, 4, 0x80] {
                var altered = state
                altered[place] ^= flip
                let other = try TemporalMonitor(formula)
                do {
                    try other.restoreState(altered)
                    for point in log.dropFirst(20) { try other.advance(to: point) }
                } catch { refused += 1 }
            }
            let other = try TemporalMonitor(formula)
            #expect(throws: MalformedSnapshot.self) {
                try other.restoreState(Array(state[..<place]))
            }
        }
        #expect(refused > 0)
    }
}
