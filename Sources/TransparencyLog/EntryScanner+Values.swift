// SPDX-License-Identifier: Apache-2.0

import Cryptography

extension EntryScanner {
    /// Reads the value of a field, after what opens it, and notes where it is.
    ///
    /// - Returns: The place after the value.
    @inline(__always)
    func value(
        _ row: FieldTable.Row, _ bytes: EntryBytes, at start: Int, _ entry: inout ScannedEntry,
        _ forecast: inout EntryForecast
    ) throws(EntryError) -> Int {
        let field = Int(row.field)
        switch row.kind {
        case .string:
            let end = try bytes.textEnd(from: start)
            entry.set(field, start: start, length: end &- start)
            return end &+ 1
        case .timestamp: return try timestamp(field, bytes, start, &entry, &forecast)
        case .digest: return try digest(field, bytes, start, &entry)
        case .integer: return try integer(field, bytes, start, &entry)
        case .boolean:
            let end = try boolean(bytes, start)
            entry.set(field, start: start, length: end &- start)
            return end
        case .strings:
            let end = try strings(bytes, start)
            entry.set(field, start: start &- 1, length: end &- start &+ 1)
            return end
        case .object: throw EntryError(.wrongKind, at: start)
        }
    }

    @inline(__always)
    private func timestamp(
        _ field: Int, _ bytes: EntryBytes, _ start: Int, _ entry: inout ScannedEntry,
        _ forecast: inout EntryForecast
    ) throws(EntryError) -> Int {
        let count = Timestamp.byteCount
        guard let text = unsafe bytes.pointer(at: start, count: count) else {
            throw bytes.failure(at: bytes.end)
        }
        guard bytes.byte(at: start &+ count) == UInt8(ascii: "\""),
            let milliseconds = unsafe Timestamp.parse(text, after: &forecast.day)
        else { throw EntryError(.invalidTimestamp, at: start) }
        entry.set(field, start: start, length: count)
        if field == EntryField.occurredAt.rawValue {
            entry.occurredAt = milliseconds
        } else if field == EntryField.recordedAt.rawValue {
            try refuseInSubmission(start)
            entry.recordedAt = milliseconds
        }
        return start &+ count &+ 1
    }

    @inline(__always)
    private func digest(
        _ field: Int, _ bytes: EntryBytes, _ start: Int, _ entry: inout ScannedEntry
    ) throws(EntryError) -> Int {
        let count = SHA256Digest.hexCount
        guard let text = unsafe bytes.pointer(at: start, count: count) else {
            throw bytes.failure(at: bytes.end)
        }
        guard bytes.byte(at: start &+ count) == UInt8(ascii: "\""),
            let digest = unsafe SHA256Digest(unsafeHex: text)
        else { throw EntryError(.invalidDigest, at: start) }
        entry.set(field, start: start, length: count)
        if field == EntryField.prev.rawValue {
            try refuseInSubmission(start)
            entry.prev = digest
        }
        return start &+ count &+ 1
    }

    @inline(__always)
    private func integer(
        _ field: Int, _ bytes: EntryBytes, _ start: Int, _ entry: inout ScannedEntry
    ) throws(EntryError) -> Int {
        var place = start
        let isNegative = bytes.byte(at: place) == UInt8(ascii: "-")
        if isNegative { place &+= 1 }
        let firstDigit = place
        var magnitude: UInt64 = 0
        while true {
            let digit = bytes.byte(at: place) &- 0x30
            guard digit < 10, place &- firstDigit < 17 else { break }
            magnitude = magnitude &* 10 &+ UInt64(digit)
            place &+= 1
        }
        guard place > firstDigit else { throw bytes.failure(.wrongKind, at: place) }
        let hasLeadingZero =
            bytes.byte(at: firstDigit) == 0x30 && (place &- firstDigit > 1 || isNegative)
        guard !hasLeadingZero, magnitude < 1 &<< 53 else {
            throw EntryError(.invalidNumber, at: start)
        }
        let next = bytes.byte(at: place)
        guard next == UInt8(ascii: ",") || next == UInt8(ascii: "}") else {
            throw bytes.failure(.invalidNumber, at: place)
        }
        entry.set(field, start: start, length: place &- start)
        try note(field, magnitude, isNegative, start, &entry)
        return place
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

    private func boolean(_ bytes: EntryBytes, _ start: Int) throws(EntryError) -> Int {
        let word = bytes.word(at: start)
        if word & 0xFFFF_FFFF == 0x6575_7274 { return start &+ 4 }
        guard word & 0xFF_FFFF_FFFF == 0x65_736C_6166 else {
            throw bytes.failure(.wrongKind, at: start)
        }
        return start &+ 5
    }

    /// Reads an array of texts that are sorted by the bytes of their canonical text, after its bracket.
    @inline(never)
    private func strings(_ bytes: EntryBytes, _ start: Int) throws(EntryError) -> Int {
        guard bytes.byte(at: start) != UInt8(ascii: "]") else { return start &+ 1 }
        var previous = 0..<0
        var place = start
        while true {
            guard bytes.byte(at: place) == UInt8(ascii: "\"") else {
                throw bytes.failure(.wrongKind, at: place)
            }
            let item = (place &+ 1)..<(try bytes.textEnd(from: place &+ 1))
            guard previous.isEmpty || precedes(previous, item, bytes) else {
                throw EntryError(.itemOrder, at: item.lowerBound)
            }
            previous = item
            place = item.upperBound &+ 1
            if bytes.byte(at: place) == UInt8(ascii: "]") { return place &+ 1 }
            place = try bytes.after(UInt8(ascii: ","), at: place)
        }
    }

    /// Whether one item's bytes come before another's.
    private func precedes(_ lhs: Range<Int>, _ rhs: Range<Int>, _ bytes: EntryBytes) -> Bool {
        for step in 0..<min(lhs.count, rhs.count) {
            let left = bytes.byte(at: lhs.lowerBound &+ step)
            let right = bytes.byte(at: rhs.lowerBound &+ step)
            guard left == right else { return left < right }
        }
        return lhs.count < rhs.count
    }

    @inline(__always)
    private func refuseInSubmission(_ start: Int) throws(EntryError) {
        guard mode == .entry else { throw EntryError(.reservedField, at: start) }
    }
}
