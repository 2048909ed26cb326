// SPDX-License-Identifier: Apache-2.0

/// Cedar's decimals: a 64-bit number of ten-thousandths.
enum DecimalText {
    /// Reads `-?digits.digits`, one to four of them after the point.
    static func parse(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        let isNegative = bytes.first == UInt8(ascii: "-")
        let digits = bytes[(isNegative ? 1 : 0)...]
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, (1...4).contains(parts[1].count) else {
            return nil
        }
        var value: Int64 = 0
        var fraction = Array(parts[1])
        while fraction.count < 4 { fraction.append(48) }
        for byte in parts[0] + fraction {
            guard byte >= 48, byte <= 57 else { return nil }
            let digit = Int64(byte - 48)
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                isNegative
                ? scaled.subtractingReportingOverflow(digit)
                : scaled.addingReportingOverflow(digit)
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    /// The shortest text with at least one digit after the point.
    static func format(_ value: Int64) -> String {
        let magnitude = value.magnitude
        var fraction = String(magnitude % 10_000)
        fraction = String(repeating: "0", count: 4 - fraction.utf8.count) + fraction
        while fraction.utf8.count > 1, fraction.utf8.last == 48 { fraction.removeLast() }
        return "\(value < 0 ? "-" : "")\(magnitude / 10_000).\(fraction)"
    }
}
