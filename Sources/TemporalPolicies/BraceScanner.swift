// SPDX-License-Identifier: Apache-2.0

/// Walks over the words of a policy text, outside strings and comments.
struct BraceScanner {
    private let bytes: [UInt8]
    private var place = 0
    /// The bytes before this were copied or replaced.
    private(set) var copied = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func skip(to end: Int) {
        place = end
        copied = end
    }

    /// The place of the next word.
    mutating func next() -> Int? {
        while place < bytes.count {
            if let end = Self.trivia(bytes, place) {
                place = end
            } else if ConditionLexer.isLetter(bytes[place]) {
                let start = place
                while place < bytes.count,
                    ConditionLexer.isLetter(bytes[place]) || ConditionLexer.isDigit(bytes[place])
                {
                    place += 1
                }
                return start
            } else {
                place += 1
            }
        }
        return nil
    }

    /// The end of a string or comment that begins at a place.
    private static func trivia(_ bytes: [UInt8], _ start: Int) -> Int? {
        var place = start
        if bytes[place] == UInt8(ascii: "/"), place + 1 < bytes.count,
            bytes[place + 1] == bytes[place]
        {
            while place < bytes.count, bytes[place] != 10 { place += 1 }
            return place
        }
        guard bytes[place] == UInt8(ascii: "\"") else { return nil }
        place += 1
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(place + 1, bytes.count)
    }

    private static func skipBlanks(_ bytes: [UInt8], _ start: Int) -> Int {
        var place = start
        while place < bytes.count {
            if [32, 9, 10, 13].contains(bytes[place]) {
                place += 1
            } else if bytes[place] == UInt8(ascii: "/"), let end = trivia(bytes, place) {
                place = end
            } else {
                break
            }
        }
        return place
    }

    /// Whether the word at a place is `temporal`, with a brace behind it.
    func isTemporalBlock(at start: Int) -> Bool {
        let word = Array("temporal".utf8)
        let end = start + word.count
        guard bytes[start...].starts(with: word), place == end else { return false }
        let next = Self.skipBlanks(bytes, end)
        return next < bytes.count && bytes[next] == UInt8(ascii: "{")
    }

    /// The brace that opens a block, and the place behind the one that closes it.
    func block(from start: Int) -> (open: Int, end: Int)? {
        let open = Self.skipBlanks(bytes, start + 8)
        var place = open
        var depth = 0
        while place < bytes.count {
            if let end = Self.trivia(bytes, place) {
                place = end
                continue
            }
            if bytes[place] == UInt8(ascii: "{") { depth += 1 }
            if bytes[place] == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return (open, place + 1) }
            }
            place += 1
        }
        return nil
    }

    /// The line and the column of a place, from 1.
    func position(_ place: Int) -> (line: Int, column: Int) {
        var (line, column) = (1, 1)
        for byte in bytes[..<min(place, bytes.count)] {
            if byte == 10 {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return (line, column)
    }

    /// Whether the word before a place is `when` or `unless`.
    func followsClauseWord(_ start: Int) -> Bool {
        var end = start
        while end > 0, [32, 9, 10, 13].contains(bytes[end - 1]) { end -= 1 }
        return ["when", "unless"].contains { word in
            let utf8 = Array(word.utf8)
            guard end >= utf8.count, bytes[(end - utf8.count)..<end].elementsEqual(utf8) else {
                return false
            }
            let before = end - utf8.count - 1
            return before < 0
                || !(ConditionLexer.isLetter(bytes[before])
                    || ConditionLexer.isDigit(bytes[before]))
        }
    }
}
