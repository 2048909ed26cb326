// SPDX-License-Identifier: Apache-2.0

import FormulaRules
import Temporal
import TemporalRules

/// The formulas of a policy set, as they run over a log.
///
/// Their state cannot be saved, so that a policy set with formulas is judged from the start of the
/// log each time.
struct FormulaRun {
    /// A formula that could not be evaluated any further, and where.
    struct Failure {
        var rule: Int
        var index: UInt64
        var error: TemporalError
    }

    private var monitors: [(rule: Int, monitor: FormulaMonitor)] = []
    private(set) var failures: [Failure] = []
    /// How often each formula was broken, by its number.
    private(set) var violated: [Int: Int] = [:]
    private(set) var evaluated = 0
    private var lastIndex: UInt64 = 0

    init(_ rules: OverTimeRules) {
        for (place, formula) in rules.formulas.enumerated() {
            let rule = rules.program.rules.count + place
            do throws(TemporalError) {
                let monitor = try FormulaMonitor(formula, number: rule, schema: RuleField.schema)
                monitors.append((rule, monitor))
            } catch { failures.append(Failure(rule: rule, index: 0, error: error)) }
        }
    }

    /// How many tuples the state of a formula holds.
    func heldCount(_ rule: Int) -> Int {
        monitors.first { $0.rule == rule }?.monitor.heldCount ?? 0
    }

    /// Judges the next events.
    mutating func consume(_ batch: EventBatch) -> [RuleVerdict] {
        guard !monitors.isEmpty, let first = batch.indexes.first else { return [] }
        evaluated += batch.count
        lastIndex = batch.indexes.last ?? lastIndex
        return run(at: first) { monitor throws(TemporalError) in try monitor.consume(batch) }
    }

    /// Judges what is settled once a time has come.
    mutating func advance(to time: Int64) -> [RuleVerdict] {
        run(at: lastIndex) { monitor throws(TemporalError) in try monitor.advance(to: time) }
    }

    private mutating func run(
        at index: UInt64, _ body: (FormulaMonitor) throws(TemporalError) -> [RuleVerdict]
    ) -> [RuleVerdict] {
        var verdicts: [RuleVerdict] = []
        var running: [(rule: Int, monitor: FormulaMonitor)] = []
        for (rule, monitor) in monitors {
            do throws(TemporalError) {
                let found = try body(monitor)
                violated[rule, default: 0] += found.count
                verdicts += found
                running.append((rule, monitor))
            } catch { failures.append(Failure(rule: rule, index: index, error: error)) }
        }
        monitors = running
        return verdicts
    }
}
