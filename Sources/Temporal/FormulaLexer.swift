// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// A token of a formula.
enum FormulaToken: Hashable {
    case word(String)
    case keyword(String)
    case symbol(String)
    case integer(Int)
    case float(Double)
    case duration(Int)
    case text([UInt8])
    case pattern([UInt8])
    case end

    /// The token as a person wrote it, nearly.
    var text: String {
        switch self {
        case .word(let text), .keyword(let text), .symbol(let text): text
        case .integer(let value), .duration(let value): String(value)
        case .float(let value): String(value)
        case .text(let bytes), .pattern(let bytes): Value.string(bytes).description
        case .end: ""
        }
    }
}

/// Cuts the text of a formula into tokens, taking the longest at each place.
///
/// Names may hold `-`, `/`, `:` and quotes, so `a-b` is one name, and a minus sign
/// before a digit belongs to the number, as in MonPoly.
struct FormulaLexer {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var lineStart = 0

    static let keywords: Set<String> = [
        "SUBSTRING", "MATCHES", "MOD", "FALSE", "TRUE", "LET", "IN", "NOT", "AND", "OR", "IMPLIES",
        "EQUIV", "EXISTS", "FORALL", "PREV", "PREVIOUS", "NEXT", "EVENTUALLY", "SOMETIMES", "ONCE",
        "ALWAYS", "PAST_ALWAYS", "HISTORICALLY", "SINCE", "UNTIL", "CNT", "MIN", "MAX", "SUM",
        "AVG", "MED", "r2s", "s2r", "f2i", "i2f", "i2s", "s2i", "f2s", "s2f", "DAY_OF_MONTH",
        "MONTH", "YEAR", "FORMAT_DATE", "LETPAST", "MATCHF", "MATCHP", "FORWARD", "BACKWARD",
    ]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// All tokens with their places, the last being `end`.
    static func tokens(
        of bytes: [UInt8]
    ) throws(TemporalError) -> [(token: FormulaToken, position: SourcePosition)] {
        var lexer = FormulaLexer(bytes)
        var tokens: [(token: FormulaToken, position: SourcePosition)] = []
        while true {
            try lexer.skipBlanks()
            let position = lexer.position
            let token = try lexer.next()
            tokens.append((token, position))
            if token == .end { return tokens }
        }
    }

    private var position: SourcePosition {
        SourcePosition(line: line, column: index - lineStart + 1)
    }

    private func byte(_ offset: Int = 0) -> UInt8? {
        index + offset < bytes.count ? bytes[index + offset] : nil
    }

    private mutating func advance() {
        if byte() == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        index += 1
    }

    private mutating func skipBlanks() throws(TemporalError) {
        while let byte = byte() {
            switch byte {
            case 32, 9, 10, 13: advance()
            case UInt8(ascii: "#"):
                while let next = self.byte(), next != 10, next != 13 { advance() }
            case UInt8(ascii: "(") where self.byte(1) == UInt8(ascii: "*"):
                let start = position
                while !(self.byte() == UInt8(ascii: "*") && self.byte(1) == UInt8(ascii: ")")) {
                    guard self.byte() != nil else {
                        throw TemporalError(.unexpectedToken, at: start, subject: "(*")
                    }
                    advance()
                }
                index += 2
            default: return
            }
        }
    }

    private mutating func next() throws(TemporalError) -> FormulaToken {
        guard let byte = byte() else { return .end }
        if byte == UInt8(ascii: "\"") { return .text(try quoted(from: index)) }
        if byte == UInt8(ascii: "r"), self.byte(1) == UInt8(ascii: "\"") {
            // The longer of a pattern and a name wins, and a pattern wins a tie.
            let start = (index, line, lineStart)
            let name = nameEnd()
            if let pattern = try? quoted(from: index + 1), index >= name {
                return .pattern(pattern)
            }
            (index, line, lineStart) = start
        }
        if byte.isDigit || (byte == UInt8(ascii: "-") && (self.byte(1)?.isDigit ?? false)) {
            if let number = try number() { return number }
        }
        if byte.isDigit || byte.isLetter || byte == UInt8(ascii: "_") { return name() }
        return try symbol()
    }

    private func nameEnd() -> Int {
        var end = index
        while end < bytes.count, bytes[end].isNamePart { end += 1 }
        return end
    }

    private mutating func name() -> FormulaToken {
        let end = nameEnd()
        let text = String(decoding: bytes[index..<end], as: UTF8.self)
        index = end
        return Self.keywords.contains(text) ? .keyword(text) : .word(text)
    }

    private mutating func quoted(from quote: Int) throws(TemporalError) -> [UInt8] {
        var end = quote + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else {
            throw TemporalError(.unexpectedToken, at: position, subject: "\"")
        }
        while index <= end { advance() }
        return Array(bytes[(quote + 1)..<end])
    }

    /// A number, or nothing if a longer name begins here.
    private mutating func number() throws(TemporalError) -> FormulaToken? {
        var end = index + 1
        while end < bytes.count, bytes[end].isDigit { end += 1 }
        let integerEnd = end
        let isNegative = bytes[index] == UInt8(ascii: "-")
        let name = isNegative ? index : nameEnd()
        if end < bytes.count, bytes[end] == UInt8(ascii: "."), name <= end {
            end += 1
            while end < bytes.count, bytes[end].isDigit { end += 1 }
            let text = String(decoding: bytes[index..<end], as: UTF8.self)
            index = end
            return .float(Double(text.hasSuffix(".") ? text + "0" : text) ?? 0)
        }
        let isDuration = !isNegative && end < bytes.count && bytes[end].isLetter
        if isDuration { end += 1 }
        guard name <= end else { return nil }
        let text = String(decoding: bytes[index..<integerEnd], as: UTF8.self)
        let place = position
        guard let value = Int(text) else {
            throw TemporalError(.numberTooLarge, at: place, subject: text)
        }
        index = end
        guard isDuration else { return .integer(value) }
        return .duration(try seconds(value, unit: bytes[end - 1], at: place))
    }

    private func seconds(
        _ count: Int, unit: UInt8, at position: SourcePosition
    ) throws(TemporalError) -> Int {
        let size: Int
        switch unit {
        case UInt8(ascii: "d"): size = 86_400
        case UInt8(ascii: "h"): size = 3_600
        case UInt8(ascii: "m"): size = 60
        case UInt8(ascii: "s"): size = 1
        default:
            let letter = String(decoding: [unit], as: UTF8.self)
            throw TemporalError(.unexpectedToken, at: position, subject: letter)
        }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: size)
        guard !overflow else {
            throw TemporalError(.numberTooLarge, at: position, subject: String(count))
        }
        return seconds
    }

    private mutating func symbol() throws(TemporalError) -> FormulaToken {
        for text in ["<-", "<=", ">=", "|>", "<|"] where bytes[index...].starts(with: text.utf8) {
            index += 2
            return .symbol(text)
        }
        let character = bytes[index]
        guard "+-.*/()[],;?<>=|".utf8.contains(character) else {
            let text = String(decoding: [character], as: UTF8.self)
            throw TemporalError(.unknownCharacter, at: position, subject: text)
        }
        index += 1
        return .symbol(String(decoding: [character], as: UTF8.self))
    }
}

extension UInt8 {
    var isDigit: Bool { self >= 48 && self <= 57 }
    var isLetter: Bool { (self | 32) >= 97 && (self | 32) <= 122 }
    /// Whether a formula's name may go on with this byte.
    var isNamePart: Bool { isDigit || isLetter || "_-/:'\"".utf8.contains(self) }
}
