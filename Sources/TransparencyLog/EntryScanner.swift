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
        try scan(bytes, into: &entry)
        return entry
    }

    /// Scans an entry.
    ///
    /// - Throws: ``EntryError`` at the first byte that is not in the canonical form.
    public func scan(_ bytes: [UInt8]) throws(EntryError) -> ScannedEntry {
        try unsafe scan(bytes.span.bytes)
    }

    /// Scans an entry into a result that is used again; of no use after an error.
    ///
    /// - Throws: ``EntryError`` at the first byte that is not in the canonical form.
    public func scan(_ bytes: RawSpan, into entry: inout ScannedEntry) throws(EntryError) {
        // A typed error cannot leave the closure of every span method, so it is carried out.
        let error: EntryError? = unsafe bytes.withUnsafeBytes { raw in
            do throws(EntryError) {
                try unsafe scan(raw, into: &entry)
                return nil
            } catch {
                return error
            }
        }
        if let error { throw error }
    }

    /// Scans an entry into a result that is used again; of no use after an error.
    func scan(
        _ bytes: UnsafeRawBufferPointer, into entry: inout ScannedEntry
    ) throws(EntryError) {
        entry.reset()
        guard bytes.count <= Self.byteCountMax else {
            throw EntryError(.tooLong, at: Self.byteCountMax)
        }
        guard let base = bytes.baseAddress else { throw EntryError(.truncated, at: 0) }
        var cursor = unsafe EntryCursor(base: base, count: bytes.count)
        try members(&cursor, &entry)
        guard cursor.offset == bytes.count else {
            throw EntryError(.trailingBytes, at: cursor.offset)
        }
        let missing =
            (requiredLow & ~entry.presentLow) | (requiredHigh & ~entry.presentHigh)
        guard missing == 0 else { throw EntryError(.missingField, at: bytes.count) }
    }

    /// Reads the members of the entry, and those of the objects in it: two levels, one loop.
    ///
    /// Raw values follow canonical order with members after their object, so one comparison
    /// holds the order on both levels.
    private func members(
        _ cursor: inout EntryCursor, _ entry: inout ScannedEntry
    ) throws(EntryError) {
        var last = -1
        var (object, objectField, objectStart) = (UInt8(0), 0, 0)
        try cursor.expect(UInt8(ascii: "{"))
        while true {
            let keyOffset = cursor.offset
            let row = try key(&cursor, in: object)
            guard Int(row.field) > last else { throw EntryError(.keyOrder, at: keyOffset) }
            last = Int(row.field)
            if row.kind == .object {
                (object, objectField, objectStart) = (row.object, last, cursor.offset)
                try cursor.expect(UInt8(ascii: "{"))
                guard cursor.byte(at: cursor.offset) != UInt8(ascii: "}") else {
                    throw EntryError(.emptyValue, at: objectStart)
                }
                continue
            }
            try value(row, &cursor, &entry)
            while cursor.byte(at: cursor.offset) == UInt8(ascii: "}") {
                cursor.offset &+= 1
                guard object != 0 else { return }
                object = 0
                entry.set(
                    objectField, start: objectStart, length: cursor.offset &- objectStart)
            }
            try cursor.expect(UInt8(ascii: ","))
        }
    }

    /// Reads a key with its quotes and colon.
    @inline(__always)
    private func key(
        _ cursor: inout EntryCursor, in object: UInt8
    ) throws(EntryError) -> FieldTable.Row {
        let start = cursor.offset &+ 1
        guard cursor.byte(at: cursor.offset) == UInt8(ascii: "\"") else {
            throw cursor.failure(at: cursor.offset)
        }
        var (word0, word1, word2) = (cursor.word(at: start), UInt64(0), UInt64(0))
        var length: Int
        let quote = UInt8(ascii: "\"")
        let quotes0 = EntryCursor.matches(word0, quote)
        if quotes0 != 0 {
            length = quotes0.trailingZeroBitCount &>> 3
            word0 &= (quotes0 & (0 &- quotes0)) &>> 7 &- 1
        } else {
            word1 = cursor.word(at: start &+ 8)
            let quotes1 = EntryCursor.matches(word1, quote)
            if quotes1 != 0 {
                length = 8 &+ quotes1.trailingZeroBitCount &>> 3
                word1 &= (quotes1 & (0 &- quotes1)) &>> 7 &- 1
            } else {
                word2 = cursor.word(at: start &+ 16)
                let quotes2 = EntryCursor.matches(word2, quote)
                guard quotes2 != 0 else { throw cursor.failure(.unknownField, at: start) }
                length = 16 &+ quotes2.trailingZeroBitCount &>> 3
                word2 &= (quotes2 & (0 &- quotes2)) &>> 7 &- 1
            }
        }
        guard length < 23, let row = table.row(word0, word1, word2 | UInt64(object) &<< 56) else {
            throw EntryError(.unknownField, at: start)
        }
        cursor.offset = start &+ length &+ 1
        try cursor.expect(UInt8(ascii: ":"))
        return row
    }
}
