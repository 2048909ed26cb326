// SPDX-License-Identifier: Apache-2.0

/// The escapes of Cedar's string literals, which are those of Rust, and `\*` in patterns.
enum StringEscapes {
    /// One unescaped unit of a literal.
    enum Unit {
        case scalar(Unicode.Scalar)
        /// An unescaped `*`.
        case star
        /// The span of a malformed escape.
        case malformed(SourceSpan)
    }

    /// Unescapes the bytes between the quotes of a literal, unit by unit.
    static func decode(_ bytes: ArraySlice<UInt8>, isPattern: Bool) -> [Unit] {
        var units: [Unit] = []
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\\") {
                let isStarEscape = bytes[position...].dropFirst().first == UInt8(ascii: "*")
                let unit = escape(bytes, &position, isPattern: isPattern)
                // A star is a wildcard however it is written, unless as `\*`.
                if case .scalar("*") = unit, isPattern, !isStarEscape {
                    units.append(.star)
                } else {
                    units.append(unit)
                }
            } else if byte == UInt8(ascii: "\r") {
                units.append(.malformed(SourceSpan(lower: position, upper: position + 1)))
                position += 1
            } else if byte == UInt8(ascii: "*"), isPattern {
                units.append(.star)
                position += 1
            } else {
                let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
                let end = min(position + length, bytes.endIndex)
                let piece = String(decoding: bytes[position..<end], as: UTF8.self)
                units.append(contentsOf: piece.unicodeScalars.map(Unit.scalar))
                position = end
            }
        }
        return units
    }

    private static func escape(
        _ bytes: ArraySlice<UInt8>, _ position: inout Int, isPattern: Bool
    ) -> Unit {
        let start = position
        position += 1
        guard position < bytes.endIndex else {
            return .malformed(SourceSpan(lower: start, upper: position))
        }
        let kind = bytes[position]
        position += 1
        switch kind {
        case UInt8(ascii: "n"): return .scalar("\n")
        case UInt8(ascii: "r"): return .scalar("\r")
        case UInt8(ascii: "t"): return .scalar("\t")
        case UInt8(ascii: "0"): return .scalar("\0")
        case UInt8(ascii: "\\"): return .scalar("\\")
        case UInt8(ascii: "'"): return .scalar("'")
        case UInt8(ascii: "\""): return .scalar("\"")
        case UInt8(ascii: "*") where isPattern: return .scalar("*")
        case UInt8(ascii: "x"): return byteEscape(bytes, &position, start)
        case UInt8(ascii: "u"): return unicodeEscape(bytes, &position, start)
        default:
            while position < bytes.endIndex, bytes[position] & 0xC0 == 0x80 { position += 1 }
            return .malformed(SourceSpan(lower: start, upper: position))
        }
    }

    /// `\x` and two hexadecimal digits, at most 7F.
    private static func byteEscape(
        _ bytes: ArraySlice<UInt8>, _ position: inout Int, _ start: Int
    ) -> Unit {
        let end = min(position + 2, bytes.endIndex)
        let digits = bytes[position..<end].compactMap(hexDigit)
        position = end
        guard digits.count == 2, digits[0] < 8 else {
            return .malformed(SourceSpan(lower: start, upper: end))
        }
        return .scalar(Unicode.Scalar(UInt8(digits[0] << 4 | digits[1])))
    }

    /// `\u{…}`: one to six hexadecimal digits, with underscores after the first.
    private static func unicodeEscape(
        _ bytes: ArraySlice<UInt8>, _ position: inout Int, _ start: Int
    ) -> Unit {
        guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "{") else {
            return .malformed(SourceSpan(lower: start, upper: position))
        }
        let open = position
        position += 1
        var value: UInt32 = 0
        var count = 0
        var isWellFormed = true
        while position < bytes.endIndex, bytes[position] != UInt8(ascii: "}") {
            if let digit = hexDigit(bytes[position]) {
                count += 1
                if count <= 6 { value = value << 4 | UInt32(digit) }
            } else if bytes[position] != UInt8(ascii: "_") || count == 0 {
                isWellFormed = false
            }
            position += 1
        }
        let isClosed = position < bytes.endIndex
        position = isClosed ? position + 1 : open
        guard isWellFormed, isClosed, (1...6).contains(count), let scalar = Unicode.Scalar(value)
        else { return .malformed(SourceSpan(lower: start, upper: position)) }
        return .scalar(scalar)
    }

    static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case 48...57: Int(byte) - 48
        case 65...70: Int(byte) - 55
        case 97...102: Int(byte) - 87
        default: nil
        }
    }

    /// The text as a Cedar literal, with its quotes, as Cedar's own printer writes it.
    static func quoted(_ text: String) -> String { shown(text) }

    /// Escapes what does not print; a combining mark only at the start of the text.
    static func shown(_ text: String) -> String {
        var result = "\""
        var isFirst = true
        for scalar in text.unicodeScalars {
            result += escaped(scalar, isFirst: isFirst)
            isFirst = false
        }
        return result + "\""
    }

    /// One code point as it is written in a literal.
    static func escaped(_ scalar: Unicode.Scalar, isFirst: Bool = false) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case "\0": return "\\0"
        case "\\": return "\\\\"
        case "\"": return "\\\""
        case "'": return "\\'"
        default:
            let isHidden =
                !isPrintable(scalar) || isFirst && scalar.properties.isGraphemeExtend
            return isHidden ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
    }

    /// Whether a code point is shown as itself rather than as an escape.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }
}
