// SPDX-License-Identifier: Apache-2.0

import Snapshots

/// `left UNTIL right`, and `EVENTUALLY right` where there is no left side.
///
/// A tuple of the right side at time point j holds at every q from which the left side
/// stayed true up to j. It becomes active when the window of q reaches j, or when q
/// reaches the start of that stretch, and is withdrawn once the window has passed j.
final class UntilOperator: FormulaOperator {
    private struct Arrival {
        var index: Int
        var timestamp: Int
        var tuples: [(tuple: [Value], start: Int)]
    }

    let columns: [String]
    private let continuation: Continuation?
    private let child: any FormulaOperator
    private let interval: Interval
    private var pair = PairQueue()
    /// The times from the first unsettled time point on.
    private var timestamps = Queue<Int>()
    private var settled = 0
    private var processed = 0
    /// The first time point that was not found to be inside the window.
    private var beyond = 0
    private var arrivals = Queue<Arrival>()
    private var enteredCount = 0
    private var firstLive = 0
    private var deferred: [Int: [(tuple: [Value], index: Int)]] = [:]
    private var active: [[Value]: Int] = [:]
    private var result = Relation()
    private var heldCount = 0
    /// Since when each key of a positive left side holds; when that of a negated one last did.
    private var marks: [[Value]: Int] = [:]
    private var markLog = Queue<(index: Int, key: [Value])>()

    init(_ continuation: Continuation?, _ child: any FormulaOperator, _ interval: Interval) {
        self.continuation = continuation
        self.child = child
        self.interval = interval
        columns = child.columns
    }

    var tupleCount: Int { pair.tupleCount + heldCount + marks.count }

    func step(_ frame: Frame) throws(TemporalError) -> [Relation] {
        timestamps.append(frame.timestamp)
        let right = try child.step(frame)
        let left = try continuation?.child.step(frame) ?? right.map { _ in [] }
        pair.append(left, right)
        while let (left, right) = pair.next() {
            arrive(right)
            mark(left)
            processed += 1
        }
        var results: [Relation] = []
        while let now = timestamps.first, isComplete(now) {
            results.append(settle(now))
            timestamps.removeFirst()
            settled += 1
            dropMarks()
        }
        return results
    }

    /// Whether a time point after the window was seen, and all before it were processed.
    private func isComplete(_ now: Int) -> Bool {
        beyond = max(beyond, settled)
        while let time = timestamps[beyond - settled] {
            if interval.isBefore(distance(from: now, to: time)) { return beyond <= processed }
            beyond += 1
        }
        return false
    }

    private func arrive(_ right: Relation) {
        guard !right.isEmpty, let time = timestamps[processed - settled] else { return }
        let tuples = right.map { (tuple: $0, start: start(of: $0)) }
        arrivals.append(Arrival(index: processed, timestamp: time, tuples: tuples))
        heldCount += tuples.count
    }

    /// The first time point from which the left side stayed true up to now.
    private func start(of tuple: [Value]) -> Int {
        guard let continuation else { return 0 }
        let key = continuation.key.map { tuple[$0] }
        if continuation.isNegated { return marks[key].map { $0 + 1 } ?? 0 }
        return marks[key] ?? processed
    }

    private func mark(_ left: Relation) {
        guard let continuation else { return }
        if continuation.isNegated {
            for key in left {
                marks[key] = processed
                markLog.append((processed, key))
            }
        } else {
            var next: [[Value]: Int] = [:]
            for key in left { next[key] = marks[key] ?? processed }
            marks = next
        }
    }

    private func dropMarks() {
        while let old = markLog.first, old.index < settled {
            if marks[old.key] == old.index { marks[old.key] = nil }
            markLog.removeFirst()
        }
    }

    private func settle(_ now: Int) -> Relation {
        while let arrival = arrivals[enteredCount],
            !interval.isBefore(distance(from: now, to: arrival.timestamp))
        {
            for (tuple, start) in arrival.tuples {
                if start <= settled {
                    activate(tuple)
                } else {
                    deferred[start, default: []].append((tuple, arrival.index))
                }
            }
            enteredCount += 1
        }
        for (tuple, index) in deferred.removeValue(forKey: settled) ?? [] where index >= firstLive {
            activate(tuple)
        }
        while let arrival = arrivals.first, enteredCount > 0,
            arrival.index < settled || distance(from: now, to: arrival.timestamp) < interval.first
        {
            for (tuple, start) in arrival.tuples where start <= settled { deactivate(tuple) }
            firstLive = arrival.index + 1
            heldCount -= arrival.tuples.count
            enteredCount -= 1
            arrivals.removeFirst()
        }
        return result
    }

    private func activate(_ tuple: [Value]) {
        active[tuple, default: 0] += 1
        result.insert(tuple)
    }

    private func deactivate(_ tuple: [Value]) {
        guard let count = active[tuple] else { return }
        active[tuple] = count > 1 ? count - 1 : nil
        if count == 1 { result.remove(tuple) }
    }

    // MARK: State

    func encode(to writer: inout SnapshotWriter) {
        pair.encode(to: &writer)
        writer.write(timestamps)
        for number in [settled, processed, beyond, enteredCount, firstLive] {
            writer.write(Int64(number))
        }
        writer.write(arrivals) { writer, arrival in
            writer.write(Int64(arrival.index))
            writer.write(Int64(arrival.timestamp))
            writer.write(each: arrival.tuples.sorted { precedes($0.tuple, $1.tuple) }) {
                $0.write($1.tuple)
                $0.write(Int64($1.start))
            }
        }
        writer.write(each: deferred.sorted { $0.key < $1.key }) { writer, row in
            writer.write(Int64(row.key))
            let tuples = row.value.sorted {
                $0.index == $1.index ? precedes($0.tuple, $1.tuple) : $0.index < $1.index
            }
            writer.write(each: tuples) {
                $0.write($1.tuple)
                $0.write(Int64($1.index))
            }
        }
        writer.write(active) { $0.write(Int64($1)) }
        writer.write(marks) { $0.write(Int64($1)) }
        let log = markLog.elements.sorted {
            $0.index == $1.index ? precedes($0.key, $1.key) : $0.index < $1.index
        }
        writer.write(each: log) {
            $0.write(Int64($1.index))
            $0.write($1.key)
        }
    }

    func restore(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        let (width, keyWidth) = (columns.count, continuation?.child.columns.count ?? 0)
        pair = try PairQueue(from: &reader, continuation == nil ? width : keyWidth, width)
        timestamps = try reader.ints()
        settled = try reader.natural()
        processed = try reader.natural()
        beyond = try reader.natural()
        enteredCount = try reader.natural()
        firstLive = try reader.natural()
        guard settled <= processed else { throw MalformedSnapshot() }
        arrivals = try reader.queue { reader throws(MalformedSnapshot) in
            Arrival(
                index: try reader.natural(), timestamp: try reader.int(),
                tuples: try Self.marked(&reader, width).map { (tuple: $0.0, start: $0.1) })
        }
        guard enteredCount <= arrivals.count else { throw MalformedSnapshot() }
        heldCount = arrivals.elements.reduce(0) { $0 + $1.tuples.count }
        deferred = [:]
        for _ in 0..<(try reader.count()) {
            let start = try reader.natural()
            deferred[start] = try Self.marked(&reader, width).map { (tuple: $0.0, index: $0.1) }
        }
        active = try reader.table(width) { reader throws(MalformedSnapshot) in
            try reader.natural()
        }
        result = Relation(active.keys)
        marks = try reader.table(keyWidth) { reader throws(MalformedSnapshot) in
            try reader.natural()
        }
        markLog = try reader.queue { reader throws(MalformedSnapshot) in
            (index: try reader.natural(), key: try reader.tuple(keyWidth))
        }
    }

    /// Tuples, each with a number.
    private static func marked(
        _ reader: inout SnapshotReader, _ width: Int
    ) throws(MalformedSnapshot) -> [([Value], Int)] {
        try reader.list { reader throws(MalformedSnapshot) in
            (try reader.tuple(width), try reader.natural())
        }
    }
}
