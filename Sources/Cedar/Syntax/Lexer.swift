// SPDX-License-Identifier: Apache-2.0

/// A piece of the text: its kind and its place.
struct Token {
    enum Kind: Equatable {
        case identifier
        case integer
        case string
        /// `?principal` or `?resource`.
        case slot
        case symbol(Symbol)
        case end
    }

    let kind: Kind
    let span: SourceSpan
}

/// The operators and marks of the grammars of policies and schemas.
enum Symbol: String, CaseIterable {
    case doubleColon = "::"
    case equalEqual = "=="
    case notEqual = "!="
    case lessEqual = "<="
    case greaterEqual = ">="
    case and = "&&"
    case or = "||"
    case less = "<"
    case greater = ">"
    case assign = "="
    case not = "!"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case modulo = "%"
    case dot = "."
    case comma = ","
    case colon = ":"
    case semicolon = ";"
    case question = "?"
    case at = "@"
    case leftParen = "("
    case rightParen = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"

    /// The symbols by their first byte, the longer ones first.
    static let byFirstByte: [UInt8: [(bytes: [UInt8], symbol: Symbol)]] = {
        var table: [UInt8: [(bytes: [UInt8], symbol: Symbol)]] = [:]
        for symbol in allCases {
            let bytes = Array(symbol.rawValue.utf8)
            table[bytes[0], default: []].append((bytes, symbol))
        }
        return table
    }()
}

/// Cuts a text into tokens; comments and white space are left out.
struct Lexer {
    private let source: Source
    private let bytes: [UInt8]
    private var position = 0
    private(set) var tokens: [Token] = []
    private(set) var comments: [SourceSpan] = []
    private(set) var errors: [CedarError] = []

    init(_ source: Source) {
        self.source = source
        bytes = source.bytes
    }

    mutating func run() {
        while let lower = skipSpace() {
            scan(from: lower)
        }
        add(.end, from: bytes.count)
    }

    private mutating func scan(from lower: Int) {
        let byte = bytes[lower]
        if Lexer.isIdentifierStart(byte) {
            scanIdentifier()
            add(.identifier, from: lower)
        } else if Lexer.isDigit(byte) {
            while position < bytes.count, Lexer.isDigit(bytes[position]) { position += 1 }
            add(.integer, from: lower)
        } else if byte == UInt8(ascii: "\"") {
            scanString(from: lower)
        } else if byte == UInt8(ascii: "?"), lower + 1 < bytes.count,
            Lexer.isIdentifierStart(bytes[lower + 1])
        {
            position += 1
            scanIdentifier()
            add(.slot, from: lower)
        } else if let match = Symbol.byFirstByte[byte]?.first(where: {
            bytes[lower...].starts(with: $0.bytes)
        }) {
            position += match.bytes.count
            add(.symbol(match.symbol), from: lower)
        } else {
            position += 1
            while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
            let span = SourceSpan(lower: lower, upper: position)
            errors.append(CedarError(.invalidToken, [source.text(span)], at: span, in: source))
        }
    }

    private mutating func add(_ kind: Token.Kind, from lower: Int) {
        let span = SourceSpan(lower: lower, upper: max(lower, position))
        tokens.append(Token(kind: kind, span: span))
    }

    private mutating func scanIdentifier() {
        while position < bytes.count,
            Lexer.isIdentifierStart(bytes[position]) || Lexer.isDigit(bytes[position])
        {
            position += 1
        }
    }

    /// A literal may hold raw line feeds, but no backslash before one.
    private mutating func scanString(from lower: Int) {
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") {
                position += 1
                if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { break }
            }
            position += 1
        }
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            position = min(position, bytes.count)
            let span = SourceSpan(lower: lower, upper: lower + 1)
            errors.append(CedarError(.invalidToken, ["\""], at: span, in: source))
            return
        }
        position += 1
        add(.string, from: lower)
    }

    /// The offset of the next token, after white space and comments; nil at the end.
    private mutating func skipSpace() -> Int? {
        while position < bytes.count {
            let length = spaceLength()
            if length > 0 {
                position += length
            } else if bytes[position] == UInt8(ascii: "/"), position + 1 < bytes.count,
                bytes[position + 1] == UInt8(ascii: "/")
            {
                let lower = position
                while position < bytes.count, bytes[position] != 10, bytes[position] != 13 {
                    position += 1
                }
                comments.append(SourceSpan(lower: lower, upper: position))
            } else {
                return position
            }
        }
        return nil
    }

    /// The byte count of the white-space code point here; 0 if there is none.
    private func spaceLength() -> Int {
        let byte = bytes[position]
        if byte == 32 || (9...13).contains(byte) { return 1 }
        if byte < 0xC2 { return 0 }
        let length = byte < 0xE0 ? 2 : 3
        guard position + length <= bytes.count else { return 0 }
        let piece = String(decoding: bytes[position..<position + length], as: UTF8.self)
        guard let scalar = piece.unicodeScalars.first, piece.unicodeScalars.count == 1,
            scalar.properties.isWhitespace
        else { return 0 }
        return length
    }

    static func isIdentifierStart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (65...90).contains(byte) || (97...122).contains(byte)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte)
    }
}
