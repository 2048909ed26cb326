// SPDX-License-Identifier: Apache-2.0

/// Events in columns: the form in which the monitor takes them.
///
/// Events stand in the order in which they happened: by time, and among those of one second by
/// entry. A value that an event lacks is ``absent``.
public struct EventBatch: Hashable, Sendable {
    /// The value of a field that an event does not have.
    public static let absent = Int64.min

    /// The type of each event.
    public private(set) var types: [UInt16] = []
    /// The time of each event, in seconds since 1970.
    public private(set) var times: [Int64] = []
    /// The index of each event's entry in the log.
    public private(set) var indexes: [UInt64] = []
    /// The values: one column for each field of the schema.
    public private(set) var columns: [[Int64]]

    /// Makes an empty batch for a schema.
    public init(schema: EventSchema) {
        columns = Array(repeating: [], count: schema.fields.count)
    }

    /// Takes columns as they are.
    ///
    /// - Precondition: All columns have the same length.
    public init(types: [UInt16], times: [Int64], indexes: [UInt64], columns: [[Int64]]) {
        precondition(
            times.count == types.count && indexes.count == types.count
                && columns.allSatisfy { $0.count == types.count },
            "columns of different lengths")
        self.types = types
        self.times = times
        self.indexes = indexes
        self.columns = columns
    }

    /// Takes events whose fields are all absent.
    ///
    /// - Precondition: The three arrays have the same length.
    public init(schema: EventSchema, types: [UInt16], times: [Int64], indexes: [UInt64]) {
        let column = Array(repeating: Self.absent, count: types.count)
        self.init(
            types: types, times: times, indexes: indexes,
            columns: Array(repeating: column, count: schema.fields.count))
    }

    /// The number of events.
    public var count: Int { types.count }

    /// Adds an event whose fields are all absent.
    public mutating func append(_ type: EventTypeID, time: Int64, index: UInt64) {
        types.append(type.rawValue)
        times.append(time)
        indexes.append(index)
        for field in columns.indices { columns[field].append(Self.absent) }
    }

    /// Sets a field of the last event.
    ///
    /// - Precondition: There is one, and the field is of the schema.
    public mutating func set(_ field: FieldID, to value: Int64) {
        set(field, of: count - 1, to: value)
    }

    /// Sets a field of an event.
    ///
    /// - Precondition: There is such a row, and the field is of the schema.
    public mutating func set(_ field: FieldID, of row: Int, to value: Int64) {
        columns[field.index][row] = value
    }

    /// Removes all events and keeps the memory.
    public mutating func removeAll() {
        types.removeAll(keepingCapacity: true)
        times.removeAll(keepingCapacity: true)
        indexes.removeAll(keepingCapacity: true)
        for field in columns.indices { columns[field].removeAll(keepingCapacity: true) }
    }

    /// The events of some rows.
    public func slice(_ rows: Range<Int>) -> EventBatch {
        EventBatch(
            types: Array(types[rows]), times: Array(times[rows]), indexes: Array(indexes[rows]),
            columns: columns.map { Array($0[rows]) })
    }

    /// The same events in the order that the monitor asks for.
    public func sorted() -> EventBatch {
        let order = types.indices.sorted {
            (times[$0], indexes[$0]) < (times[$1], indexes[$1])
        }
        return EventBatch(
            types: order.map { types[$0] }, times: order.map { times[$0] },
            indexes: order.map { indexes[$0] },
            columns: columns.map { column in order.map { column[$0] } })
    }
}
