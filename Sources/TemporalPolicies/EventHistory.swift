// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// Something that happened: an action, a kind, and the values of its fields.
public struct HistoryEvent: Hashable, Sendable {
    /// When, in seconds.
    public var time: Int64
    /// The action.
    public var action: EntityUID
    /// The kind of event: `request`, `response`.
    public var kind: String
    /// The values by path: `input.user`, `callerPrincipal`.
    public var fields: [String: Value]
    /// The entry of a log that tells it, if one does.
    public var entry: UInt64?

    /// Makes an event from the record of its fields; records inside become paths with dots.
    public init(
        time: Int64, action: EntityUID, kind: String, fields: Record, entry: UInt64? = nil
    ) {
        self.entry = entry
        self.time = time
        self.action = action
        self.kind = kind
        self.fields = [:]
        flatten(fields, "", depth: 0)
    }

    private mutating func flatten(_ record: Record, _ prefix: String, depth: Int) {
        for (key, value) in zip(record.keys, record.values) {
            if case .record(let inner) = value, depth < 16 {
                flatten(inner, prefix + key + ".", depth: depth + 1)
            } else {
                fields[prefix + key] = value
            }
        }
    }
}

/// The events that the windows can still see, found by action, kind and value.
///
/// Time points keep their numbers when older ones are dropped.
struct EventHistory: Sendable {
    private struct EventKey: Hashable, Sendable {
        var action: EntityUID
        var kind: String
    }

    private struct ValueKey: Hashable, Sendable {
        var event: EventKey
        var path: String
        var value: Value
    }

    private var events: [HistoryEvent] = []
    /// The number of the first time point held.
    private(set) var start = 0
    private var byEvent: [EventKey: [Int]] = [:]
    private var byValue: [ValueKey: [Int]] = [:]
    /// The paths by which events are found.
    private let indexedPaths: Set<String>
    /// How many seconds back the windows look.
    private let reach: Int64

    init(indexedPaths: Set<String>, reach: Int64) {
        self.indexedPaths = indexedPaths
        self.reach = reach
    }

    /// The number after the last time point.
    var end: Int { start + events.count }

    /// How many events are held.
    var count: Int { events.count }

    subscript(_ point: Int) -> HistoryEvent { events[point - start] }

    mutating func append(_ event: HistoryEvent) {
        dropUnreachable(at: event.time)
        events.append(event)
        index(event, end - 1)
    }

    private mutating func index(_ event: HistoryEvent, _ point: Int) {
        let key = EventKey(action: event.action, kind: event.kind)
        byEvent[key, default: []].append(point)
        for (path, value) in event.fields where indexedPaths.contains(path) {
            byValue[ValueKey(event: key, path: path, value: value), default: []].append(point)
        }
    }

    /// Drops what no window can see, once it is as much as what is kept.
    private mutating func dropUnreachable(at time: Int64) {
        let middle = events.count / 2
        guard events.count > 256, !isReachable(events[middle].time, from: time) else { return }
        var kept = middle
        while kept < events.count, !isReachable(events[kept].time, from: time) { kept += 1 }
        events.removeFirst(kept)
        start += kept
        byEvent.removeAll(keepingCapacity: true)
        byValue.removeAll(keepingCapacity: true)
        for (offset, event) in events.enumerated() { index(event, start + offset) }
    }

    /// Whether no window can see any of the events at a time.
    func isForgotten(at time: Int64) -> Bool {
        events.last.map { !isReachable($0.time, from: time) } ?? true
    }

    private func isReachable(_ earlier: Int64, from time: Int64) -> Bool {
        let (difference, overflow) = time.subtractingReportingOverflow(earlier)
        return !overflow && difference <= reach
    }

    /// The first time point at or after a time, up to another time point.
    func firstPoint(from time: Int64, before limit: Int) -> Int {
        var (low, high) = (start, limit)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The time points of a range at which an event like the predicate may have happened.
    func points(
        of predicate: EventPredicate, value: (path: String, value: Value)?, in range: Range<Int>
    ) -> ArraySlice<Int> {
        let key = EventKey(action: predicate.action, kind: predicate.kind)
        let all: [Int]
        if let value {
            all = byValue[ValueKey(event: key, path: value.path, value: value.value)] ?? []
        } else {
            all = byEvent[key] ?? []
        }
        return all[Self.place(all, range.lowerBound)..<Self.place(all, range.upperBound)]
    }

    private static func place(_ points: [Int], _ wanted: Int) -> Int {
        var (low, high) = (0, points.count)
        while low < high {
            let middle = (low + high) / 2
            if points[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
