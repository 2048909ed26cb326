// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TransparencyLog

/// The sums of an export's columns by day: what a vendor claims of a day, with nobody in it.
///
/// A total is of all rows of its day, or there is none: a claim that the log holds already cannot be
/// put right by another import.
struct DailyTotals {
    private let map: ImportMap
    private var sums: [Int64: [Int64]] = [:]
    private var firstLines: [Int64: Int] = [:]
    /// The days of which a row was refused.
    private var spoilt: Set<Int64> = []
    /// Whether a row was refused that may be of any day.
    private var isSpoilt = false
    /// The greatest total: a claim's value is in ten-thousandths, and below 2^53.
    private static let totalMax: Int64 = ((1 << 53) - 1) / 10_000

    /// Totals, if the map asks for them.
    init?(_ map: ImportMap?) {
        guard let map, !map.sums.isEmpty else { return nil }
        self.map = map
    }

    /// The first moment of the day that a record is of.
    private func day(
        _ record: ForeignRecord, _ reader: ValueReader
    ) throws(ImportFault) -> Int64 {
        guard
            case .instant(let instant)? = try reader.value(.occurredAt, map.occurredAt, record)
        else {
            throw ImportFault(.missingField, line: record.line, field: map.occurredAt.from ?? "")
        }
        let rest = instant % 86_400_000
        return instant - (rest < 0 ? rest + 86_400_000 : rest)
    }

    /// Gives up the day of a record that was refused; all days, if that cannot be read.
    mutating func spoil(_ record: ForeignRecord, _ reader: ValueReader) {
        do throws(ImportFault) {
            spoilt.insert(try day(record, reader))
        } catch {
            // The fault of the record itself is said already.
            isSpoilt = true
        }
    }

    /// Gives up all days.
    mutating func spoil() { isSpoilt = true }

    mutating func add(_ record: ForeignRecord, _ reader: ValueReader) throws(ImportFault) {
        let day = try day(record, reader)
        var counts: [Int64] = []
        for sum in map.sums {
            guard let field = record[sum.column] else {
                throw ImportFault(.missingField, line: record.line, field: sum.column)
            }
            guard let count = ValueReader.integer(field.value), (0..<1 << 32).contains(count) else {
                throw ImportFault(
                    .wrongKind, line: record.line, column: field.column, field: sum.column)
            }
            counts.append(count)
        }
        firstLines[day] = firstLines[day] ?? record.line
        var total = sums[day] ?? [Int64](repeating: 0, count: counts.count)
        for place in counts.indices {
            guard total[place] + counts[place] <= Self.totalMax else {
                throw ImportFault(.wrongKind, line: record.line, field: map.sums[place].column)
            }
            total[place] += counts[place]
        }
        sums[day] = total
    }

    /// Adds a claim for each day and column, or why there is none.
    func conclude(_ outcome: inout Importer.Outcome, _ vocabulary: EventVocabulary) {
        for (day, totals) in sums.sorted(by: { $0.key < $1.key }) {
            let line = firstLines[day] ?? 1
            guard !isSpoilt, !spoilt.contains(day) else {
                outcome.faults.append(
                    ImportFault(.incompleteTotal, line: line, field: map.occurredAt.from ?? ""))
                continue
            }
            for (sum, total) in zip(map.sums, totals) {
                let draft = EventDraft(
                    "claim.register",
                    [.reference: .text(sum.reference), .value: .integer(total * 10_000)])
                let date = Timestamp.format(day).prefix(10)
                do throws(ImportFault) {
                    outcome.events.append(
                        try Importer.complete(
                            draft, id: "imp-\(sum.reference)-\(date)", source: map.source,
                            at: day, line, vocabulary))
                } catch {
                    outcome.faults.append(error)
                }
            }
        }
    }
}
