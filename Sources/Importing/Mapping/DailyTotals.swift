// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TransparencyLog

/// The sums of an export's columns by day: what a vendor claims of a day, with nobody in it.
struct DailyTotals {
    private let map: ImportMap
    private var sums: [Int64: [Int64]] = [:]
    private var firstLines: [Int64: Int] = [:]

    /// Totals, if the map asks for them.
    init?(_ map: ImportMap?) {
        guard let map, !map.sums.isEmpty else { return nil }
        self.map = map
    }

    mutating func add(_ record: ForeignRecord, _ reader: ValueReader) throws(ImportFault) {
        guard
            case .instant(let instant)? = try reader.value(.occurredAt, map.occurredAt, record)
        else {
            throw ImportFault(.missingField, line: record.line, field: map.occurredAt.from ?? "")
        }
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
        let day = instant / 86_400_000 * 86_400_000
        firstLines[day] = firstLines[day] ?? record.line
        var total = sums[day] ?? [Int64](repeating: 0, count: counts.count)
        for place in counts.indices {
            guard total[place] + counts[place] < 1 << 40 else {
                throw ImportFault(.wrongKind, line: record.line, field: map.sums[place].column)
            }
            total[place] += counts[place]
        }
        sums[day] = total
    }

    /// A claim for each day and column; its value is in ten-thousandths, as of every claim.
    var events: [ImportedEvent] {
        sums.sorted { $0.key < $1.key }.flatMap { day, totals in
            zip(map.sums, totals).map { sum, total in
                let draft = EventDraft(
                    "claim.register",
                    [
                        .reference: .text(sum.reference), .value: .integer(total * 10_000),
                        .evidence: .text("imported"),
                    ])
                let date = Timestamp.format(day).prefix(10)
                return ImportedEvent(
                    draft: draft, id: "imp-\(sum.reference)-\(date)", source: map.source,
                    occurredAt: day, line: firstLines[day] ?? 1)
            }
        }
    }
}
