// SPDX-License-Identifier: Apache-2.0

/// Computes an aggregation over a set of tuples: each different tuple counts once.
struct Aggregator {
    /// The result, then the groups.
    let columns: [String]
    private let aggregation: Aggregation
    private let subject: Int
    private let groups: [Int]

    init(_ aggregation: Aggregation, columns: [String]) {
        self.aggregation = aggregation
        let groupNames = aggregation.groups.unique
        self.columns = [aggregation.result] + groupNames
        subject = columns.firstIndex(of: aggregation.variable) ?? 0
        groups = places(of: groupNames, in: columns)
    }

    func apply(_ relation: Relation, _ frame: Frame) throws(TemporalError) -> Relation {
        guard !relation.isEmpty else {
            guard groups.isEmpty else { return [] }
            switch aggregation.operation {
            case .count, .sum: break
            default: frame.emptyAggregations.append((aggregation.operation, valueOfNothing))
            }
            return [[valueOfNothing]]
        }
        var values: [[Value]: [Value]] = [:]
        for tuple in relation {
            values[groups.map { tuple[$0] }, default: []].append(tuple[subject])
        }
        var result = Relation()
        for (group, list) in values { result.insert([try summary(list)] + group) }
        return result
    }

    /// The value over no tuples, by MonPoly's convention.
    private var valueOfNothing: Value {
        switch (aggregation.operation, aggregation.resultType) {
        case (.count, _): .int(0)
        case (.minimum, .float): .float(.infinity)
        case (.maximum, .float): .float(-.infinity)
        case (.average, _), (.median, _), (_, .float): .float(0)
        case (_, .int): .int(0)
        case (_, .string): .string([])
        case (_, .regexp): .regexp([])
        }
    }

    private func summary(_ values: [Value]) throws(TemporalError) -> Value {
        switch aggregation.operation {
        case .count: return .int(values.count)
        case .minimum: return values.min() ?? valueOfNothing
        case .maximum: return values.max() ?? valueOfNothing
        case .sum: return try sum(values)
        case .average: return .float(try number(sum(values)) / Double(values.count))
        case .median:
            let sorted = values.sorted()
            let upper = try number(sorted[sorted.count / 2])
            let lower = try number(sorted[(sorted.count - 1) / 2])
            return .float(sorted.count % 2 == 1 ? upper : (lower + upper) / 2)
        }
    }

    private var failure: TemporalError {
        TemporalError(.arithmeticFailure, subject: "\(aggregation.operation.rawValue)")
    }

    private func number(_ value: Value) throws(TemporalError) -> Double {
        switch value {
        case .int(let number): return Double(number)
        case .float(let number): return number
        default: throw failure
        }
    }

    /// The sum, in an order that does not depend on hashing.
    private func sum(_ values: [Value]) throws(TemporalError) -> Value {
        if case .int = values.first {
            var total = 0
            for case .int(let number) in values.sorted() {
                let (sum, overflow) = total.addingReportingOverflow(number)
                guard !overflow else { throw failure }
                total = sum
            }
            return .int(total)
        }
        var total = 0.0
        for value in values.sorted() { total += try number(value) }
        return .float(total)
    }
}
