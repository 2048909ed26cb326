// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import Snapshots
import TransparencyLog

extension RegistryBuilder {
    /// Writes what was recorded so far.
    public func encode(to writer: inout SnapshotWriter) { recorded.encode(to: &writer) }

    /// Reads what a builder had recorded.
    ///
    /// - Throws: ``TransparencyLog/MalformedSnapshot``.
    public init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        self.init()
        recorded = try RegistryRecord(from: &reader)
    }
}

extension RegistryRecord {
    private static let rows: [any WritableKeyPath<RegistryRecord, [Row]> & Sendable] = [
        \.advisers, \.persons, \.licences, \.holdings, \.offers, \.pseudonymRequests,
    ]

    func encode(to writer: inout SnapshotWriter) {
        writer.write(count: interner.count)
        for number in 0..<interner.count {
            writer.write(bytes: interner.bytes(InternedID(Int32(number))))
        }
        writer.write(each: lists) { $0.write($1) }
        for path in Self.rows {
            var previous = StateChange(Moment(time: 0, index: 0), .pilotStart)
            writer.write(each: self[keyPath: path]) { writer, row in
                writer.write(row.thing)
                row.change.encode(to: &writer, after: &previous)
            }
        }
        for changes in [pilot, staffNotices] {
            var previous = StateChange(Moment(time: 0, index: 0), .pilotStart)
            writer.write(each: changes) { $1.encode(to: &$0, after: &previous) }
        }
        writer.write(each: consultations) { writer, consultation in
            writer.write(consultation.moment)
            writer.write(consultation.isCentral)
            writer.write(consultation.hash) { $0.write($1) }
        }
        writer.write(each: policies) { writer, policy in
            writer.write(policy.moment)
            writer.write(policy.isActivation)
            writer.write(policy.hash)
            let scope = policy.scope.sorted {
                ($0.field.rawValue, $0.text.rawValue) < ($1.field.rawValue, $1.text.rawValue)
            }
            writer.write(each: scope) { writer, item in
                writer.write(count: Int(item.field.rawValue))
                writer.write(item.text)
            }
        }
    }

    init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        self.init()
        let textCount = try reader.count()
        for number in 0..<textCount {
            let text = try reader.content()
            guard unsafe Int(interner.intern(Array(text).span.bytes).rawValue) == number else {
                throw MalformedSnapshot()
            }
        }
        lists = try reader.list { reader throws(MalformedSnapshot) in
            try reader.text(of: textCount)
        }
        let listCount = lists.count
        for path in Self.rows {
            var previous = StateChange(Moment(time: 0, index: 0), .pilotStart)
            let count = try reader.count()
            var rows: [Row] = []
            rows.reserveCapacity(count)
            for _ in 0..<count {
                let thing = try reader.text(of: textCount)
                let change = try StateChange(
                    from: &reader, after: &previous, texts: textCount, lists: listCount)
                rows.append((thing, change))
            }
            self[keyPath: path] = rows
        }
        pilot = try Self.changes(&reader, textCount, listCount)
        staffNotices = try Self.changes(&reader, textCount, listCount)
        consultations = try reader.list { reader throws(MalformedSnapshot) in
            Consultation(
                moment: try reader.moment(), isCentral: try reader.flag(),
                hash: try reader.optional { reader throws(MalformedSnapshot) in
                    try reader.digest()
                })
        }
        policies = try reader.list { reader throws(MalformedSnapshot) in
            let moment = try reader.moment()
            let isActivation = try reader.flag()
            let hash = try reader.digest()
            let scope = try reader.list { reader throws(MalformedSnapshot) in
                let number = try reader.index(below: 256)
                guard let field = EntryField(rawValue: UInt8(number)) else {
                    throw MalformedSnapshot()
                }
                return PolicyActivation.ScopeItem(
                    field: field, text: try reader.text(of: textCount))
            }
            return PolicyActivation(
                moment: moment, isActivation: isActivation, hash: hash, scope: Set(scope))
        }
    }

    private static func changes(
        _ reader: inout SnapshotReader, _ texts: Int, _ lists: Int
    ) throws(MalformedSnapshot) -> [StateChange] {
        var previous = StateChange(Moment(time: 0, index: 0), .pilotStart)
        let count = try reader.count()
        var changes: [StateChange] = []
        for _ in 0..<count {
            changes.append(
                try StateChange(from: &reader, after: &previous, texts: texts, lists: lists))
        }
        return changes
    }
}

extension StateChange {
    /// Writes the change: times and places as steps from the one before, which are small.
    fileprivate func encode(to writer: inout SnapshotWriter, after previous: inout StateChange) {
        writer.write(moment.time &- previous.moment.time)
        writer.write(Int64(bitPattern: moment.index &- previous.moment.index))
        writer.write(count: Int(type.rawValue))
        writer.write(party) { $0.write($1) }
        writer.write(reference) { $0.write($1) }
        writer.write(count: Int(listCount))
        if listCount > 0 { writer.write(count: Int(listStart)) }
        writer.write(validFrom &- moment.time)
        writer.write(validUntil == .max)
        if validUntil != .max { writer.write(validUntil &- moment.time) }
        previous = self
    }

    fileprivate init(
        from reader: inout SnapshotReader, after previous: inout StateChange, texts: Int,
        lists: Int
    ) throws(MalformedSnapshot) {
        let time = previous.moment.time &+ (try reader.integer())
        let index = previous.moment.index &+ UInt64(bitPattern: try reader.integer())
        guard let type = EventType(rawValue: UInt8(try reader.index(below: 256))) else {
            throw MalformedSnapshot()
        }
        self.init(Moment(time: time, index: index), type)
        party = try reader.optional { reader throws(MalformedSnapshot) in
            try reader.text(of: texts)
        }
        reference = try reader.optional { reader throws(MalformedSnapshot) in
            try reader.text(of: texts)
        }
        listCount = UInt16(try reader.index(below: min(lists, Int(UInt16.max)) + 1))
        if listCount > 0 {
            listStart = Int32(try reader.index(below: lists - Int(listCount) + 1))
        }
        validFrom = time &+ (try reader.integer())
        if try !reader.flag() { validUntil = time &+ (try reader.integer()) }
        previous = self
    }
}

extension SnapshotWriter {
    fileprivate mutating func write(_ text: InternedID) { write(count: Int(text.rawValue)) }

    fileprivate mutating func write(_ moment: Moment) {
        write(moment.time)
        write(moment.index)
    }
}

extension SnapshotReader {
    fileprivate mutating func text(of count: Int) throws(MalformedSnapshot) -> InternedID {
        InternedID(Int32(try index(below: count)))
    }

    fileprivate mutating func moment() throws(MalformedSnapshot) -> Moment {
        let time = try integer()
        return Moment(time: time, index: try number())
    }
}
