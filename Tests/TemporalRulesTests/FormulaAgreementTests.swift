// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import FormulaRules
import TemporalRules
import Testing

/// The evaluators against the table-based monitor, which runs the formula that a rule stands for.
@Suite struct FormulaAgreementTests {
    /// The entries that the formula names.
    private func entries(_ formula: RuleFormula, _ log: EventBatch) throws -> Set<Int> {
        let rule = try FormulaRule(
            id: "T", text: Array(formula.text.utf8), schema: RuleGenerator.schema)
        let monitor = try FormulaMonitor(rule, number: 0, schema: RuleGenerator.schema)
        let verdicts = try monitor.consume(log) + monitor.finish()
        return Set(verdicts.map { Int($0.index) })
    }

    @Test(arguments: 0..<7)
    func agreesWithTheTableBasedMonitor(_ kind: Int) throws {
        let seed = UInt64(20_261_124 + kind)
        var compared = 0
        for round in 0..<70 {
            var generator = RuleGenerator(
                seed: seed &+ UInt64(round) &* 1_013, step: 4, usesCalendar: false)
            let pattern = generator.pattern(kind)
            let log = generator.log(40)
            let formula = RuleFormula(pattern, schema: RuleGenerator.schema)
            // A key of nothing cannot be counted by the logic.
            if case .concurrency(let rule) = pattern, rule.begins[0].key.isEmpty { continue }
            guard formula.isStandard else { continue }
            compared += 1
            let note = Comment(rawValue: "seed \(seed) round \(round): \(formula.text)")
            let expected = try entries(formula, log)
            let program = try RuleProgram(
                schema: RuleGenerator.schema, rules: [TemporalRule(id: "T", pattern)])
            var monitor = RuleMonitor(program)
            let verdicts = try monitor.consume(log) + monitor.close(at: .max).due
            try #require(Set(verdicts.map { Int($0.index) }) == expected, note)
        }
        print("seed \(seed): \(compared) rules compared with their formulas")
        #expect(compared >= 35)
    }

    /// The formulas of the sentences, word for word: they are what a lawyer's expert reads.
    @Test func writesTheFormulaOfASentence() throws {
        let setting = SentenceTests.setting
        func formula(_ text: String) throws -> String {
            let sentence = try RuleSentence(text, language: .english, setting: setting)
            return RuleFormula(
                sentence.pattern, schema: setting.schema, variables: sentence.variables
            ).text
        }
        #expect(
            try formula(SentenceTests.pairs[0].english) == """
                (entry(i) AND (adviser_withdraw() AND actor(a))) \
                AND (NOT (EVENTUALLY[0,86400s] (licence_revoke() AND to(a))))
                """)
        #expect(
            try formula(SentenceTests.pairs[6].english) == """
                (entry(i) AND (EXISTS p1. (profile_view() AND actor(a) AND subject(p1)))) \
                AND (EXISTS c. (c <- CNT p1; a (EXISTS j. (ONCE[0,3600s) (entry(j) \
                AND (profile_view() AND actor(a) AND subject(p1)))))) AND 60 < c) \
                AND (NOT (EXISTS c. (c <- CNT p1; a (EXISTS j. ((ONCE[0,3600s) (entry(j) \
                AND (profile_view() AND actor(a) AND subject(p1)))) AND NOT entry(j)))) \
                AND 60 < c))
                """)
        #expect(
            try formula(SentenceTests.pairs[3].english) == """
                (entry(i) AND (heartbeat() AND actor(s))) \
                AND (NOT (EVENTUALLY(0,900s] (heartbeat() AND actor(s))))
                """)
    }
}
