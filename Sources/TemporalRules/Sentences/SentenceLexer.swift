// SPDX-License-Identifier: Apache-2.0

/// A word of a sentence.
struct SentenceToken: Hashable {
    enum Kind: Hashable {
        case word
        case number(Int64)
        case text
        case parameter
        case symbol
        case end
    }

    var kind: Kind
    var text: String
    /// In bytes, from 1.
    var column: Int

    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }
}

/// Cuts a sentence into words, numbers, quoted texts, `$parameters` and symbols.
///
/// The typographic apostrophe is read as the straight one, and ends a word: `jusqu’à` is the
/// words `jusqu'` and `à`, which spellings join again.
enum SentenceLexer {
    static let byteCountMax = 8_192

    static func tokens(of sentence: String) throws(SentenceError) -> [SentenceToken] {
        let bytes = Array(sentence.utf8)
        guard bytes.count <= byteCountMax else {
            throw SentenceError(.valueTooLarge, at: 1, subject: "\(bytes.count)")
        }
        var tokens: [SentenceToken] = []
        var place = 0
        while place < bytes.count {
            let start = place
            let byte = bytes[place]
            if isBlank(bytes, &place) { continue }
            let kind: SentenceToken.Kind
            if byte == UInt8(ascii: "\"") {
                tokens.append(try quoted(bytes, &place))
                continue
            } else if isDigit(byte) {
                kind = .number(try number(bytes, &place))
            } else if byte == UInt8(ascii: "$") {
                place += 1
                while place < bytes.count, isWordByte(bytes[place]) { place += 1 }
                kind = .parameter
            } else if isWordByte(byte) {
                kind = .word
                while place < bytes.count, isWordByte(bytes[place]) { place += 1 }
                if isApostrophe(bytes, &place) {
                    let text = String(decoding: bytes[start..<place], as: UTF8.self)
                    let plain = text.replacing("\u{2019}", with: "'")
                    tokens.append(SentenceToken(kind: .word, text: plain, column: start + 1))
                    continue
                }
            } else {
                kind = .symbol
                place += symbolLength(bytes, place)
                guard place > start else {
                    throw SentenceError(
                        .unknownCharacter, at: start + 1,
                        subject: String(decoding: [byte], as: UTF8.self))
                }
            }
            let text = String(decoding: bytes[start..<place], as: UTF8.self)
            tokens.append(SentenceToken(kind: kind, text: text, column: start + 1))
        }
        tokens.append(SentenceToken(kind: .end, text: "", column: bytes.count + 1))
        return tokens
    }

    private static func isBlank(_ bytes: [UInt8], _ place: inout Int) -> Bool {
        let byte = bytes[place]
        if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            place += 1
            return true
        }
        // U+00A0 and U+202F, which French typography sets before signs.
        if byte == 0xC2, place + 1 < bytes.count, bytes[place + 1] == 0xA0 {
            place += 2
            return true
        }
        if bytes[place...].starts(with: [0xE2, 0x80, 0xAF]) {
            place += 3
            return true
        }
        return false
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Letters, digits, `_`, `.`, `-`, and everything beyond ASCII but blanks and the apostrophe.
    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x2D: true
        case 0xC2, 0xE2: false
        default: byte >= 0x80
        }
    }

    private static func isApostrophe(_ bytes: [UInt8], _ place: inout Int) -> Bool {
        if place < bytes.count, bytes[place] == UInt8(ascii: "'") {
            place += 1
            return true
        }
        guard bytes[place...].starts(with: [0xE2, 0x80, 0x99]) else { return false }
        place += 3
        return true
    }

    private static func symbolLength(_ bytes: [UInt8], _ place: Int) -> Int {
        if place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "="),
            Array("!<>".utf8).contains(bytes[place])
        {
            return 2
        }
        return Array("(){},:=<>+".utf8).contains(bytes[place]) ? 1 : 0
    }

    private static func number(
        _ bytes: [UInt8], _ place: inout Int
    ) throws(SentenceError) -> Int64 {
        let start = place
        var value: Int64 = 0
        while place < bytes.count, isDigit(bytes[place]) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(bytes[place]) - 0x30)
            guard !overflow, !carry else {
                throw SentenceError(
                    .valueTooLarge, at: start + 1,
                    subject: String(decoding: bytes[start...place], as: UTF8.self))
            }
            value = sum
            place += 1
        }
        return value
    }

    private static func quoted(
        _ bytes: [UInt8], _ place: inout Int
    ) throws(SentenceError) -> SentenceToken {
        let start = place
        place += 1
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") { place += 1 }
        guard place < bytes.count else {
            throw SentenceError(.unknownCharacter, at: start + 1, subject: "\"")
        }
        place += 1
        let text = String(decoding: bytes[(start + 1)..<(place - 1)], as: UTF8.self)
        return SentenceToken(kind: .text, text: text, column: start + 1)
    }
}
