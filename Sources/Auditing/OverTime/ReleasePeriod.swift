// SPDX-License-Identifier: Apache-2.0

import AuditEvents

/// The days that a summary speaks of, as `table_spec` begins: `2026-10`, `2026-10..2027-03`,
/// `2026-Q4`, `2026-W41`, or two dates, `2026-10-01..2026-10-30`, which no menu offers.
struct ReleasePeriod {
    let first: Int
    let last: Int

    /// Both days in one number, as the evaluator of releases reads them.
    var number: Int64 { Int64(first) << 24 | Int64(last) }

    init?(_ tableSpec: String) {
        let text = tableSpec.prefix { $0 != " " }
        let ends = text.split(separator: ".", omittingEmptySubsequences: true)
        guard let start = ends.first.flatMap(Self.days), ends.count <= 2,
            let end = ends.last.flatMap(Self.days), start.lowerBound <= end.upperBound
        else { return nil }
        (first, last) = (start.lowerBound, end.upperBound)
    }

    /// The days of a month, a quarter, an ISO week or a date.
    private static func days(_ text: Substring) -> ClosedRange<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0].utf8.count == 4, let year = Int(parts[0]),
            (1_970...9_000).contains(year)
        else { return nil }
        func days(_ first: Int, months: Int) -> ClosedRange<Int> {
            let start = CivilDate(year: year, month: first, day: 1)
            return start.daysSinceEpoch...(start.adding(months: months).daysSinceEpoch - 1)
        }
        if parts.count == 3, let month = Int(parts[1]), let day = Int(parts[2]),
            (1...12).contains(month), (1...31).contains(day)
        {
            let number = CivilDate(year: year, month: month, day: day).daysSinceEpoch
            return number...number
        }
        guard parts.count == 2, let number = Int(parts[1].filter { $0.isNumber }) else {
            return nil
        }
        switch parts[1].utf8.first {
        case UInt8(ascii: "Q") where (1...4).contains(number):
            return days(number * 3 - 2, months: 3)
        case UInt8(ascii: "W") where (1...53).contains(number):
            let january = CivilDate(year: year, month: 1, day: 4)
            let monday = january.daysSinceEpoch - january.weekday + 1 + (number - 1) * 7
            return monday...(monday + 6)
        case UInt8(ascii: "0"), UInt8(ascii: "1"):
            return (1...12).contains(number) ? days(number, months: 1) : nil
        default: return nil
        }
    }
}
