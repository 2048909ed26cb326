// SPDX-License-Identifier: Apache-2.0

import Snapshots

/// What held at the time point before, if it was not too near or far.
final class PreviousOperator: FormulaOperator {
    let columns: [String]
    private let child: any FormulaOperator
    private let interval: Interval
    private var timestamps = Queue<Int>()
    private var pending = Queue<Relation>()
    private var isFirst = true

    init(_ child: any FormulaOperator, _ interval: Interval) {
        self.child = child
        self.interval = interval
        columns = child.columns
    }

    var tupleCount: Int { pending.count }

    func step(_ frame: Frame) throws(TemporalError) -> [Relation] {
        var results: [Relation] = []
        if isFirst {
            isFirst = false
            results.append([])
        }
        timestamps.append(frame.timestamp)
        for relation in try child.step(frame) { pending.append(relation) }
        while let relation = pending.first, let before = timestamps.first,
            let now = timestamps[1]
        {
            let isNear = interval.contains(distance(from: before, to: now))
            results.append(isNear ? relation : [])
            pending.removeFirst()
            timestamps.removeFirst()
        }
        return results
    }

    func encode(to writer: inout SnapshotWriter) {
        writer.write(timestamps)
        writer.write(pending) { $0.write($1) }
        writer.write(isFirst)
    }

    func restore(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        let width = columns.count
        timestamps = try reader.ints()
        pending = try reader.queue { reader throws(MalformedSnapshot) in
            try reader.relation(width)
        }
        isFirst = try reader.flag()
    }
}

/// What will hold at the time point after, if it is not too near or far.
final class NextOperator: FormulaOperator {
    let columns: [String]
    let tupleCount = 0
    private let child: any FormulaOperator
    private let interval: Interval
    private var timestamps = Queue<Int>()
    private var isFirst = true

    init(_ child: any FormulaOperator, _ interval: Interval) {
        self.child = child
        self.interval = interval
        columns = child.columns
    }

    func step(_ frame: Frame) throws(TemporalError) -> [Relation] {
        timestamps.append(frame.timestamp)
        var results: [Relation] = []
        for relation in try child.step(frame) {
            if isFirst {
                isFirst = false
                continue
            }
            guard let now = timestamps.first, let after = timestamps[1] else { break }
            let isNear = interval.contains(distance(from: now, to: after))
            results.append(isNear ? relation : [])
            timestamps.removeFirst()
        }
        return results
    }

    func encode(to writer: inout SnapshotWriter) {
        writer.write(timestamps)
        writer.write(isFirst)
    }

    func restore(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        timestamps = try reader.ints()
        isFirst = try reader.flag()
    }
}

/// How the left side of `SINCE` or `UNTIL` keeps tuples of the right alive.
struct Continuation {
    /// The left side.
    let child: any FormulaOperator
    /// Whether tuples live while the left side is false for them.
    let isNegated: Bool
    /// The places of its columns among those of the right side.
    let key: [Int]

    init(_ child: any FormulaOperator, isNegated: Bool, columns: [String]) {
        self.child = child
        self.isNegated = isNegated
        key = places(of: child.columns, in: columns)
    }
}
