// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a JSON text.
struct JSONFault: Error {
    let reason: String
}

/// A strict reader of RFC 8259.
struct JSONParser {
    let source: Source
    private let bytes: [UInt8]
    private(set) var position = 0
    private var depth = 0

    init(_ source: Source) {
        self.source = source
        bytes = source.bytes
    }

    mutating func parseDocument() throws(JSONFault) -> LocatedJSON {
        let value = try parseValue()
        skipSpace()
        if position < bytes.count { throw JSONFault(reason: "text after the value") }
        return value
    }

    private mutating func skipSpace() {
        while position < bytes.count, [32, 9, 10, 13].contains(bytes[position]) { position += 1 }
    }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func accept(_ expected: UInt8) -> Bool {
        guard byte == expected else { return false }
        position += 1
        return true
    }

    private mutating func parseValue() throws(JSONFault) -> LocatedJSON {
        skipSpace()
        let start = position
        let kind = try parseKind()
        return LocatedJSON(kind, SourceSpan(lower: start, upper: position))
    }

    private mutating func parseKind() throws(JSONFault) -> LocatedJSON.Kind {
        switch byte {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case nil: throw JSONFault(reason: "unexpected end of text")
        default: return try parseNumber()
        }
    }

    private mutating func parseWord(
        _ word: String, _ value: LocatedJSON.Kind
    ) throws(JSONFault) -> LocatedJSON.Kind {
        guard bytes[position...].starts(with: word.utf8) else {
            throw JSONFault(reason: "unexpected character")
        }
        position += word.utf8.count
        return value
    }

    private mutating func descend() throws(JSONFault) {
        depth += 1
        position += 1
        if depth > JSONValue.maximumDepth { throw JSONFault(reason: "nesting is too deep") }
        skipSpace()
    }

    private mutating func parseObject() throws(JSONFault) -> LocatedJSON.Kind {
        try descend()
        defer { depth -= 1 }
        var members: [LocatedJSON.Member] = []
        var seen: Set<Text> = []
        if accept(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw JSONFault(reason: "a key is expected") }
            let start = position
            let key = try parseString()
            let keySpan = SourceSpan(lower: start, upper: position)
            if !seen.insert(Text(key)).inserted {
                throw JSONFault(reason: "the key `\(key)` occurs two or more times in an object")
            }
            skipSpace()
            guard accept(UInt8(ascii: ":")) else { throw JSONFault(reason: "`:` is expected") }
            members.append(
                LocatedJSON.Member(key: key, keySpan: keySpan, value: try parseValue()))
            skipSpace()
        } while accept(UInt8(ascii: ","))
        guard accept(UInt8(ascii: "}")) else { throw JSONFault(reason: "`}` is expected") }
        return .object(members)
    }

    private mutating func parseArray() throws(JSONFault) -> LocatedJSON.Kind {
        try descend()
        defer { depth -= 1 }
        var elements: [LocatedJSON] = []
        if accept(UInt8(ascii: "]")) { return .array([]) }
        repeat {
            elements.append(try parseValue())
            skipSpace()
        } while accept(UInt8(ascii: ","))
        guard accept(UInt8(ascii: "]")) else { throw JSONFault(reason: "`]` is expected") }
        return .array(elements)
    }

    private mutating func parseNumber() throws(JSONFault) -> LocatedJSON.Kind {
        let start = position
        _ = accept(UInt8(ascii: "-"))
        let first = position
        skipDigits()
        guard position > first, position == first + 1 || bytes[first] != UInt8(ascii: "0") else {
            throw JSONFault(reason: "unexpected character")
        }
        var isInteger = true
        if accept(UInt8(ascii: ".")) {
            isInteger = false
            let fraction = position
            skipDigits()
            if position == fraction { throw JSONFault(reason: "a digit is expected") }
        }
        if accept(UInt8(ascii: "e")) || accept(UInt8(ascii: "E")) {
            isInteger = false
            _ = accept(UInt8(ascii: "+")) || accept(UInt8(ascii: "-"))
            let exponent = position
            skipDigits()
            if position == exponent { throw JSONFault(reason: "a digit is expected") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .int(value) }
        return .otherNumber(text)
    }

    private mutating func skipDigits() {
        while let byte, Lexer.isDigit(byte) { position += 1 }
    }

    private mutating func parseString() throws(JSONFault) -> String {
        position += 1
        var output: [UInt8] = []
        while let next = byte {
            position += 1
            switch next {
            case UInt8(ascii: "\""): return String(decoding: output, as: UTF8.self)
            case UInt8(ascii: "\\"): try parseEscape(into: &output)
            case 0..<32: throw JSONFault(reason: "a control character in a text")
            default: output.append(next)
            }
        }
        throw JSONFault(reason: "a text without end")
    }

    private mutating func parseEscape(into output: inout [UInt8]) throws(JSONFault) {
        guard let kind = byte else { throw JSONFault(reason: "a text without end") }
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(kind)
        case UInt8(ascii: "b"): output.append(8)
        case UInt8(ascii: "f"): output.append(12)
        case UInt8(ascii: "n"): output.append(10)
        case UInt8(ascii: "r"): output.append(13)
        case UInt8(ascii: "t"): output.append(9)
        case UInt8(ascii: "u"):
            var code = try parseHex()
            if (0xD800..<0xDC00).contains(code), accept(UInt8(ascii: "\\")) {
                guard accept(UInt8(ascii: "u")) else {
                    throw JSONFault(reason: "half of a surrogate pair")
                }
                let low = try parseHex()
                guard (0xDC00..<0xE000).contains(low) else {
                    throw JSONFault(reason: "half of a surrogate pair")
                }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw JSONFault(reason: "half of a surrogate pair")
            }
            output += Array(String(scalar).utf8)
        default: throw JSONFault(reason: "an unknown escape")
        }
    }

    private mutating func parseHex() throws(JSONFault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte, let digit = StringEscapes.hexDigit(byte) else {
                throw JSONFault(reason: "four hexadecimal digits are expected")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
