// SPDX-License-Identifier: Apache-2.0

/// The instants of time stamps: `YYYYMMDDhhmmss[.f…]Z`, with seconds, in UTC, without trailing
/// zeros (RFC 3161, section 2.4.2).
enum GeneralizedTime {
    /// Milliseconds since 1970, rounded down; nil if the text is not in the form.
    static func milliseconds(_ text: [UInt8]) -> Int64? {
        guard text.count >= 15, text.last == UInt8(ascii: "Z"),
            let year = number(text[0..<4]), let month = number(text[4..<6]),
            let day = number(text[6..<8]), let hour = number(text[8..<10]),
            let minute = number(text[10..<12]), let second = number(text[12..<14]),
            let fraction = fraction(text[14..<(text.count - 1)])
        else { return nil }
        guard year >= 1970, (1...12).contains(month), (1...days(in: month, of: year)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        // Days of the proleptic calendar, with years that begin in March.
        let shifted = month > 2 ? year : year - 1
        let march = (month + 9) % 12
        let dayNumber =
            365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * march + 2) / 5
            + day - 719_469
        return ((dayNumber * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + fraction
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        guard month == 2 else { return [4, 6, 9, 11].contains(month) ? 30 : 31 }
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        return value
    }

    /// The milliseconds of what follows the seconds.
    private static func fraction(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let first = text.first else { return 0 }
        let digits = text.dropFirst()
        guard first == UInt8(ascii: "."), (1...9).contains(digits.count), digits.last != 0x30,
            number(digits) != nil
        else { return nil }
        let padded = (Array(digits) + [0x30, 0x30]).prefix(3)
        return number(padded[...])
    }
}
