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
        case .date: return day(bytes, "-", digits: [4, 2, 2], year: 0, month: 1, day: 2)
        // A spreadsheet leaves leading zeros out.
        case .americanDate: return day(bytes, "/", digits: [2, 2, 4], year: 2, month: 0, day: 1)
        case .frenchDate: return day(bytes, "/", digits: [2, 2, 4], year: 2, month: 1, day: 0)
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
        _ text: [UInt8], _ separator: Character, digits: [Int], year: Int, month: Int, day: Int
    ) -> Int64? {
        let mark = separator.asciiValue ?? 0
        let parts = text.split(separator: mark, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var padded: [String] = []
        for (part, count) in zip(parts, digits) {
            guard part.allSatisfy({ (0x30...0x39).contains($0) }),
                part.count == count || part.count == 1 && separator == "/" && count == 2
            else { return nil }
            let zeros = String(repeating: "0", count: count - part.count)
            padded.append(zeros + String(decoding: part, as: UTF8.self))
        }
        let joined = [padded[year], padded[month], padded[day]].joined(separator: "-")
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
