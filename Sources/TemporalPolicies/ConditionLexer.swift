// SPDX-License-Identifier: Apache-2.0

import Cedar

/// A token of a condition or of a trace.
struct ConditionToken: Hashable {
    enum Kind: Hashable {
        case word
        case integer(Int64)
        case text(String)
        case symbol
        case end
    }

    var kind: Kind
    var text: String
    var line: Int
    var column: Int
}

/// Cuts a condition into tokens; `//` begins a comment.
struct ConditionLexer {
    private let bytes: ArraySlice<UInt8>
    private var place: Int
    private var line: Int
    private var column: Int

    /// The text of a block, which begins at a line and a column of its file.
    init(_ bytes: ArraySlice<UInt8>, line: Int = 1, column: Int = 1) {
        self.bytes = bytes
        place = bytes.startIndex
        self.line = line
        self.column = column
    }

    static func tokens(
        _ bytes: ArraySlice<UInt8>, line: Int = 1, column: Int = 1
    ) throws(TemporalPolicyError) -> [ConditionToken] {
        var lexer = ConditionLexer(bytes, line: line, column: column)
        var tokens: [ConditionToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private func byte(_ offset: Int = 0) -> UInt8? {
        place + offset < bytes.endIndex ? bytes[place + offset] : nil
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where place < bytes.endIndex {
            if bytes[place] == 10 {
                line += 1
                column = 1
            } else {
                column += 1
            }
            place += 1
        }
    }

    private mutating func skipBlanks() {
        while let byte = byte() {
            if byte == 32 || byte == 9 || byte == 10 || byte == 13 {
                advance()
            } else if byte == UInt8(ascii: "/"), self.byte(1) == byte {
                while let next = self.byte(), next != 10 { advance() }
            } else {
                return
            }
        }
    }

    private mutating func next() throws(TemporalPolicyError) -> ConditionToken {
        skipBlanks()
        let (start, line, column) = (place, line, column)
        func token(_ kind: ConditionToken.Kind) -> ConditionToken {
            ConditionToken(
                kind: kind, text: String(decoding: bytes[start..<place], as: UTF8.self),
                line: line, column: column)
        }
        guard let first = byte() else { return token(.end) }
        if Self.isLetter(first) {
            while let next = byte(), Self.isLetter(next) || Self.isDigit(next) { advance() }
            return token(.word)
        }
        if Self.isDigit(first) || (first == UInt8(ascii: "-") && byte(1).map(Self.isDigit) == true)
        {
            advance()
            while let next = byte(), Self.isDigit(next) { advance() }
            guard let value = Int64(String(decoding: bytes[start..<place], as: UTF8.self)) else {
                throw TemporalPolicyError(
                    .numberOutOfBounds, line: line, column: column, subject: token(.end).text)
            }
            return token(.integer(value))
        }
        if first == UInt8(ascii: "\"") { return token(.text(try quoted())) }
        for symbol in ["::", "&&", "==", "!=", "<=", ">="] {
            if byte(0) == symbol.utf8.first, byte(1) == symbol.utf8.dropFirst().first {
                advance(2)
                return token(.symbol)
            }
        }
        guard Array("(){}[],.:!<>*?$@".utf8).contains(first) else {
            advance()
            throw TemporalPolicyError(
                .unknownCharacter, line: line, column: column, subject: token(.end).text)
        }
        advance()
        return token(.symbol)
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// The text between quotes; `\"`, `\\`, `\n`, `\r`, `\t` and `\0` are escapes.
    private mutating func quoted() throws(TemporalPolicyError) -> String {
        let (line, column) = (line, column)
        advance()
        var text: [UInt8] = []
        while let byte = byte() {
            advance()
            if byte == UInt8(ascii: "\"") {
                guard let valid = String(validating: text, as: UTF8.self) else { break }
                return valid
            }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            let escapes: [UInt8: UInt8] = [
                UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
                UInt8(ascii: "0"): 0, UInt8(ascii: "\""): UInt8(ascii: "\""),
                UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "'"): UInt8(ascii: "'"),
            ]
            guard let escape = self.byte(), let value = escapes[escape] else { break }
            text.append(value)
            advance()
        }
        throw TemporalPolicyError(.unknownCharacter, line: line, column: column, subject: "\"")
    }
}
