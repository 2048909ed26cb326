// SPDX-License-Identifier: Apache-2.0

/// An identifier that names a person outside the log, and must never be in it (rule R10).
public enum DirectIdentifier: String, CaseIterable, Hashable, Sendable {
    /// A social-security number (NIR): 13 characters of plausible structure, or 15 with its key.
    case nir
    /// An e-mail address.
    case email
    /// A French telephone number.
    case phone

    /// The first direct identifier in a text, if there is one.
    ///
    /// Digits may be grouped by single spaces, full stops or hyphens. What touches a letter or
    /// another digit is not a candidate, so that hashes and pseudonyms are not accused.
    ///
    /// - Complexity: Linear in the length of the text.
    public static func find(in text: RawSpan) -> DirectIdentifier? {
        let bytes = ByteCensus(text)
        if bytes.hasAtSign {
            for offset in text.byteOffsets where text.byte(offset) == UInt8(ascii: "@") {
                if isEmail(text, at: offset) { return .email }
            }
        }
        // Corsica's numbers have a letter in place of a digit; nothing shorter has ten digits.
        guard bytes.digitCount >= 10 else { return nil }
        for offset in text.byteOffsets where isStart(text, offset) {
            if let found = number(in: text, from: offset) { return found }
        }
        return nil
    }

    // MARK: Numbers

    private static func isStart(_ text: RawSpan, _ offset: Int) -> Bool {
        let byte = text.byte(offset)
        guard isDigit(byte) || byte == UInt8(ascii: "+") else { return false }
        return offset == 0 || !isAlphanumeric(text.byte(offset - 1))
    }

    /// Reads digits group by group, and asks at the end of each group what they would be.
    private static func number(in text: RawSpan, from start: Int) -> DirectIdentifier? {
        var digits = DigitString()
        var offset = start
        if text.byte(start) == UInt8(ascii: "+") {
            digits.isInternational = true
            offset += 1
        }
        while offset < text.byteCount, digits.count <= 15 {
            guard digits.append(text.byte(offset)) else { return nil }
            offset += 1
            let isLast = offset == text.byteCount
            if isLast || !isAlphanumeric(text.byte(offset)) {
                if let found = digits.meaning { return found }
                guard !isLast, isSeparator(text.byte(offset)) else { return nil }
                offset += 1
            }
        }
        return nil
    }

    // MARK: Addresses

    private static func isEmail(_ text: RawSpan, at sign: Int) -> Bool {
        guard sign > 0, isLocal(text.byte(sign - 1)) else { return false }
        var labelLength = 0
        var hasDot = false
        for offset in (sign + 1)..<max(text.byteCount, sign + 1) {
            let byte = text.byte(offset)
            if byte == UInt8(ascii: "."), labelLength > 0 {
                (hasDot, labelLength) = (true, 0)
            } else if isAlphanumeric(byte) || byte == UInt8(ascii: "-") {
                labelLength += 1
                if hasDot, labelLength >= 2 { return true }
            } else {
                return false
            }
        }
        return false
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "._%+-!#$&'*/=?^`{|}~\"".utf8.contains(byte)
    }

    fileprivate static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte >= 0x80
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }
}

/// The digits of a candidate, without their separators.
private struct DigitString {
    var value: UInt64 = 0
    var count = 0
    var isInternational = false
    /// The letter of a department of Corsica, `2A` or `2B`.
    var corsica: UInt8?

    /// Adds a digit, or the letter of Corsica at its place.
    mutating func append(_ byte: UInt8) -> Bool {
        if DirectIdentifier.isDigit(byte) {
            value = value &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
        } else if count == 6, value % 10 == 2,
            byte == UInt8(ascii: "A") || byte == UInt8(ascii: "B")
        {
            // The official rule: 2A counts as 19, 2B as 18.
            corsica = byte
            value = (value / 10) &* 100 &+ (byte == UInt8(ascii: "A") ? 19 : 18)
        } else {
            return false
        }
        count += 1
        return true
    }

    var meaning: DirectIdentifier? {
        switch (isInternational, count) {
        case (true, 11): value / 1_000_000_000 == 33 && national >= 1 ? .phone : nil
        case (false, 10): value >= 100_000_000 && value < 1_000_000_000 ? .phone : nil
        case (false, 13): value / 1_000_000_000_000 != 0 && isPlausible(value) ? .nir : nil
        case (false, 15):
            isPlausible(value / 100) && 97 - value / 100 % 97 == value % 100 ? .nir : nil
        default: nil
        }
    }

    /// The first digit of the national number of an international one.
    private var national: UInt64 { value / 100_000_000 % 10 }

    /// Whether 13 digits have the structure of a NIR: sex, year, month, department, the rest.
    private func isPlausible(_ number: UInt64) -> Bool {
        let sex = number / 1_000_000_000_000
        let month = number / 100_000_000 % 100
        let department = number / 1_000_000 % 100
        let isMonth = (1...12).contains(month) || (20...42).contains(month) || month >= 50
        return [1, 2, 3, 4, 7, 8].contains(sex) && isMonth && department >= 1
            && number / 1_000 % 1_000 != 0 && number % 1_000 != 0
    }
}

/// What a text holds, counted eight bytes at a time, so that most need no closer look.
private struct ByteCensus {
    var digitCount = 0
    var hasAtSign = false

    init(_ text: RawSpan) {
        let count = text.byteCount
        var offset = 0
        while offset &+ 8 <= count {
            add(unsafe text.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < count {
            rest = rest &<< 8 | UInt64(text.byte(offset))
            offset &+= 1
        }
        add(rest)
    }

    // The high bit of each byte says the answer; sums of seven bits cannot reach the next byte.
    private mutating func add(_ word: UInt64) {
        let high: UInt64 = 0x8080_8080_8080_8080
        let low = word & ~high
        let from0 = low &+ 0x5050_5050_5050_5050
        let above9 = low &+ 0x4646_4646_4646_4646
        // One bit a byte, summed by a product: the baseline of x86-64 has no instruction for it.
        let digits = (from0 & ~above9 & ~word & high) &>> 7
        digitCount &+= Int((digits &* 0x0101_0101_0101_0101) &>> 56)
        let differs = (low ^ 0x4040_4040_4040_4040) &+ 0x7F7F_7F7F_7F7F_7F7F | word
        if ~differs & high != 0 { hasAtSign = true }
    }
}

extension RawSpan {
    fileprivate func byte(_ offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
