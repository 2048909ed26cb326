// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import Snapshots

/// The tuples that satisfy a formula at one time point.
public struct Satisfaction: Hashable, Sendable {
    /// The number of the time point in the log, from 0.
    public var index: Int
    /// Its time.
    public var timestamp: Int
    /// The tuples over the free variables, in order; one empty tuple for a closed formula.
    public var tuples: [[Value]]
}

/// Evaluates a formula online, as time points arrive.
///
/// Past operators answer at once; those that look ahead answer when the log has passed
/// their window, so answers can come several at a time. The state holds what the windows
/// can still need and no more.
public final class TemporalMonitor {
    /// How many tuples the state may hold.
    public let tupleCountMax: Int
    /// The aggregations that had nothing to summarise at the last step.
    private(set) var emptyAggregations: [(operation: Aggregation.Operation, value: Value)] = []
    private let root: any FormulaOperator
    private let operators: [any FormulaOperator]
    private let projection: [Int]
    private let filter: EmptyPointFilter
    private let dropsEmptyPoints: Bool
    private var pending = Queue<(index: Int, timestamp: Int)>()
    private var index = 0
    private var logIndex = 0
    private var lastTimestamp = Int.min

    /// Starts to monitor a formula.
    ///
    /// With `dropsEmptyPoints`, time points without relevant tuples are passed over where
    /// the formula is false at them and cannot feel them.
    public init(
        _ formula: MonitorableFormula, dropsEmptyPoints: Bool = true,
        tupleCountMax: Int = 20_000_000
    ) throws(TemporalError) {
        let analyzed = formula.analysis.analyzed
        var compiler = OperatorCompiler()
        root = try compiler.compile(analyzed)
        operators = compiler.operators
        projection = places(of: formula.analysis.variables.map(\.name), in: root.columns)
        filter = EmptyPointFilter(analyzed)
        self.dropsEmptyPoints = dropsEmptyPoints && filter.dropsEmptyPoints
        self.tupleCountMax = tupleCountMax
    }

    /// How many tuples the state holds.
    public var tupleCount: Int {
        operators.reduce(0) { $0 + $1.tupleCount }
    }

    /// How many time points wait for their answer.
    public var pendingCount: Int { pending.count }

    /// Takes the next time point; gives the answers that it settles, or nothing if the
    /// time point was passed over.
    ///
    /// - Throws: ``TemporalError`` if time goes back, integers overflow, or the state
    ///   would grow beyond its limit.
    @discardableResult
    public func advance(to point: TimePoint) throws(TemporalError) -> [Satisfaction]? {
        guard point.timestamp >= lastTimestamp else {
            throw TemporalError(.timestampOutOfOrder, subject: String(point.timestamp))
        }
        lastTimestamp = point.timestamp
        let tuples = filter.relevant(point.tuples)
        defer { logIndex += 1 }
        if dropsEmptyPoints && tuples.isEmpty { return nil }
        return try step(TimePoint(timestamp: point.timestamp, tuples: tuples))
    }

    /// Ends the log, as if nothing ever happened again; gives the last answers.
    public func finish() throws(TemporalError) -> [Satisfaction] {
        try step(TimePoint(timestamp: .max))
    }

    private func step(_ point: TimePoint) throws(TemporalError) -> [Satisfaction] {
        let frame = Frame(index: index, logIndex: logIndex, point: point)
        pending.append((logIndex, point.timestamp))
        index += 1
        var results: [Satisfaction] = []
        for relation in try root.step(frame) {
            guard let (index, timestamp) = pending.first else { break }
            pending.removeFirst()
            guard timestamp < .max else { continue }
            let tuples = relation.projected(projection).sorted(by: precedes)
            results.append(Satisfaction(index: index, timestamp: timestamp, tuples: tuples))
        }
        emptyAggregations = frame.emptyAggregations
        guard tupleCount <= tupleCountMax else {
            throw TemporalError(.stateTooLarge, subject: "\(tupleCount)")
        }
        return results
    }

    // MARK: State

    /// What the monitor remembers of the log, as bytes: equal states give equal bytes.
    public func encodeState() -> [UInt8] {
        var writer = SnapshotWriter()
        for number in [index, logIndex, lastTimestamp] { writer.write(Int64(number)) }
        writer.write(pending) { writer, point in
            writer.write(Int64(point.index))
            writer.write(Int64(point.timestamp))
        }
        writer.write(each: operators) { $1.encode(to: &$0) }
        return writer.bytes
    }

    /// Goes on from what ``encodeState()`` wrote for the same formula; of no use after an error.
    ///
    /// - Throws: `MalformedSnapshot` if the bytes are not the state of a monitor of this formula.
    public func restoreState(_ bytes: [UInt8]) throws(MalformedSnapshot) {
        var reader = SnapshotReader(bytes)
        try restore(from: &reader)
    }

    private func restore(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        index = try reader.natural()
        logIndex = try reader.natural()
        lastTimestamp = try reader.int()
        pending = try reader.queue { reader throws(MalformedSnapshot) in
            (index: try reader.natural(), timestamp: try reader.int())
        }
        guard try reader.number() == UInt64(operators.count) else { throw MalformedSnapshot() }
        for part in operators { try part.restore(from: &reader) }
        guard reader.isAtEnd else { throw MalformedSnapshot() }
    }
}
