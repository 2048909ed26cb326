// SPDX-License-Identifier: Apache-2.0

import Snapshots

/// A tuple that entered or left a relation.
struct TupleChange {
    var tuple: [Value]
    var isInserted: Bool
}

/// An operator that can say what each step changed, instead of giving whole relations to compare.
protocol ChangeTracking: FormulaOperator {
    /// Whether somebody asks for the changes.
    var tracksChanges: Bool { get set }
    /// What each relation of the last step has more and less than the one before it, in order.
    var changes: [[TupleChange]] { get }
}

/// `EXISTS` over an operator that says what it changes: how many tuples stand behind each.
final class ProjectionOperator: ChangeTracking {
    let columns: [String]
    var tracksChanges = false
    private(set) var changes: [[TupleChange]] = []
    private let child: any ChangeTracking
    private let kept: [Int]
    private var counts: [[Value]: Int] = [:]
    private var result = Relation()

    var tupleCount: Int { counts.count }

    init(_ child: any ChangeTracking, columns: [String]) {
        self.child = child
        self.columns = columns
        kept = places(of: columns, in: child.columns)
        child.tracksChanges = true
    }

    func step(_ frame: Frame) throws(TemporalError) -> [Relation] {
        let inner = try child.step(frame)
        changes.removeAll(keepingCapacity: true)
        var results: [Relation] = []
        for (place, _) in inner.enumerated() {
            results.append(apply(child.changes[place]))
        }
        return results
    }

    private func apply(_ inner: [TupleChange]) -> Relation {
        var own: [TupleChange] = []
        for change in inner {
            let tuple = kept.map { change.tuple[$0] }
            let count = (counts[tuple] ?? 0) + (change.isInserted ? 1 : -1)
            counts[tuple] = count == 0 ? nil : count
            if change.isInserted, count == 1 {
                result.insert(tuple)
            } else if !change.isInserted, count == 0 {
                result.remove(tuple)
            } else {
                continue
            }
            if tracksChanges {
                own.append(TupleChange(tuple: tuple, isInserted: change.isInserted))
            }
        }
        changes.append(own)
        return result
    }

    func encode(to writer: inout SnapshotWriter) {
        writer.write(counts) { $0.write(Int64($1)) }
    }

    func restore(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        counts = try reader.table(columns.count) { reader throws(MalformedSnapshot) in
            try reader.natural()
        }
        result = Relation(counts.keys)
    }
}

/// An aggregation over an operator that says what it changes: only the groups that a step touches
/// are counted again, and those not from the beginning.
final class AggregateOperator: FormulaOperator {
    let columns: [String]
    private let child: any ChangeTracking
    private let aggregator: Aggregator
    private let order: [Int]
    private var groups: [[Value]: AggregatedGroup] = [:]
    private var result = Relation()

    var tupleCount: Int { groups.values.reduce(0) { $0 + $1.count } }

    init(_ child: any ChangeTracking, _ aggregator: Aggregator, order: [Int]) {
        self.child = child
        self.aggregator = aggregator
        self.order = order
        columns = aggregator.columns
        child.tracksChanges = true
    }

    func step(_ frame: Frame) throws(TemporalError) -> [Relation] {
        let inner = try child.step(frame)
        var results: [Relation] = []
        for (place, relation) in inner.enumerated() {
            try apply(child.changes[place])
            results.append(relation.isEmpty ? try aggregator.apply([], frame) : result)
        }
        return results
    }

    private func apply(_ changes: [TupleChange]) throws(TemporalError) {
        guard !changes.isEmpty else { return }
        // What each group that changes was worth before.
        var touched: [[Value]: Value?] = [:]
        for change in changes {
            let tuple = order.map { change.tuple[$0] }
            let (group, value) = aggregator.split(tuple)
            if touched[group] == nil {
                var before: Value?
                if let known = groups[group] { before = try aggregator.value(of: known) }
                touched[group] = .some(before)
            }
            groups[group, default: AggregatedGroup(aggregator.keepsValues)]
                .change(value, isInserted: change.isInserted)
            if groups[group]?.count == 0 { groups[group] = nil }
        }
        for (group, before) in touched {
            if let before { result.remove([before] + group) }
            if let now = groups[group] { result.insert([try aggregator.value(of: now)] + group) }
        }
    }

    func encode(to writer: inout SnapshotWriter) {
        writer.write(groups) { $1.encode(to: &$0) }
        writer.write(result)
    }

    func restore(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        let keepsValues = aggregator.keepsValues
        groups = try reader.table(columns.count - 1) { reader throws(MalformedSnapshot) in
            try AggregatedGroup(from: &reader, keepsValues)
        }
        result = try reader.relation(columns.count)
    }
}

/// The values of one group: how many, their sum if they are integers, and in order where the
/// aggregation needs that.
struct AggregatedGroup {
    private(set) var count = 0
    private(set) var total: Int128 = 0
    private(set) var sorted: [Value] = []
    private let keepsValues: Bool

    init(_ keepsValues: Bool) {
        self.keepsValues = keepsValues
    }

    mutating func change(_ value: Value, isInserted: Bool) {
        count += isInserted ? 1 : -1
        if case .int(let number) = value {
            total += isInserted ? Int128(number) : -Int128(number)
        }
        guard keepsValues else { return }
        let place = place(of: value)
        if isInserted {
            sorted.insert(value, at: place)
        } else if place < sorted.count {
            sorted.remove(at: place)
        }
    }

    /// The first place whose value is not smaller.
    private func place(of value: Value) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func encode(to writer: inout SnapshotWriter) {
        writer.write(count: count)
        writer.write(Int64(truncatingIfNeeded: total >> 64))
        writer.write(UInt64(truncatingIfNeeded: total))
        writer.write(each: sorted) { $0.write($1) }
    }

    init(
        from reader: inout SnapshotReader, _ keepsValues: Bool
    ) throws(MalformedSnapshot) {
        guard let count = Int(exactly: try reader.number()) else { throw MalformedSnapshot() }
        let (high, low) = (try reader.integer(), try reader.number())
        let sorted = try reader.list { reader throws(MalformedSnapshot) in try reader.value() }
        guard count > 0, sorted.count == (keepsValues ? count : 0),
            zip(sorted, sorted.dropFirst()).allSatisfy({ $0 <= $1 })
        else { throw MalformedSnapshot() }
        self.keepsValues = keepsValues
        self.count = count
        self.sorted = sorted
        total = Int128(high) << 64 | Int128(low)
    }
}
