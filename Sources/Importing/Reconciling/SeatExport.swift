// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TransparencyLog

/// What one seat did on one day, of one kind.
struct SeatDay: Hashable, Comparable, Sendable {
    var seat: String
    /// Days since 1970.
    var day: Int
    var type: String

    static func < (lhs: SeatDay, rhs: SeatDay) -> Bool {
        (lhs.day, lhs.seat, lhs.type) < (rhs.day, rhs.seat, rhs.type)
    }
}

/// A vendor's export, read: how often each seat did what on each day, or which seats are billed.
public struct SeatExport: Sendable {
    /// The records that could not be read, and why; then nothing is compared.
    public private(set) var faults: [ImportFault] = []
    /// The map that it was read by.
    public let map: SeatMap
    var counts: [SeatDay: Int64] = [:]
    var seats: Set<String> = []
    /// The days that it speaks of.
    var days: ClosedRange<Int>?

    /// Whether no row was read: there is nothing to compare.
    public var isEmpty: Bool { seats.isEmpty && counts.isEmpty }

    /// Reads a CSV export.
    public init(_ bytes: [UInt8], map: SeatMap) {
        self.map = map
        let reader = ValueReader(pseudonyms: PseudonymTable())
        let export = ForeignFormat.csv.export(bytes, separator: map.separator)
        do throws(ImportFault) {
            try export.checkHeading(needed: map.needed, map.knows)
        } catch {
            faults.append(error.naming(only: map.declares))
            return
        }
        for result in export.records {
            do throws(ImportFault) {
                try add(try result.get(), reader)
            } catch {
                faults.append(error.naming(only: map.declares))
            }
        }
    }

    private mutating func add(
        _ record: ForeignRecord, _ reader: ValueReader
    ) throws(ImportFault) {
        if let unknown = record.fields.first(where: { !map.knows($0.name) }) {
            throw ImportFault(
                .unmappedField, line: record.line, column: unknown.column, field: unknown.name)
        }
        guard let seat = try reader.text(map.seat, record)?.text else {
            throw ImportFault(.missingField, line: record.line, field: map.seat.from ?? "seat")
        }
        guard let dayRule = map.day else {
            guard seats.insert(seat).inserted else {
                throw ImportFault(.repeatedEvent, line: record.line)
            }
            return
        }
        guard case .instant(let instant)? = try reader.value(.occurredAt, dayRule, record) else {
            throw ImportFault(.missingField, line: record.line, field: dayRule.from ?? "day")
        }
        // A date is a day already; an instant falls on one of the vendor's.
        let day = (dayRule.reading.isDay ? SeatMap.Zone.utc : map.zone).day(of: instant)
        // The last hour of the year 9999 is of a day in Paris that no date is written for.
        guard Timestamp.range.contains(Int64(day) * 86_400_000) else {
            throw ImportFault(.wrongKind, line: record.line, field: dayRule.from ?? "day")
        }
        var found: [SeatDay: Int64] = [:]
        for (type, column) in map.counts {
            guard let field = record[column] else {
                throw ImportFault(.missingField, line: record.line, field: column)
            }
            guard let count = ValueReader.integer(field.value), (0..<1 << 32).contains(count) else {
                throw ImportFault(
                    .wrongKind, line: record.line, column: field.column, field: column)
            }
            found[SeatDay(seat: seat, day: day, type: type)] = count
        }
        // A seat and a day stand once: which of two lines holds is not for this program to say.
        guard found.keys.allSatisfy({ counts[$0] == nil }) else {
            throw ImportFault(.repeatedEvent, line: record.line)
        }
        counts.merge(found) { first, _ in first }
        days = min(days?.lowerBound ?? day, day)...max(days?.upperBound ?? day, day)
    }
}
