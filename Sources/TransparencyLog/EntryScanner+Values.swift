// SPDX-License-Identifier: Apache-2.0

import Cryptography

extension EntryScanner {
    /// Reads the value of a field, and notes where it is.
    @inline(__always)
    func value(
        _ row: FieldTable.Row, _ cursor: inout EntryCursor, _ entry: inout ScannedEntry
    ) throws(EntryError) {
        let field = Int(row.field)
        let start = cursor.offset
        switch row.kind {
        case .string:
            try openQuote(&cursor)
            let length = try cursor.text()
            entry.set(field, start: start &+ 1, length: length)
        case .timestamp:
            try timestamp(field, &cursor, &entry)
        case .digest:
            try digest(field, &cursor, &entry)
        case .integer:
            try integer(field, &cursor, &entry)
        case .boolean:
            try boolean(&cursor)
            entry.set(field, start: start, length: cursor.offset &- start)
        case .strings:
            try strings(&cursor)
            entry.set(field, start: start, length: cursor.offset &- start)
        case .object:
            throw EntryError(.wrongKind, at: start)
        }
    }

    @inline(__always)
    private func openQuote(_ cursor: inout EntryCursor) throws(EntryError) {
        guard cursor.byte(at: cursor.offset) == UInt8(ascii: "\"") else {
            throw cursor.failure(.wrongKind, at: cursor.offset)
        }
        cursor.offset &+= 1
    }

    @inline(__always)
    private func timestamp(
        _ field: Int, _ cursor: inout EntryCursor, _ entry: inout ScannedEntry
    ) throws(EntryError) {
        try openQuote(&cursor)
        let start = cursor.offset
        let count = Timestamp.byteCount
        guard let text = unsafe cursor.pointer(at: start, count: count) else {
            throw cursor.failure(at: cursor.end)
        }
        guard cursor.byte(at: start &+ count) == UInt8(ascii: "\""),
            let milliseconds = unsafe Timestamp.parse(text)
        else { throw EntryError(.invalidTimestamp, at: start) }
        cursor.offset = start &+ count &+ 1
        entry.set(field, start: start, length: count)
        if field == EntryField.occurredAt.rawValue {
            entry.occurredAt = milliseconds
        } else if field == EntryField.recordedAt.rawValue {
            try refuseInSubmission(start)
            entry.recordedAt = milliseconds
        }
    }

    @inline(__always)
    private func digest(
        _ field: Int, _ cursor: inout EntryCursor, _ entry: inout ScannedEntry
    ) throws(EntryError) {
        try openQuote(&cursor)
        let start = cursor.offset
        let count = SHA256Digest.hexCount
        guard let text = unsafe cursor.pointer(at: start, count: count) else {
            throw cursor.failure(at: cursor.end)
        }
        guard cursor.byte(at: start &+ count) == UInt8(ascii: "\""),
            let digest = unsafe SHA256Digest(unsafeHex: text)
        else { throw EntryError(.invalidDigest, at: start) }
        cursor.offset = start &+ count &+ 1
        entry.set(field, start: start, length: count)
        if field == EntryField.prev.rawValue {
            try refuseInSubmission(start)
            entry.prev = digest
        }
    }

    @inline(__always)
    private func integer(
        _ field: Int, _ cursor: inout EntryCursor, _ entry: inout ScannedEntry
    ) throws(EntryError) {
        let start = cursor.offset
        var place = start
        let isNegative = cursor.byte(at: place) == UInt8(ascii: "-")
        if isNegative { place &+= 1 }
        let firstDigit = place
        var magnitude: UInt64 = 0
        while true {
            let digit = cursor.byte(at: place) &- 0x30
            guard digit < 10, place &- firstDigit < 17 else { break }
            magnitude = magnitude &* 10 &+ UInt64(digit)
            place &+= 1
        }
        guard place > firstDigit else { throw cursor.failure(.wrongKind, at: place) }
        let hasLeadingZero =
            cursor.byte(at: firstDigit) == 0x30 && (place &- firstDigit > 1 || isNegative)
        guard !hasLeadingZero, magnitude < 1 &<< 53 else {
            throw EntryError(.invalidNumber, at: start)
        }
        let next = cursor.byte(at: place)
        guard next == UInt8(ascii: ",") || next == UInt8(ascii: "}") else {
            throw cursor.failure(.invalidNumber, at: place)
        }
        cursor.offset = place
        entry.set(field, start: start, length: place &- start)
        try note(field, magnitude, isNegative, start, &entry)
    }

    /// Keeps the integers that every entry has.
    @inline(__always)
    private func note(
        _ field: Int, _ magnitude: UInt64, _ isNegative: Bool, _ start: Int,
        _ entry: inout ScannedEntry
    ) throws(EntryError) {
        guard field >= EntryField.seq.rawValue else { return }
        switch UInt8(truncatingIfNeeded: field) {
        case EntryField.seq.rawValue:
            try refuseInSubmission(start)
            entry.seq = magnitude
        case EntryField.sourceSeq.rawValue: entry.sourceSeq = magnitude
        case EntryField.v.rawValue:
            guard magnitude == 1, !isNegative else { throw EntryError(.unknownVersion, at: start) }
            return
        default: return
        }
        guard !isNegative else { throw EntryError(.invalidNumber, at: start) }
    }

    private func boolean(_ cursor: inout EntryCursor) throws(EntryError) {
        let word = cursor.word(at: cursor.offset)
        if word & 0xFFFF_FFFF == 0x6575_7274 {
            cursor.offset &+= 4
        } else if word & 0xFF_FFFF_FFFF == 0x65_736C_6166 {
            cursor.offset &+= 5
        } else {
            throw cursor.failure(.wrongKind, at: cursor.offset)
        }
    }

    /// Reads an array of texts that are sorted by the bytes of their canonical text.
    @inline(never)
    private func strings(_ cursor: inout EntryCursor) throws(EntryError) {
        guard cursor.byte(at: cursor.offset) == UInt8(ascii: "[") else {
            throw cursor.failure(.wrongKind, at: cursor.offset)
        }
        cursor.offset &+= 1
        guard cursor.byte(at: cursor.offset) != UInt8(ascii: "]") else {
            cursor.offset &+= 1
            return
        }
        var previous = 0..<0
        while true {
            try openQuote(&cursor)
            let start = cursor.offset
            let length = try cursor.text()
            let item = start..<(start &+ length)
            guard previous.isEmpty || precedes(previous, item, cursor) else {
                throw EntryError(.itemOrder, at: start)
            }
            previous = item
            let next = cursor.byte(at: cursor.offset)
            if next == UInt8(ascii: "]") { break }
            try cursor.expect(UInt8(ascii: ","))
        }
        cursor.offset &+= 1
    }

    /// Whether one item's bytes come before another's.
    private func precedes(_ lhs: Range<Int>, _ rhs: Range<Int>, _ cursor: EntryCursor) -> Bool {
        for step in 0..<min(lhs.count, rhs.count) {
            let left = cursor.byte(at: lhs.lowerBound &+ step)
            let right = cursor.byte(at: rhs.lowerBound &+ step)
            guard left == right else { return left < right }
        }
        return lhs.count < rhs.count
    }

    @inline(__always)
    private func refuseInSubmission(_ start: Int) throws(EntryError) {
        guard mode == .entry else { throw EntryError(.reservedField, at: start) }
    }
}
