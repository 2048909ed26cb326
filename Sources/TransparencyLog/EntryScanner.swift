// SPDX-License-Identifier: Apache-2.0

import Cryptography

/// Reads one entry in one pass, and accepts the canonical form only.
///
/// The form is RFC 8785, restricted as `docs/log-format.md` says. What is accepted has exactly one
/// text for its content, so equal entries have equal bytes, and equal hashes.
public struct EntryScanner: Sendable {
    /// Which entries are accepted.
    public enum Mode: Hashable, Sendable {
        /// An entry of a log.
        case entry
        /// What a caller submits: an entry without `seq`, `prev` and `recorded_at`.
        case submission
    }

    /// The greatest number of bytes of an entry.
    public static let byteCountMax = 16 * 1_024

    private static let reserved: [EntryField] = [.seq, .prev, .recordedAt]
    private static let always: [EntryField] = [
        .v, .id, .type, .source, .sourceSeq, .occurredAt,
    ]

    let mode: Mode
    private let table: FieldTable
    private let requiredLow: UInt64
    private let requiredHigh: UInt64

    /// Makes a scanner; make one for each worker, and keep it.
    public init(mode: Mode = .entry) {
        self.mode = mode
        table = .shared
        var required: (UInt64, UInt64) = (0, 0)
        for field in mode == .entry ? Self.always + Self.reserved : Self.always {
            let bit = UInt64(field.rawValue)
            if bit < 64 { required.0 |= 1 << bit } else { required.1 |= 1 << (bit - 64) }
        }
        (requiredLow, requiredHigh) = required
    }

    /// Scans an entry.
    ///
    /// - Throws: ``EntryError`` at the first byte that is not in the canonical form.
    public func scan(_ bytes: RawSpan) throws(EntryError) -> ScannedEntry {
        var entry = ScannedEntry()
        var forecast = EntryForecast()
        try scan(bytes, into: &entry, &forecast)
        return entry
    }

    /// Scans an entry.
    ///
    /// - Throws: ``EntryError`` at the first byte that is not in the canonical form.
    public func scan(_ bytes: [UInt8]) throws(EntryError) -> ScannedEntry {
        try unsafe scan(bytes.span.bytes)
    }

    /// Scans one of many entries into a result that is used again; of no use after an error.
    ///
    /// The forecast is what the entries before lead one to expect; this one adds to it.
    ///
    /// - Throws: ``EntryError`` at the first byte that is not in the canonical form.
    public func scan(
        _ bytes: RawSpan, into entry: inout ScannedEntry, _ forecast: inout EntryForecast
    ) throws(EntryError) {
        // A typed error cannot leave the closure of every span method, so it is carried out.
        let error: EntryError? = unsafe bytes.withUnsafeBytes { raw in
            do throws(EntryError) {
                try unsafe scan(raw, into: &entry, &forecast)
                return nil
            } catch {
                return error
            }
        }
        if let error { throw error }
    }

    /// Scans an entry into a result that is used again; of no use after an error.
    @inline(__always)
    func scan(
        _ bytes: UnsafeRawBufferPointer, into entry: inout ScannedEntry,
        _ forecast: inout EntryForecast
    ) throws(EntryError) {
        entry.reset()
        guard bytes.count <= Self.byteCountMax else {
            throw EntryError(.tooLong, at: Self.byteCountMax)
        }
        guard let base = bytes.baseAddress else { throw EntryError(.truncated, at: 0) }
        let end = try members(unsafe EntryBytes(base: base, count: bytes.count), &entry, &forecast)
        guard end == bytes.count else { throw EntryError(.trailingBytes, at: end) }
        let missing =
            (requiredLow & ~entry.presentLow) | (requiredHigh & ~entry.presentHigh)
        guard missing == 0 else { throw EntryError(.missingField, at: bytes.count) }
    }

    /// Reads the members of the entry, and those of the objects in it: two levels, one loop.
    ///
    /// Raw values follow canonical order with members after their object, so one comparison
    /// holds the order on both levels.
    ///
    /// - Returns: The place after the entry.
    private func members(
        _ bytes: EntryBytes, _ entry: inout ScannedEntry, _ forecast: inout EntryForecast
    ) throws(EntryError) -> Int {
        var last = -1
        var (object, objectField, objectStart) = (UInt8(0), 0, 0)
        var place = try bytes.after(UInt8(ascii: "{"), at: 0)
        while true {
            var row = table[forecast.follower(of: last)]
            if row.lead.stands(in: bytes, at: place), row.parent == object, Int(row.field) > last {
                place &+= row.lead.byteCount
            } else {
                (row, place) = try key(bytes, at: place, in: object, after: last)
                forecast.note(Int(row.field), after: last)
            }
            last = Int(row.field)
            if row.kind == .object {
                (object, objectField, objectStart) = (row.object, last, place &- 1)
                guard bytes.byte(at: place) != UInt8(ascii: "}") else {
                    throw EntryError(.emptyValue, at: objectStart)
                }
                continue
            }
            place = try value(row, bytes, at: place, &entry, &forecast)
            while bytes.byte(at: place) == UInt8(ascii: "}") {
                place &+= 1
                guard object != 0 else { return place }
                object = 0
                entry.set(objectField, start: objectStart, length: place &- objectStart)
            }
            place = try bytes.after(UInt8(ascii: ","), at: place)
        }
    }

    /// Reads what stands before a value: a key that no forecast had.
    @inline(never)
    private func key(
        _ bytes: EntryBytes, at place: Int, in object: UInt8, after last: Int
    ) throws(EntryError) -> (FieldTable.Row, Int) {
        let start = try bytes.after(UInt8(ascii: "\""), at: place)
        let quote = UInt8(ascii: "\"")
        var words = (bytes.word(at: start), bytes.word(at: start &+ 8), bytes.word(at: start &+ 16))
        let length: Int
        if let count = Self.cut(&words.0, at: quote) {
            (length, words.1, words.2) = (count, 0, 0)
        } else if let count = Self.cut(&words.1, at: quote) {
            (length, words.2) = (8 &+ count, 0)
        } else if let count = Self.cut(&words.2, at: quote) {
            length = 16 &+ count
        } else {
            throw bytes.failure(.unknownField, at: start)
        }
        guard length < 23,
            let row = table.row(words.0, words.1, words.2 | UInt64(object) &<< 56),
            // The words end in zeros, so a key that ends in some would be the key without them.
            row.lead.keyByteCount == length
        else { throw EntryError(.unknownField, at: start) }
        let valueStart = try bytes.after(UInt8(ascii: ":"), at: start &+ length &+ 1)
        guard Int(row.field) > last else { throw EntryError(.keyOrder, at: place) }
        guard let opening = row.kind.opening else { return (row, valueStart) }
        guard bytes.byte(at: valueStart) == opening else {
            throw bytes.failure(
                row.kind == .object ? .unexpectedByte : .wrongKind, at: valueStart)
        }
        return (row, valueStart &+ 1)
    }

    /// Keeps the bytes of a word that stand before a byte, and says how many they are; nil if it is
    /// not there.
    @inline(__always)
    private static func cut(_ word: inout UInt64, at byte: UInt8) -> Int? {
        let found = EntryBytes.matches(word, byte)
        guard found != 0 else { return nil }
        word &= (found & (0 &- found)) &>> 7 &- 1
        return found.trailingZeroBitCount &>> 3
    }
}
