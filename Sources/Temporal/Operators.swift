// SPDX-License-Identifier: Apache-2.0

import Snapshots

/// What the operators of a formula are given at one time point.
final class Frame {
    /// The number of the time point among those that were not left out.
    let index: Int
    /// Its number in the log.
    let logIndex: Int
    /// Its time; the largest integer at the end of time.
    let timestamp: Int
    /// Its tuples.
    let tuples: [String: [[Value]]]
    /// What the definitions of `LET` gave at this step.
    var definitions: [Int: [Relation]] = [:]
    /// The aggregations that had nothing to summarise, with the value taken.
    var emptyAggregations: [(operation: Aggregation.Operation, value: Value)] = []

    init(index: Int, logIndex: Int, point: TimePoint) {
        self.index = index
        self.logIndex = logIndex
        timestamp = point.timestamp
        tuples = point.tuples
    }
}

/// A part of a formula, evaluated as time points arrive.
///
/// Each step gives the relations of the time points that became known with it, in
/// order and without gaps. An operator that looks ahead gives none until it has seen
/// enough, and then several.
protocol FormulaOperator: AnyObject {
    /// The variables of the tuples.
    var columns: [String] { get }
    /// How many tuples the operator holds.
    var tupleCount: Int { get }
    /// Takes a time point and gives the relations that it settles.
    func step(_ frame: Frame) throws(TemporalError) -> [Relation]
    /// Writes what the operator remembers between steps, without that of the operators it reads.
    func encode(to writer: inout SnapshotWriter)
    /// Takes back what ``encode(to:)`` wrote.
    func restore(from reader: inout SnapshotReader) throws(MalformedSnapshot)
}

extension FormulaOperator {
    // Most operators remember nothing.
    func encode(to writer: inout SnapshotWriter) {}
    func restore(from reader: inout SnapshotReader) throws(MalformedSnapshot) {}
}

/// The tuples of the log that match an atom.
final class AtomOperator: FormulaOperator {
    enum Source {
        case log(String)
        case definition(Int)
        case index
        case timestamp
        case both
    }

    let columns: [String]
    let tupleCount = 0
    private let source: Source
    private let arguments: [Term]
    private let isPlain: Bool

    init(_ atom: Atom, from source: Source) {
        self.source = source
        arguments = atom.arguments
        columns = atom.variables
        isPlain = columns.count == arguments.count
    }

    func step(_ frame: Frame) throws(TemporalError) -> [Relation] {
        switch source {
        case .log(let name): [select(frame.tuples[name] ?? [])]
        case .definition(let number): (frame.definitions[number] ?? []).map { select($0) }
        case .index: [select([[.int(frame.logIndex)]])]
        case .timestamp: [select([[.int(frame.timestamp)]])]
        case .both: [select([[.int(frame.logIndex), .int(frame.timestamp)]])]
        }
    }

    private func select(_ tuples: some Collection<[Value]>) -> Relation {
        guard !isPlain else { return Relation(tuples) }
        var result = Relation()
        for tuple in tuples where tuple.count == arguments.count {
            if let match = match(tuple) { result.insert(match) }
        }
        return result
    }

    private func match(_ tuple: [Value]) -> [Value]? {
        var match: [Value] = []
        var seen: [(String, Value)] = []
        for (argument, value) in zip(arguments, tuple) {
            switch argument {
            case .constant(let constant): guard constant == value else { return nil }
            case .variable(let name):
                if let known = seen.first(where: { $0.0 == name }) {
                    guard known.1 == value else { return nil }
                } else {
                    seen.append((name, value))
                    match.append(value)
                }
            default: return nil
            }
        }
        return match
    }
}

/// The same tuples at every time point.
final class ConstantOperator: FormulaOperator {
    let columns: [String]
    let tupleCount = 0
    private let relation: Relation

    init(_ columns: [String], _ relation: Relation) {
        self.columns = columns
        self.relation = relation
    }

    func step(_ frame: Frame) throws(TemporalError) -> [Relation] { [relation] }
}

/// A function of the tuples of one operator, time point by time point.
final class MapOperator: FormulaOperator {
    typealias Transform = (Relation, Frame) throws(TemporalError) -> Relation

    let columns: [String]
    let tupleCount = 0
    private let child: any FormulaOperator
    private let transform: Transform

    init(_ child: any FormulaOperator, columns: [String], _ transform: @escaping Transform) {
        self.child = child
        self.columns = columns
        self.transform = transform
    }

    func step(_ frame: Frame) throws(TemporalError) -> [Relation] {
        var results: [Relation] = []
        for relation in try child.step(frame) { results.append(try transform(relation, frame)) }
        return results
    }
}

/// A function of the tuples of two operators at the same time point.
final class ZipOperator: FormulaOperator {
    let columns: [String]
    private let left: any FormulaOperator
    private let right: any FormulaOperator
    private var pair = PairQueue()
    private let combine: (Relation, Relation) -> Relation

    init(
        _ left: any FormulaOperator, _ right: any FormulaOperator, columns: [String],
        _ combine: @escaping (Relation, Relation) -> Relation
    ) {
        self.left = left
        self.right = right
        self.columns = columns
        self.combine = combine
    }

    var tupleCount: Int { pair.tupleCount }

    func step(_ frame: Frame) throws(TemporalError) -> [Relation] {
        pair.append(try left.step(frame), try right.step(frame))
        var results: [Relation] = []
        while let (first, second) = pair.next() { results.append(combine(first, second)) }
        return results
    }

    func encode(to writer: inout SnapshotWriter) { pair.encode(to: &writer) }

    func restore(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        pair = try PairQueue(from: &reader, left.columns.count, right.columns.count)
    }
}

/// The results of two operators that do not come at the same step.
struct PairQueue {
    private var left = Queue<Relation>()
    private var right = Queue<Relation>()
    private(set) var tupleCount = 0

    mutating func append(_ first: [Relation], _ second: [Relation]) {
        for relation in first { left.append(relation) }
        for relation in second { right.append(relation) }
        tupleCount += first.reduce(0) { $0 + $1.count } + second.reduce(0) { $0 + $1.count }
    }

    mutating func next() -> (Relation, Relation)? {
        guard let first = left.first, let second = right.first else { return nil }
        left.removeFirst()
        right.removeFirst()
        tupleCount -= first.count + second.count
        return (first, second)
    }
}

extension PairQueue {
    func encode(to writer: inout SnapshotWriter) {
        writer.write(left) { $0.write($1) }
        writer.write(right) { $0.write($1) }
    }

    /// Reads what was written, with the numbers of columns of both sides.
    init(
        from reader: inout SnapshotReader, _ first: Int, _ second: Int
    ) throws(MalformedSnapshot) {
        left = try reader.queue { reader throws(MalformedSnapshot) in try reader.relation(first) }
        right = try reader.queue { reader throws(MalformedSnapshot) in try reader.relation(second) }
        tupleCount = (left.elements + right.elements).reduce(0) { $0 + $1.count }
    }
}

/// A list that grows at one end and shrinks at the other.
struct Queue<Element> {
    private var items: [Element?] = []
    private var start = 0

    var count: Int { items.count - start }
    var isEmpty: Bool { count == 0 }
    var first: Element? { start < items.count ? items[start] : nil }
    /// What is in it, the oldest first.
    var elements: [Element] { items[start...].compactMap { $0 } }

    subscript(_ offset: Int) -> Element? {
        start + offset < items.count ? items[start + offset] : nil
    }

    mutating func append(_ element: Element) {
        items.append(element)
    }

    mutating func removeFirst() {
        guard start < items.count else { return }
        items[start] = nil
        start += 1
        if start > 32, start * 2 > items.count {
            items.removeFirst(start)
            start = 0
        }
    }
}

/// The definition of a relation, and the formula that uses it.
final class DefinitionOperator: FormulaOperator {
    let columns: [String]
    let tupleCount = 0
    private let number: Int
    private let definition: any FormulaOperator
    private let body: any FormulaOperator

    init(_ number: Int, _ definition: any FormulaOperator, _ body: any FormulaOperator) {
        self.number = number
        self.definition = definition
        self.body = body
        columns = body.columns
    }

    func step(_ frame: Frame) throws(TemporalError) -> [Relation] {
        frame.definitions[number] = try definition.step(frame)
        return try body.step(frame)
    }
}
