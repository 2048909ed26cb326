// SPDX-License-Identifier: Apache-2.0

extension Double {
    /// The number with at most so many significant digits, as C's `%g` writes it.
    func decimalText(significantDigits: Int) -> String {
        if isNaN { return sign == .minus ? "-nan" : "nan" }
        if isInfinite { return self < 0 ? "-inf" : "inf" }
        if self == 0 { return sign == .minus ? "-0" : "0" }
        var (digits, exponent) = magnitude.decimalDigits
        if digits.count > significantDigits {
            exponent += Double.round(&digits, to: significantDigits)
        }
        while digits.count > 1, digits.last == 0 { digits.removeLast() }
        let text = digits.map { String($0) }.joined()
        let sign = self < 0 ? "-" : ""
        if exponent < -4 || exponent >= significantDigits {
            let fraction = digits.count > 1 ? "." + text.dropFirst() : ""
            let size = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
            return sign + text.prefix(1) + fraction + "e" + (exponent < 0 ? "-" : "+") + size
        }
        if exponent < 0 {
            return sign + "0." + String(repeating: "0", count: -exponent - 1) + text
        }
        let whole = exponent + 1
        if digits.count <= whole {
            return sign + text + String(repeating: "0", count: whole - digits.count)
        }
        return sign + text.prefix(whole) + "." + text.dropFirst(whole)
    }

    /// The shortest digits that name the number, and the power of ten of the first.
    private var decimalDigits: (digits: [Int], exponent: Int) {
        var digits: [Int] = []
        var exponent = 0
        var pointAt: Int?
        var bytes = Array(description.utf8)[...]
        if let mark = bytes.firstIndex(of: UInt8(ascii: "e")) {
            exponent = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) ?? 0
            bytes = bytes[..<mark]
        }
        for byte in bytes {
            if byte == UInt8(ascii: ".") {
                pointAt = digits.count
            } else {
                digits.append(Int(byte) - 48)
            }
        }
        exponent += (pointAt ?? digits.count) - 1
        while digits.count > 1, digits.first == 0 {
            digits.removeFirst()
            exponent -= 1
        }
        return (digits, exponent)
    }

    /// Rounds digits half to even; returns 1 if that carried into a new first digit.
    private static func round(_ digits: inout [Int], to count: Int) -> Int {
        let rest = digits[count...]
        let isTie = rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
        let up = isTie ? digits[count - 1] % 2 == 1 : (rest.first ?? 0) >= 5
        digits.removeLast(digits.count - count)
        guard up else { return 0 }
        var index = count - 1
        while index >= 0 {
            if digits[index] < 9 {
                digits[index] += 1
                return 0
            }
            digits[index] = 0
            index -= 1
        }
        digits.insert(1, at: 0)
        digits.removeLast()
        return 1
    }
}
