// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TemporalRules
import TransparencyLog

/// Judges the events of a log by the rules over time, in the order in which they occurred.
///
/// An event counts when it occurred, unless it was recorded later than the policy set allows: then
/// at the earliest moment that is not yet settled. So a state saved at one entry of the log gives
/// the verdicts that reading everything gives.
struct RuleReplay {
    /// The place of an event among all runs.
    struct Place: BitwiseCopyable {
        var time: Int64
        var part: Int32
        var row: Int32
        var offset: Int

        static func < (left: Place, right: Place) -> Bool {
            (left.time, left.part, left.row) < (right.time, right.part, right.row)
        }
    }

    private static let batchCount = 2_048

    let rules: OverTimeRules
    private(set) var monitor: RuleMonitor
    private(set) var formulas: FormulaRun

    init(
        _ rules: OverTimeRules, monitor: RuleMonitor? = nil, formulas: FormulaRun? = nil
    ) {
        self.rules = rules
        self.monitor = monitor ?? RuleMonitor(rules.program)
        self.formulas = formulas ?? FormulaRun(rules)
    }

    /// Notes what a purge took, before anything is judged.
    mutating func prepare(for purged: PurgedHistory) { purged.prepare(&monitor) }

    /// Notes the gaps of some runs, before their events.
    ///
    /// - Parameters:
    ///   - parts: All runs from the start of the log.
    ///   - isWanted: Which entries' gaps still stand and were not noted before.
    mutating func note(_ parts: [RuleEvents], where isWanted: (UInt64) -> Bool) {
        var lastTimes: [Int64: Int64] = [:]
        var types: [Int64: TypeSet] = [:]
        var recordedMax = Int64.min
        for part in parts {
            for gap in part.gaps where isWanted(gap.index) {
                let floor = rules.floor(max(gap.recordedAt, recordedMax))
                let previous = gap.previous ?? lastTimes[gap.source] ?? floor
                let start = max(previous, floor)
                var hidden = types[gap.source] ?? TypeSet()
                hidden.formUnion(gap.types)
                monitor.recordGap(
                    min(start, gap.time)...max(start, gap.time), hiding: Self.identifiers(hidden))
            }
            for source in part.sources {
                lastTimes[source.number] = source.lastTime
                types[source.number, default: TypeSet()].formUnion(source.types)
            }
            recordedMax = max(recordedMax, part.recordedMax)
        }
    }

    private static func identifiers(_ types: TypeSet) -> Set<EventTypeID> {
        Set(
            EventType.allCases.filter(types.contains).map {
                EventTypeID(rawValue: UInt16($0.rawValue))
            })
    }

    /// Judges the events of some runs between two seconds, the second excluded.
    mutating func consume(
        _ parts: [RuleEvents], from start: Int64, before limit: Int64
    ) throws -> [RuleVerdict] {
        try consume(parts, Self.order(parts, rules, from: start, before: limit))
    }

    /// Judges the events of some runs at some places, which are in the order of time.
    mutating func consume(_ parts: [RuleEvents], _ places: [Place]) throws -> [RuleVerdict] {
        var verdicts: [RuleVerdict] = []
        for first in stride(from: 0, to: places.count, by: Self.batchCount) {
            let rows = places[first..<min(first + Self.batchCount, places.count)]
            let batch = batch(rows, of: parts)
            verdicts += try monitor.consume(batch) + formulas.consume(batch)
        }
        return verdicts
    }

    private func batch(_ rows: ArraySlice<Place>, of parts: [RuleEvents]) -> EventBatch {
        var batch = EventBatch(
            schema: RuleField.schema,
            types: rows.map { UInt16(parts[Int($0.part)].types[Int($0.row)]) },
            times: rows.map(\.time),
            indexes: rows.map { parts[Int($0.part)].indexes[Int($0.row)] })
        for (row, place) in rows.enumerated() {
            guard let fields = rules.fields[Int(batch.types[row])] else { continue }
            for (offset, field) in fields.enumerated() {
                batch.set(
                    FieldID(rawValue: field.rawValue), of: row,
                    to: parts[Int(place.part)].values[place.offset + offset])
            }
        }
        return batch
    }

    /// The events by time, then by entry.
    ///
    /// Nearly all are in order, so those that are late are sorted apart and merged in.
    static func order(
        _ parts: [RuleEvents], _ rules: OverTimeRules, from start: Int64,
        before limit: Int64 = .max
    ) -> [Place] {
        var (inTime, late): ([Place], [Place]) = ([], [])
        inTime.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        var latest = Int64.min
        var recordedMax = Int64.min
        for (number, part) in parts.enumerated() {
            let floor = rules.floor(recordedMax)
            var offset = 0
            for row in 0..<part.count {
                let time = max(part.times[row], floor)
                let place = Place(
                    time: time, part: Int32(number), row: Int32(row), offset: offset)
                offset += rules.width(part.types[row])
                guard time >= start, time < limit else { continue }
                if time >= latest {
                    latest = time
                    inTime.append(place)
                } else {
                    late.append(place)
                }
            }
            recordedMax = max(recordedMax, part.recordedMax)
        }
        guard !late.isEmpty else { return inTime }
        late.sort(by: <)
        merge(late, into: &inTime)
        return inTime
    }

    /// Merges a few places into many, from the end on, so that nothing is held twice.
    private static func merge(_ late: [Place], into places: inout [Place]) {
        var (next, place) = (places.count - 1, places.count + late.count - 1)
        places += late
        for moved in late.reversed() {
            while next >= 0, moved < places[next] {
                places[place] = places[next]
                (next, place) = (next - 1, place - 1)
            }
            places[place] = moved
            place -= 1
        }
    }

    /// Says where things stand at the end of the log.
    mutating func close(at end: Int64) -> (due: [RuleVerdict], pending: [RuleVerdict]) {
        let closed = monitor.close(at: end)
        return (closed.due + formulas.advance(to: end), closed.pending)
    }
}
