// SPDX-License-Identifier: Apache-2.0

import FormulaRules
import Snapshots
import Temporal
import TemporalRules

/// The formulas of a policy set, as they run over a log.
///
/// A copy shares its monitors with the original: what is to be saved is written before the end of the
/// log is judged.
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

    // MARK: State

    /// What the formulas remember, as bytes; empty where one of them failed, since a failure is told of
    /// again by a run from the start alone.
    var encoded: [UInt8] {
        guard failures.isEmpty else { return [] }
        var writer = SnapshotWriter()
        writer.write(count: evaluated)
        writer.write(lastIndex)
        writer.write(each: monitors) { writer, running in
            writer.write(count: violated[running.rule] ?? 0)
            writer.write(bytes: running.monitor.encodeState())
        }
        return writer.bytes
    }

    /// Goes on from what ``encoded`` was; nil if the bytes are no state of these formulas.
    init?(_ rules: OverTimeRules, from bytes: [UInt8]) {
        self.init(rules)
        guard failures.isEmpty, !bytes.isEmpty || monitors.isEmpty else { return nil }
        guard !monitors.isEmpty else { return }
        var reader = SnapshotReader(bytes)
        do throws(MalformedSnapshot) {
            evaluated = try reader.index(below: .max)
            lastIndex = try reader.number()
            guard try reader.count() == monitors.count else { return nil }
            for (rule, monitor) in monitors {
                violated[rule] = try reader.index(below: .max)
                try monitor.restoreState(Array(try reader.content()))
            }
        } catch { return nil }
        guard reader.isAtEnd else { return nil }
    }
}
