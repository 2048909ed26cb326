// SPDX-License-Identifier: Apache-2.0

/// Cedar's instants and lengths of time, in milliseconds.
enum TimeText {
    static let millisecondsPerDay: Int64 = 86_400_000

    /// Reads `YYYY-MM-DD`, or that with `Thh:mm:ss`, optional `.sss`, and `Z` or `±hhmm`.
    static func parseDatetime(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = number(bytes, 0, 4), let month = number(bytes, 5, 2),
            let day = number(bytes, 8, 2), (1...12).contains(month),
            (1...daysInMonth(year, month)).contains(day)
        else { return nil }
        let date = daysSinceEpoch(year, month, day) * millisecondsPerDay
        if bytes.count == 10 { return date }
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let hour = number(bytes, 11, 2), hour < 24,
            let minute = number(bytes, 14, 2), minute < 60,
            let second = number(bytes, 17, 2), second < 60
        else { return nil }
        var position = 19
        var milliseconds: Int64 = 0
        if bytes[19] == UInt8(ascii: ".") {
            guard let fraction = number(bytes, 20, 3) else { return nil }
            milliseconds = fraction
            position = 23
        }
        guard let offset = parseOffset(bytes[position...]) else { return nil }
        let time = ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
        return date + time - offset
    }

    /// Reads `Z` or `±hhmm` as milliseconds east of Greenwich.
    private static func parseOffset(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let bytes = Array(bytes)
        if bytes == [UInt8(ascii: "Z")] { return 0 }
        guard bytes.count == 5, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            let hour = number(bytes, 1, 2), let minute = number(bytes, 3, 2), hour < 24,
            minute < 60
        else { return nil }
        let offset = (hour * 60 + minute) * 60_000
        return bytes[0] == UInt8(ascii: "-") ? -offset : offset
    }

    private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int64? {
        guard start + count <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[start..<start + count] {
            guard byte >= 48, byte <= 57 else { return nil }
            value = value * 10 + Int64(byte - 48)
        }
        return value
    }

    private static func daysInMonth(_ year: Int64, _ month: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days of the proleptic Gregorian calendar, counted from 1970-01-01.
    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Reads `-?` and then days, hours, minutes, seconds and milliseconds in this order.
    static func parseDuration(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        let isNegative = bytes.first == UInt8(ascii: "-")
        var position = isNegative ? 1 : 0
        guard position < bytes.count else { return nil }
        let units: [(name: [UInt8], milliseconds: UInt64)] = [
            (Array("d".utf8), 86_400_000), (Array("h".utf8), 3_600_000),
            (Array("m".utf8), 60_000), (Array("s".utf8), 1000), (Array("ms".utf8), 1),
        ]
        var total: Int64 = 0
        var nextUnit = 0
        while position < bytes.count {
            guard let count = digits(bytes, &position) else { return nil }
            let start = position
            while position < bytes.count, bytes[position] > 57 { position += 1 }
            let name = Array(bytes[start..<position])
            guard let unit = units[nextUnit...].firstIndex(where: { $0.name == name }),
                let sum = add(total, count, units[unit].milliseconds, isNegative)
            else { return nil }
            total = sum
            nextUnit = unit + 1
        }
        return total
    }

    private static func digits(_ bytes: [UInt8], _ position: inout Int) -> UInt64? {
        let start = position
        var value: UInt64 = 0
        while position < bytes.count, bytes[position] >= 48, bytes[position] <= 57 {
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(UInt64(bytes[position] - 48))
            if overflow || carry { return nil }
            value = sum
            position += 1
        }
        return position > start ? value : nil
    }

    private static func add(
        _ total: Int64, _ count: UInt64, _ unit: UInt64, _ isNegative: Bool
    ) -> Int64? {
        let (magnitude, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        if isNegative {
            guard magnitude <= UInt64(Int64.max) + 1 else { return nil }
            let amount = magnitude == UInt64(Int64.max) + 1 ? Int64.min : -Int64(magnitude)
            let (sum, carry) = total.addingReportingOverflow(amount)
            return carry ? nil : sum
        }
        guard let amount = Int64(exactly: magnitude) else { return nil }
        let (sum, carry) = total.addingReportingOverflow(amount)
        return carry ? nil : sum
    }

    /// Midnight of the instant's day; nil if that is before the first instant.
    static func startOfDay(_ instant: Int64) -> Int64? {
        let (day, overflow) = instant.subtractingReportingOverflow(timeOfDay(instant))
        return overflow ? nil : day
    }

    /// The milliseconds since midnight.
    static func timeOfDay(_ instant: Int64) -> Int64 {
        let rest = instant % millisecondsPerDay
        return rest < 0 ? rest + millisecondsPerDay : rest
    }
}
