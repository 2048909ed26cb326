// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Snapshots
import TransparencyLog

/// What the rules over time need of one run of entries: numbers, event after event.
///
/// How many numbers an event has depends on its type alone. Two runs that follow each other can be
/// judged apart: what the second must know of the first (how far the log's clock came, what each
/// source said last) is put in when they are put together.
struct RuleEvents: Sendable {
    /// A place where a source's counter jumped: something may have been lost before it.
    struct Gap: Sendable {
        var index: UInt64
        var source: Int64
        /// The second of the event after the gap.
        var time: Int64
        /// What the log's clock showed, in milliseconds.
        var recordedAt: Int64
        /// The second of the source's event before the gap; nil if it is in an earlier run.
        var previous: Int64?
        /// What the source had said before, in this run.
        var types: TypeSet
    }

    /// A source, what it said last and what it says at all.
    struct Source: Sendable {
        var number: Int64
        var lastTime: Int64
        var types: TypeSet
    }

    private(set) var types: [UInt8] = []
    /// Seconds since 1970.
    private(set) var times: [Int64] = []
    private(set) var indexes: [UInt64] = []
    private(set) var values: [Int64] = []
    /// The latest that the log's clock showed, in milliseconds.
    private(set) var recordedMax = Int64.min
    private(set) var sources: [Source] = []
    private(set) var gaps: [Gap] = []
    /// The names of the sources, so that each is numbered once.
    private var names: [[UInt8]] = []

    var count: Int { types.count }

    /// Takes in an entry.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - type: Its type.
    ///   - flags: The facts of an access; nil if it is none, or no policy could judge it.
    ///   - broken: The rules by which policies deny it, where a rule asks for them.
    ///   - isGap: Whether something of the source is missing before the entry.
    ///   - rules: The rules.
    ///   - registry: What the state says.
    mutating func record(
        _ entry: borrowing VerifiedEntry, _ type: EventType, _ flags: AccessFacts.Flags?,
        broken: Int64, isGap: Bool, _ rules: OverTimeRules, _ registry: Registry
    ) {
        let recordedAt = entry.recordedAt
        recordedMax = max(recordedMax, recordedAt)
        let (floor, overflows) = recordedMax.subtractingReportingOverflow(rules.lateness)
        let instant = max(min(entry.occurredAt, recordedAt), overflows ? .min : floor)
        let time = instant >= 0 ? instant / 1_000 : (instant - 999) / 1_000
        note(entry, type, time, isGap)
        guard let fields = rules.fields[Int(type.rawValue)] else { return }
        types.append(type.rawValue)
        times.append(time)
        indexes.append(entry.index)
        let facts = RuleFacts(rules: rules, registry: registry, flags: flags, broken: broken)
        for field in fields {
            values.append(field == .source ? sources[latest].number : facts.value(field, entry))
        }
    }

    /// The source of the entry that came last.
    private var latest = 0

    /// Whether a source was seen before; it is the latest then.
    private mutating func isKnown(_ name: EntrySlice) -> Bool {
        if latest < names.count, name.equals(names[latest]) { return true }
        guard let known = names.firstIndex(where: { name.equals($0) }) else { return false }
        latest = known
        return true
    }

    private mutating func note(
        _ entry: borrowing VerifiedEntry, _ type: EventType, _ time: Int64, _ isGap: Bool
    ) {
        guard let name = entry.slice(.source) else { return }
        let isKnown = isKnown(name)
        let number = isKnown ? sources[latest].number : unsafe name.withUnsafeBytes(RuleText.number)
        if isGap {
            gaps.append(
                Gap(
                    index: entry.index, source: number, time: time, recordedAt: recordedMax,
                    previous: isKnown ? sources[latest].lastTime : nil,
                    types: isKnown ? sources[latest].types : TypeSet()))
        }
        if !isKnown {
            latest = names.count
            names.append(name.bytes)
            sources.append(Source(number: number, lastTime: time, types: TypeSet()))
        }
        sources[latest].lastTime = time
        sources[latest].types.insert(type)
    }

    /// Gives back the room that was left for more events: a run is held for as long as late events may
    /// come.
    mutating func compact() {
        Self.compact(&types)
        Self.compact(&times)
        Self.compact(&indexes)
        Self.compact(&values)
    }

    private static func compact<Number>(_ numbers: inout [Number]) {
        guard numbers.capacity > numbers.count + numbers.count / 16 else { return }
        var exact: [Number] = []
        exact.reserveCapacity(numbers.count)
        exact += numbers
        numbers = exact
    }

    /// Drops the events that were judged for good: those before a second.
    ///
    /// - Parameters:
    ///   - limit: The second.
    ///   - earlierMax: The latest that the log's clock showed before the run.
    ///   - rules: The rules.
    mutating func drop(before limit: Int64, after earlierMax: Int64, _ rules: OverTimeRules) {
        let floor = rules.floor(earlierMax)
        guard types.indices.contains(where: { max(times[$0], floor) < limit }) else { return }
        let all = (types: types, times: times, indexes: indexes, values: values)
        (types, times, indexes, values) = ([], [], [], [])
        var offset = 0
        for row in all.types.indices {
            let width = rules.width(all.types[row])
            if max(all.times[row], floor) >= limit {
                types.append(all.types[row])
                times.append(all.times[row])
                indexes.append(all.indexes[row])
                values += all.values[offset..<(offset + width)]
            }
            offset += width
        }
    }
}

extension [RuleEvents] {
    /// Drops, from runs that follow each other from the start of a log, what was judged for good.
    mutating func drop(before limit: Int64, _ rules: OverTimeRules) {
        var earlierMax = Int64.min
        for place in indices {
            self[place].drop(before: limit, after: earlierMax, rules)
            earlierMax = Swift.max(earlierMax, self[place].recordedMax)
        }
    }
}

extension OverTimeRules {
    /// How many numbers an event of a type has.
    func width(_ type: UInt8) -> Int { fields[Int(type)]?.count ?? 0 }

    /// The first second that an event may have after the log's clock showed an instant.
    func floor(_ recordedMax: Int64) -> Int64 {
        let (instant, overflows) = recordedMax.subtractingReportingOverflow(lateness)
        guard !overflows, instant > .min + 1_000 else { return .min }
        return instant >= 0 ? instant / 1_000 : (instant - 999) / 1_000
    }
}

extension RuleEvents {
    func encode(to writer: inout SnapshotWriter) {
        writer.write(count: types.count)
        writer.write(raw: types)
        var (time, index): (Int64, UInt64) = (0, 0)
        for row in types.indices {
            writer.write(times[row] &- time)
            writer.write(indexes[row] &- index)
            (time, index) = (times[row], indexes[row])
        }
        writer.write(each: values) { $0.write($1) }
        writer.write(recordedMax)
        writer.write(each: sources) { writer, source in
            writer.write(source.number)
            writer.write(source.lastTime)
            source.types.encode(to: &writer)
        }
        writer.write(each: gaps) { writer, gap in
            writer.write(gap.index)
            writer.write(gap.source)
            writer.write(gap.time)
            writer.write(gap.recordedAt)
            writer.write(gap.previous) { $0.write($1) }
            gap.types.encode(to: &writer)
        }
    }

    /// Reads events; that they fit the rules is for ``fits(_:)`` to say.
    init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        types = Array(try reader.raw(try reader.count()))
        guard types.allSatisfy({ EventType(rawValue: $0) != nil }) else {
            throw MalformedSnapshot()
        }
        var (time, index): (Int64, UInt64) = (0, 0)
        for _ in types.indices {
            time = time &+ (try reader.integer())
            index = index &+ (try reader.number())
            times.append(time)
            indexes.append(index)
        }
        values = try reader.list { reader throws(MalformedSnapshot) in try reader.integer() }
        recordedMax = try reader.integer()
        sources = try reader.list { reader throws(MalformedSnapshot) in
            let number = try reader.integer()
            let time = try reader.integer()
            return Source(number: number, lastTime: time, types: try TypeSet(from: &reader))
        }
        gaps = try reader.list { reader throws(MalformedSnapshot) in
            let (index, source) = (try reader.number(), try reader.integer())
            let (time, recordedAt) = (try reader.integer(), try reader.integer())
            let previous = try reader.optional { reader throws(MalformedSnapshot) in
                try reader.integer()
            }
            return Gap(
                index: index, source: source, time: time, recordedAt: recordedAt,
                previous: previous, types: try TypeSet(from: &reader))
        }
    }

    /// Whether the events are such as these rules read.
    func fits(_ rules: OverTimeRules) -> Bool {
        values.count == types.reduce(0) { $0 + rules.width($1) }
            && types.allSatisfy { rules.fields[Int($0)] != nil }
    }
}
