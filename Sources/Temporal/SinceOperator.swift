// SPDX-License-Identifier: Apache-2.0

import Snapshots

/// `left SINCE right`, and `ONCE right` where there is no left side.
///
/// State: for each tuple still alive the time point since which it is, and for each in
/// the window its latest arrival. Tuples wait in a queue until the interval reaches them
/// and leave by another; each passes each queue once.
final class SinceOperator: ChangeTracking {
    private struct Arrival {
        var index: Int
        var timestamp: Int
        var tuples: Relation
    }
    private struct Life {
        var start: Int
        var holders: Int
    }

    let columns: [String]
    var tracksChanges = false
    private(set) var changes: [[TupleChange]] = []
    private var currentChanges: [TupleChange] = []
    private let continuation: Continuation?
    private let child: any FormulaOperator
    private let interval: Interval
    private var pair = PairQueue()
    private var timestamps = Queue<Int>()
    private var index = 0
    private var waiting = Queue<Arrival>()
    private var window = Queue<Arrival>()
    private var lives: [[Value]: Life] = [:]
    private var keys: [[Value]: Set<[Value]>] = [:]
    private var current: [[Value]: Int] = [:]
    private var result = Relation()

    init(_ continuation: Continuation?, _ child: any FormulaOperator, _ interval: Interval) {
        self.continuation = continuation
        self.child = child
        self.interval = interval
        columns = child.columns
    }

    var tupleCount: Int { pair.tupleCount + lives.count }

    func step(_ frame: Frame) throws(TemporalError) -> [Relation] {
        timestamps.append(frame.timestamp)
        let right = try child.step(frame)
        let left = try continuation?.child.step(frame) ?? right.map { _ in [] }
        pair.append(left, right)
        changes.removeAll(keepingCapacity: true)
        var results: [Relation] = []
        while let (left, right) = pair.next() {
            let now = timestamps.first ?? frame.timestamp
            timestamps.removeFirst()
            results.append(advance(left, right, now))
            if tracksChanges {
                changes.append(currentChanges)
                currentChanges.removeAll(keepingCapacity: true)
            }
            index += 1
        }
        return results
    }

    private func advance(_ left: Relation, _ right: Relation, _ now: Int) -> Relation {
        endLives(left)
        if !right.isEmpty {
            for tuple in right {
                if lives[tuple] == nil { begin(tuple) }
                lives[tuple]?.holders += 1
            }
            waiting.append(Arrival(index: index, timestamp: now, tuples: right))
        }
        while let arrival = waiting.first,
            distance(from: arrival.timestamp, to: now) >= interval.first
        {
            waiting.removeFirst()
            admit(arrival)
        }
        while let arrival = window.first,
            interval.isBefore(distance(from: arrival.timestamp, to: now))
        {
            window.removeFirst()
            expire(arrival)
        }
        return result
    }

    private func key(_ tuple: [Value]) -> [Value] {
        (continuation?.key ?? []).map { tuple[$0] }
    }

    private func begin(_ tuple: [Value]) {
        lives[tuple] = Life(start: index, holders: 0)
        if continuation != nil { keys[key(tuple), default: []].insert(tuple) }
    }

    private func end(_ tuple: [Value]) {
        lives[tuple] = nil
        current[tuple] = nil
        hide(tuple)
        guard continuation != nil else { return }
        let key = key(tuple)
        keys[key]?.remove(tuple)
        if keys[key]?.isEmpty ?? false { keys[key] = nil }
    }

    private func hide(_ tuple: [Value]) {
        guard result.remove(tuple) != nil, tracksChanges else { return }
        currentChanges.append(TupleChange(tuple: tuple, isInserted: false))
    }

    private func endLives(_ left: Relation) {
        guard let continuation, !lives.isEmpty else { return }
        let ended =
            continuation.isNegated
            ? left.filter { keys[$0] != nil } : Set(keys.keys.filter { !left.contains($0) })
        for key in ended {
            for tuple in keys[key] ?? [] { end(tuple) }
        }
    }

    private func admit(_ arrival: Arrival) {
        for tuple in arrival.tuples {
            guard let life = lives[tuple], life.start <= arrival.index else { continue }
            current[tuple] = arrival.index
            if result.insert(tuple).inserted, tracksChanges {
                currentChanges.append(TupleChange(tuple: tuple, isInserted: true))
            }
        }
        if interval.last != nil { window.append(arrival) }
    }

    private func expire(_ arrival: Arrival) {
        for tuple in arrival.tuples {
            guard let life = lives[tuple], life.start <= arrival.index else { continue }
            if life.holders == 1 {
                end(tuple)
                continue
            }
            lives[tuple]?.holders -= 1
            // A later arrival may be waiting still, outside the interval.
            if current[tuple] == arrival.index {
                current[tuple] = nil
                hide(tuple)
            }
        }
    }

    // MARK: State

    func encode(to writer: inout SnapshotWriter) {
        pair.encode(to: &writer)
        writer.write(timestamps)
        writer.write(Int64(index))
        for queue in [waiting, window] {
            writer.write(queue) { writer, arrival in
                writer.write(Int64(arrival.index))
                writer.write(Int64(arrival.timestamp))
                writer.write(arrival.tuples)
            }
        }
        writer.write(lives) { writer, life in
            writer.write(Int64(life.start))
            writer.write(Int64(life.holders))
        }
        writer.write(current) { $0.write(Int64($1)) }
        writer.write(result)
    }

    func restore(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        let width = columns.count
        pair = try PairQueue(from: &reader, continuation?.child.columns.count ?? width, width)
        timestamps = try reader.ints()
        index = try reader.natural()
        waiting = try arrivals(&reader)
        window = try arrivals(&reader)
        lives = try reader.table(width) { reader throws(MalformedSnapshot) in
            Life(start: try reader.natural(), holders: try reader.natural())
        }
        current = try reader.table(width) { reader throws(MalformedSnapshot) in
            try reader.natural()
        }
        result = try reader.relation(width)
        keys = [:]
        guard continuation != nil else { return }
        for tuple in lives.keys { keys[key(tuple), default: []].insert(tuple) }
    }

    private func arrivals(
        _ reader: inout SnapshotReader
    ) throws(MalformedSnapshot) -> Queue<Arrival> {
        let width = columns.count
        return try reader.queue { reader throws(MalformedSnapshot) in
            Arrival(
                index: try reader.natural(), timestamp: try reader.int(),
                tuples: try reader.relation(width))
        }
    }
}
