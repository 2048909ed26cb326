// SPDX-License-Identifier: Apache-2.0

import Temporal

/// Decides formulas from the definition: every assignment, every time point, no cleverness.
///
/// Values are the integers below a bound that generated logs and sums never reach.
final class ReferenceEvaluator {
    private struct Question: Hashable {
        var part: Int
        var index: Int
        var assignment: [String: Int]
    }

    private let log: [TimePoint]
    private let domain = 0..<8
    private var parts: [Formula: Int] = [:]
    private var freeNames: [Formula: [String]] = [:]
    private var answers: [Question: Bool] = [:]
    private var definitions: [String: (parameters: [String], formula: Formula)] = [:]

    init(_ log: [TimePoint]) {
        // After the log, one empty time point at the end of time.
        self.log = log + [TimePoint(timestamp: .max)]
    }

    /// The tuples over some variables that satisfy a formula at a time point, in order.
    func tuples(_ formula: Formula, _ names: [String], at index: Int) -> [[Value]] {
        assignments(names).filter { holds(formula, $0, index) }.map { assignment in
            names.map { .int(assignment[$0] ?? 0) }
        }.sorted { left, right in
            zip(left, right).first { $0 != $1 }.map { $0 < $1 } ?? false
        }
    }

    private func assignments(_ names: [String]) -> [[String: Int]] {
        names.reduce([[:]]) { list, name in
            list.flatMap { assignment in
                domain.map { assignment.merging([name: $0]) { _, new in new } }
            }
        }
    }

    private func free(_ formula: Formula) -> [String] {
        if let known = freeNames[formula] { return known }
        let names = formula.freeVariables
        freeNames[formula] = names
        return names
    }

    private func holds(_ formula: Formula, _ assignment: [String: Int], _ index: Int) -> Bool {
        let part = parts[formula] ?? parts.count
        parts[formula] = part
        let names = free(formula)
        let relevant = assignment.filter { names.contains($0.key) }
        let question = Question(part: part, index: index, assignment: relevant)
        if let known = answers[question] { return known }
        let answer = decide(formula, relevant, index)
        answers[question] = answer
        return answer
    }

    private func value(_ term: Term, _ assignment: [String: Int]) -> Int {
        switch term {
        case .variable(let name): return assignment[name] ?? 0
        case .constant(.int(let value)): return value
        case .binary(.plus, let left, let right):
            return value(left, assignment) + value(right, assignment)
        default: preconditionFailure("no such term is generated")
        }
    }

    private func decide(_ formula: Formula, _ assignment: [String: Int], _ index: Int) -> Bool {
        func here(_ part: Formula) -> Bool { holds(part, assignment, index) }
        switch formula {
        case .compare(let comparison, let left, let right):
            let (a, b) = (value(left, assignment), value(right, assignment))
            return comparison == .equal ? a == b : comparison == .less ? a < b : a <= b
        case .atom(let atom):
            let values = atom.arguments.map { value($0, assignment) }
            if let (parameters, definition) = definitions[atom.name] {
                let inner = Dictionary(uniqueKeysWithValues: zip(parameters, values))
                return holds(definition, inner, index)
            }
            return (log[index].tuples[atom.name] ?? []).contains(values.map { .int($0) })
        case .binding(let atom, let definition, let body):
            let parameters = atom.arguments.flatMap(\.variables)
            definitions[atom.name] = (parameters, definition)
            return here(body)
        case .not(let inner): return !here(inner)
        case .connect(.and, let left, let right): return here(left) && here(right)
        case .connect(.or, let left, let right): return here(left) || here(right)
        case .connect(.implies, let left, let right): return !here(left) || here(right)
        case .connect(.equivalent, let left, let right): return here(left) == here(right)
        case .quantify(let quantifier, let names, let inner):
            let all = assignments(names).map { assignment.merging($0) { _, new in new } }
            return quantifier == .exists
                ? all.contains { holds(inner, $0, index) }
                : all.allSatisfy { holds(inner, $0, index) }
        case .aggregate(let aggregation, let inner):
            return decide(aggregation, inner, assignment, index)
        case .modal, .chain: return decideTemporal(formula, assignment, index)
        case .matches: preconditionFailure("no such formula is generated")
        }
    }

    private func decide(
        _ aggregation: Aggregation, _ inner: Formula, _ assignment: [String: Int], _ index: Int
    ) -> Bool {
        let fixed = assignment.filter { aggregation.groups.contains($0.key) }
        let others = free(inner).filter { !aggregation.groups.contains($0) }
        let values = assignments(others).filter {
            holds(inner, fixed.merging($0) { _, new in new }, index)
        }.map { $0[aggregation.variable] ?? 0 }
        guard !values.isEmpty || aggregation.groups.isEmpty else { return false }
        let result: Int
        switch aggregation.operation {
        case .count: result = values.count
        case .minimum: result = values.min() ?? 0
        case .maximum: result = values.max() ?? 0
        case .sum: result = values.reduce(0, +)
        case .average, .median: preconditionFailure("no such aggregation is generated")
        }
        return assignment[aggregation.result] == result
    }

    private func isInside(_ interval: Interval, from: Int, to: Int) -> Bool {
        let start = log[from].timestamp
        let end = log[to].timestamp
        guard start < .max else { return interval.lower == 0 && interval.includesLower }
        guard end < .max else { return interval.upper == nil }
        let gap = end - start
        guard interval.includesLower ? gap >= interval.lower : gap > interval.lower else {
            return false
        }
        guard let upper = interval.upper else { return true }
        return interval.includesUpper ? gap <= upper : gap < upper
    }

    private func decideTemporal(
        _ formula: Formula, _ assignment: [String: Int], _ index: Int
    ) -> Bool {
        func at(_ part: Formula, _ index: Int) -> Bool { holds(part, assignment, index) }
        func past(_ interval: Interval) -> [Int] {
            (0...index).filter { isInside(interval, from: $0, to: index) }
        }
        func future(_ interval: Interval) -> [Int] {
            (index..<log.count).filter { isInside(interval, from: index, to: $0) }
        }
        switch formula {
        case .modal(.previous, let interval, let inner):
            return index > 0 && isInside(interval, from: index - 1, to: index)
                && at(inner, index - 1)
        case .modal(.next, let interval, let inner):
            return index + 1 < log.count && isInside(interval, from: index, to: index + 1)
                && at(inner, index + 1)
        case .modal(.once, let interval, let inner):
            return past(interval).contains { at(inner, $0) }
        case .modal(.historically, let interval, let inner):
            return past(interval).allSatisfy { at(inner, $0) }
        case .modal(.eventually, let interval, let inner):
            return future(interval).contains { at(inner, $0) }
        case .modal(.always, let interval, let inner):
            return future(interval).allSatisfy { at(inner, $0) }
        case .chain(.since, let interval, let left, let right):
            return past(interval).contains { start in
                at(right, start) && (start..<index).allSatisfy { at(left, $0 + 1) }
            }
        case .chain(.until, let interval, let left, let right):
            return future(interval).contains { end in
                at(right, end) && (index..<end).allSatisfy { at(left, $0) }
            }
        default: preconditionFailure("not a temporal formula")
        }
    }
}
