// SPDX-License-Identifier: Apache-2.0

import Temporal
import Testing

/// The monitor and the definition give the same answers.
@Suite struct AgreementTests {
    static let signature = Signature([
        Signature.Relation("p", [.int]), Signature.Relation("q", [.int]),
        Signature.Relation("r", [.int, .int]), Signature.Relation("s", []),
    ])

    @Test(arguments: 0..<8)
    func monitorAgreesWithTheDefinition(_ shard: Int) throws {
        let seed = UInt64(20_261_124 + shard)
        var generator = FormulaGenerator(random: SeededGenerator(seed: seed))
        var (made, refused) = (0, 0)
        while made < 100 {
            let free = Array(["x", "y"].prefix(generator.random.below(3)))
            let formula = generator.formula(free, depth: 1 + generator.random.below(3))
            let log = generator.log(count: 1 + generator.random.below(9))
            let text = formula.description
            let analysis = try FormulaAnalysis(text: Array(text.utf8), signature: Self.signature)
            #expect(analysis.input.description == text, "seed \(seed)")
            guard let monitorable = try? MonitorableFormula(analysis) else {
                refused += 1
                continue
            }
            made += 1
            try compare(monitorable, log, drops: generator.random.below(2) == 0, seed)
        }
        print("seed \(seed): \(made) formulas compared, \(refused) refused as not monitorable")
    }

    private func compare(
        _ formula: MonitorableFormula, _ log: [TimePoint], drops: Bool, _ seed: UInt64
    ) throws {
        let monitor = try TemporalMonitor(formula, dropsEmptyPoints: drops)
        var answers: [Satisfaction] = []
        for point in log { answers += try monitor.advance(to: point) ?? [] }
        answers += try monitor.finish()
        let reference = ReferenceEvaluator(log)
        let names = formula.analysis.variables.map(\.name)
        let input = formula.analysis.input
        // What looks past the end of time through `NEXT` stays unanswered, at the end only.
        let answered = drops ? log.indices : answers.indices
        for index in answered where drops || answers[index].index == index {
            let expected = reference.tuples(input, names, at: index)
            guard let answer = answers.first(where: { $0.index == index })?.tuples else {
                #expect(
                    expected.isEmpty || input.description.contains("NEXT"),
                    "seed \(seed), time point \(index) of \(log), formula \(input)")
                continue
            }
            #expect(
                answer == expected,
                "seed \(seed), time point \(index) of \(log), formula \(input)")
            if answer != expected { return }
        }
        let isWhole = answers.count == log.count || input.description.contains("NEXT")
        #expect(drops || (isWhole && answers.map(\.index) == Array(0..<answers.count)))
    }
}
