// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// Instants as other programs write them.
enum InstantText {
    /// Milliseconds since 1970; nil if the text is not in the form, or not a date of the calendar.
    static func parse(_ text: String, _ form: FieldRule.Reading) -> Int64? {
        let bytes = Array(text.utf8)
        switch form {
        case .rfc3339: return rfc3339(bytes)
        case .date: return day(bytes, year: 0, month: 5, day: 8, separator: "-")
        case .americanDate: return day(bytes, year: 6, month: 0, day: 3, separator: "/")
        case .frenchDate: return day(bytes, year: 6, month: 3, day: 0, separator: "/")
        case .epochSeconds:
            return ValueReader.integer(text).flatMap { seconds in
                let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
                return overflow || !Timestamp.range.contains(value) ? nil : value
            }
        case .epochMilliseconds:
            return ValueReader.integer(text).flatMap { Timestamp.range.contains($0) ? $0 : nil }
        default: return nil
        }
    }

    private static func day(
        _ text: [UInt8], year: Int, month: Int, day: Int, separator: Character
    ) -> Int64? {
        guard text.count == 10 else { return nil }
        let parts = [text[year..<(year + 4)], text[month..<(month + 2)], text[day..<(day + 2)]]
        let joined = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
        let marks = text.filter { !(0x30...0x39).contains($0) }
        guard marks.count == 2, marks.allSatisfy({ $0 == separator.asciiValue }) else {
            return nil
        }
        return Timestamp.parse(joined + "T00:00:00.000Z")
    }

    /// `YYYY-MM-DDTHH:MM:SS[.f…](Z|±HH:MM)`; digits beyond milliseconds are cut.
    private static func rfc3339(_ text: [UInt8]) -> Int64? {
        guard text.count >= 20 else { return nil }
        var place = 19
        var fraction: [UInt8] = []
        if text[place] == UInt8(ascii: ".") {
            let digits = text[(place + 1)...].prefix { (0x30...0x39).contains($0) }
            guard (1...9).contains(digits.count) else { return nil }
            fraction = Array(digits)
            place += 1 + digits.count
        }
        let milliseconds = (fraction + [0x30, 0x30, 0x30]).prefix(3)
        let local =
            String(decoding: text[..<19], as: UTF8.self) + "."
            + String(decoding: milliseconds, as: UTF8.self) + "Z"
        guard let instant = Timestamp.parse(local), let shift = zone(text[place...]) else {
            return nil
        }
        let value = instant - shift
        return Timestamp.range.contains(value) ? value : nil
    }

    /// How far a zone is ahead of UTC, in milliseconds.
    private static func zone(_ text: ArraySlice<UInt8>) -> Int64? {
        let bytes = Array(text)
        if bytes == [UInt8(ascii: "Z")] { return 0 }
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"),
            bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            [1, 2, 4, 5].allSatisfy({ (0x30...0x39).contains(bytes[$0]) })
        else { return nil }
        let number = { (place: Int) in
            Int64(bytes[place] - 0x30) * 10 + Int64(bytes[place + 1] - 0x30)
        }
        guard number(1) < 24, number(4) < 60 else { return nil }
        let shift = (number(1) * 60 + number(4)) * 60_000
        return bytes[0] == UInt8(ascii: "-") ? -shift : shift
    }
}

/// Digests in text.
enum SHA256Text {
    /// The digest of 64 lower-case hexadecimal digits.
    static func digest(_ text: String) -> SHA256Digest? { SHA256Digest(hex: text) }
}
