// SPDX-License-Identifier: Apache-2.0

/// A token of a signature or a log.
enum WordToken: Hashable {
    case word([UInt8])
    case symbol(Character)
    case end
}

/// Cuts signatures and logs into words, quoted texts and the signs `@ ( ) , ;`.
struct WordLexer {
    private let bytes: [UInt8]
    /// Whether errors leave out the words, which in a log may name people.
    private let hidesWords: Bool
    private var index = 0
    private var line = 1
    private var lineStart = 0
    private(set) var position = SourcePosition(line: 1, column: 1)

    /// Whether `(* … *)`, which may nest, is a comment, as in signatures.
    private let hasBlockComments: Bool

    init(_ bytes: [UInt8], hidesWords: Bool = false, hasBlockComments: Bool = false) {
        self.bytes = bytes
        self.hidesWords = hidesWords
        self.hasBlockComments = hasBlockComments
    }

    mutating func next() throws(TemporalError) -> WordToken {
        try skipBlanks()
        position = SourcePosition(line: line, column: index - lineStart + 1)
        guard index < bytes.count else { return .end }
        let byte = bytes[index]
        if byte == UInt8(ascii: "\"") { return try quoted(at: index) }
        if byte == UInt8(ascii: "r"), index + 1 < bytes.count,
            bytes[index + 1] == UInt8(ascii: "\"")
        {
            return try quoted(at: index + 1)
        }
        let start = index
        while index < bytes.count, bytes[index].isWordPart { index += 1 }
        if index > start { return .word(Array(bytes[start..<index])) }
        guard "@(),;".utf8.contains(byte) else {
            let text = String(decoding: [byte], as: UTF8.self)
            throw TemporalError(.unknownCharacter, at: position, subject: text)
        }
        index += 1
        return .symbol(Character(UnicodeScalar(byte)))
    }

    mutating func expect(_ symbol: Character) throws(TemporalError) {
        let token = try next()
        guard token == .symbol(symbol) else { throw unexpected(token) }
    }

    func unexpected(_ token: WordToken) -> TemporalError {
        let text: String
        switch token {
        case .word where hidesWords: text = "…"
        case .word(let bytes): text = String(decoding: bytes, as: UTF8.self)
        case .symbol(let character): text = String(character)
        case .end: text = ""
        }
        return TemporalError(.unexpectedToken, at: position, subject: text)
    }

    private mutating func skipBlanks() throws(TemporalError) {
        while index < bytes.count {
            switch bytes[index] {
            case 32, 9, 13: index += 1
            case 10:
                index += 1
                line += 1
                lineStart = index
            case UInt8(ascii: "#"):
                while index < bytes.count, bytes[index] != 10, bytes[index] != 13 { index += 1 }
            case UInt8(ascii: "(") where hasBlockComments && isPair("(*"): try skipComment()
            default: return
            }
        }
    }

    private func isPair(_ pair: StaticString) -> Bool {
        unsafe index + 1 < bytes.count && bytes[index] == pair.utf8Start[0]
            && bytes[index + 1] == pair.utf8Start[1]
    }

    private mutating func skipComment() throws(TemporalError) {
        let start = SourcePosition(line: line, column: index - lineStart + 1)
        var depth = 0
        repeat {
            guard index < bytes.count else {
                throw TemporalError(.unexpectedToken, at: start, subject: "(*")
            }
            if isPair("(*") {
                depth += 1
                index += 2
            } else if isPair("*)") {
                depth -= 1
                index += 2
            } else {
                if bytes[index] == 10 {
                    line += 1
                    lineStart = index + 1
                }
                index += 1
            }
        } while depth > 0
    }

    private mutating func quoted(at quote: Int) throws(TemporalError) -> WordToken {
        var end = quote + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            if bytes[end] == 10 {
                line += 1
                lineStart = end + 1
            }
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else {
            throw TemporalError(.unexpectedToken, at: position, subject: "\"")
        }
        index = end + 1
        return .word(Array(bytes[(quote + 1)..<end]))
    }
}

extension UInt8 {
    /// Whether a word of a log may hold this byte.
    fileprivate var isWordPart: Bool {
        isDigit || isLetter || "_[]/:-.!+'".utf8.contains(self)
    }
}
