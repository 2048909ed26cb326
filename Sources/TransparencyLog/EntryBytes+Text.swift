// SPDX-License-Identifier: Apache-2.0

extension EntryBytes {
    /// The place of the closing quote of a text that starts at `start`, after its quote.
    @inline(__always)
    func textEnd(from start: Int) throws(EntryError) -> Int {
        let place = plainEnd(from: start)
        guard byte(at: place) == UInt8(ascii: "\""), place > start else {
            return try longTextEnd(from: start, place)
        }
        return place
    }

    /// The same of a text that holds escapes or other characters than ASCII, or nothing.
    @inline(never)
    private func longTextEnd(from start: Int, _ first: Int) throws(EntryError) -> Int {
        var place = first
        var (isASCII, hasEscapes) = (true, false)
        while true {
            let byte = byte(at: place)
            switch byte {
            case UInt8(ascii: "\""):
                if !isASCII { try checkText(start, place, hasEscapes) }
                guard place > start else { throw EntryError(.emptyValue, at: start) }
                return place
            case UInt8(ascii: "\\"):
                hasEscapes = true
                place += try escape(at: place)
            case 0..<0x20: throw failure(at: place)
            case 0x80...:
                isASCII = false
                place += 1
            default: place += 1
            }
        }
    }

    /// The number of bytes of the escape at a place (RFC 8785, section 3.2.2.2).
    private func escape(at place: Int) throws(EntryError) -> Int {
        switch byte(at: place + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"):
            guard place + 6 <= end else { throw EntryError(.truncated, at: end) }
            guard byte(at: place + 2) == 0x30, byte(at: place + 3) == 0x30,
                let high = Self.nibble(byte(at: place + 4)), high < 2,
                let low = Self.nibble(byte(at: place + 5))
            else { throw EntryError(.nonMinimalEscape, at: place) }
            let isShort = high == 0 && [8, 9, 10, 12, 13].contains(low)
            guard !isShort else { throw EntryError(.nonMinimalEscape, at: place) }
            return 6
        default: throw failure(.nonMinimalEscape, at: place + 1)
        }
    }

    /// The value of a lower-case hexadecimal digit.
    static func nibble(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x61...0x66: character - 0x57
        default: nil
        }
    }

    /// Checks that a text is UTF-8, and in normalisation form C once its escapes are resolved.
    private func checkText(_ start: Int, _ end: Int, _ hasEscapes: Bool) throws(EntryError) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end - start)
        for place in start..<end { bytes.append(byte(at: place)) }
        if hasEscapes { bytes = EntryText.resolvingEscapes(bytes.span) }
        guard EntryText.isNormalized(bytes) else { throw EntryError(.invalidText, at: start) }
    }
}

/// The texts of entries, between their quotes.
enum EntryText {
    /// The text with its escapes resolved; it must have been scanned.
    static func resolvingEscapes(_ text: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var place = 0
        while place < text.count {
            guard text[place] == UInt8(ascii: "\\"), place + 1 < text.count else {
                bytes.append(text[place])
                place += 1
                continue
            }
            switch text[place + 1] {
            case UInt8(ascii: "b"): bytes.append(8)
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "f"): bytes.append(12)
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "u") where place + 5 < text.count:
                let high = EntryBytes.nibble(text[place + 4]) ?? 0
                let low = EntryBytes.nibble(text[place + 5]) ?? 0
                bytes.append(high << 4 | low)
                place += 4
            default: bytes.append(text[place + 1])
            }
            place += 2
        }
        return bytes
    }

    /// Whether bytes are UTF-8 in normalisation form C.
    static func isNormalized(_ bytes: [UInt8]) -> Bool {
        guard var text = try? UTF8Span(validating: bytes.span) else { return false }
        return text.checkForNFC(quickCheck: false)
    }
}
