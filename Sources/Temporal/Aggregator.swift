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

    /// The group of a tuple, and the value that it brings.
    func split(_ tuple: [Value]) -> (group: [Value], value: Value) {
        (groups.map { tuple[$0] }, tuple[subject])
    }

    /// Whether a group must keep its values in order: floats are summed in an order of their own.
    var keepsValues: Bool {
        switch aggregation.operation {
        case .count: false
        case .sum, .average: !sumsIntegers
        case .minimum, .maximum, .median: true
        }
    }

    private var sumsIntegers: Bool {
        aggregation.operation == .sum && aggregation.resultType == .int
    }

    /// The value of a group that was counted change by change.
    func value(of group: AggregatedGroup) throws(TemporalError) -> Value {
        if aggregation.operation == .count { return .int(group.count) }
        guard sumsIntegers else { return try summary(sorted: group.sorted) }
        guard let total = Int(exactly: group.total) else { throw failure }
        return .int(total)
    }

    private func summary(_ values: [Value]) throws(TemporalError) -> Value {
        aggregation.operation == .count
            ? .int(values.count) : try summary(sorted: values.sorted())
    }

    private func summary(sorted values: [Value]) throws(TemporalError) -> Value {
        switch aggregation.operation {
        case .count: return .int(values.count)
        case .minimum: return values.first ?? valueOfNothing
        case .maximum: return values.last ?? valueOfNothing
        case .sum: return try sum(values)
        case .average: return .float(try number(sum(values)) / Double(values.count))
        case .median:
            let upper = try number(values[values.count / 2])
            let lower = try number(values[(values.count - 1) / 2])
            return .float(values.count % 2 == 1 ? upper : (lower + upper) / 2)
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

    /// The sum of sorted values: floats are added in an order that does not depend on hashing.
    private func sum(_ values: [Value]) throws(TemporalError) -> Value {
        if case .int = values.first {
            var total: Int128 = 0
            for case .int(let number) in values { total += Int128(number) }
            guard let sum = Int(exactly: total) else { throw failure }
            return .int(sum)
        }
        var total = 0.0
        for value in values { total += try number(value) }
        return .float(total)
    }
}
