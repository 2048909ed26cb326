// SPDX-License-Identifier: Apache-2.0

/// Reads a line that holds one JSON object (RFC 8259), and lays it flat.
///
/// A member of an object is named `object.member`, an item of an array `array.0`. A name that holds
/// a full stop would be taken for another, and is refused. Numbers stay as they are written, `null`
/// is an empty value, and an object or array with nothing in it is a hollow field.
struct JSONLineReader {
    private static let depthMax = 16
    private let bytes: [UInt8]
    private var place = 0
    private var record: ForeignRecord

    init(_ bytes: [UInt8], line: Int) {
        self.bytes = bytes
        record = ForeignRecord(line: line)
    }

    mutating func read() throws(ImportFault) -> ForeignRecord {
        skipSpace()
        guard peek == UInt8(ascii: "{") else { throw fault }
        try value("", 0)
        skipSpace()
        guard place == bytes.count else { throw fault }
        return record
    }

    private var fault: ImportFault {
        ImportFault(.malformedRecord, line: record.line, column: place + 1)
    }

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ byte: UInt8) throws(ImportFault) {
        guard peek == byte else { throw fault }
        place += 1
    }

    private mutating func value(_ path: String, _ depth: Int) throws(ImportFault) {
        skipSpace()
        let column = place + 1
        switch peek {
        case UInt8(ascii: "{"): try members(path, depth)
        case UInt8(ascii: "["): try items(path, depth)
        case UInt8(ascii: "\""): try record.add(path, try string(), column: column)
        case UInt8(ascii: "t"): try word("true", path, "true")
        case UInt8(ascii: "f"): try word("false", path, "false")
        case UInt8(ascii: "n"): try word("null", path, "")
        default: try record.add(path, try number(), column: column)
        }
    }

    private mutating func word(
        _ word: String, _ path: String, _ value: String
    ) throws(ImportFault) {
        let column = place + 1
        for byte in word.utf8 { try take(byte) }
        try record.add(path, value, column: column)
    }

    private mutating func members(_ path: String, _ depth: Int) throws(ImportFault) {
        guard depth < Self.depthMax else { throw ImportFault(.tooLong, line: record.line) }
        var seen: Set<String> = []
        try take(UInt8(ascii: "{"))
        skipSpace()
        if peek == UInt8(ascii: "}") {
            place += 1
            if !path.isEmpty { try record.add(path, "", column: place - 1, isHollow: true) }
            return
        }
        while true {
            skipSpace()
            let column = place + 1
            let name = try string()
            guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: ".")) else { throw fault }
            let whole = path.isEmpty ? name : path + "." + name
            guard seen.insert(name).inserted else {
                throw ImportFault(
                    .duplicateField, line: record.line, column: column, field: whole)
            }
            skipSpace()
            try take(UInt8(ascii: ":"))
            try value(whole, depth + 1)
            skipSpace()
            if peek == UInt8(ascii: "}") { break }
            try take(UInt8(ascii: ","))
        }
        place += 1
    }

    private mutating func items(_ path: String, _ depth: Int) throws(ImportFault) {
        guard depth < Self.depthMax else { throw ImportFault(.tooLong, line: record.line) }
        try take(UInt8(ascii: "["))
        skipSpace()
        if peek == UInt8(ascii: "]") {
            place += 1
            try record.add(path, "", column: place - 1, isHollow: true)
            return
        }
        var number = 0
        while true {
            try value("\(path).\(number)", depth + 1)
            number += 1
            skipSpace()
            if peek == UInt8(ascii: "]") { break }
            try take(UInt8(ascii: ","))
        }
        place += 1
    }

    private mutating func number() throws(ImportFault) -> String {
        let start = place
        if peek == UInt8(ascii: "-") { place += 1 }
        let first = peek
        try digits()
        guard
            first != 0x30 || place == start + 1
                || bytes[start] == UInt8(ascii: "-")
                    && place == start + 2
        else { throw fault }
        if peek == UInt8(ascii: ".") {
            place += 1
            try digits()
        }
        if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
            place += 1
            if let sign = peek, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                place += 1
            }
            try digits()
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func digits() throws(ImportFault) {
        let start = place
        while let byte = peek, (0x30...0x39).contains(byte) { place += 1 }
        guard place > start else { throw fault }
    }

    private mutating func string() throws(ImportFault) -> String {
        try take(UInt8(ascii: "\""))
        var value: [UInt8] = []
        while let byte = peek {
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"): value += try escape().utf8
            case 0..<0x20: throw fault
            default: value.append(byte)
            }
        }
        throw fault
    }

    private mutating func escape() throws(ImportFault) -> String {
        guard let letter = peek else { throw fault }
        place += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return String(UnicodeScalar(letter))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexadecimal()
            if let scalar = UnicodeScalar(unit) { return String(scalar) }
            // A pair of surrogates, the higher first.
            guard (0xD800...0xDBFF).contains(unit) else { throw fault }
            try take(UInt8(ascii: "\\"))
            try take(UInt8(ascii: "u"))
            let low = try hexadecimal()
            guard (0xDC00...0xDFFF).contains(low),
                let scalar = UnicodeScalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            else { throw fault }
            return String(scalar)
        default: throw fault
        }
    }

    private mutating func hexadecimal() throws(ImportFault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw fault
            }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        return value
    }
}
