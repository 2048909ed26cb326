// SPDX-License-Identifier: Apache-2.0

/// The table of fields: what the text of each is, and which field a key names.
///
/// A key of at most 23 bytes is three words, with the object it is in (0 for none) in the highest
/// byte, and one multiplication finds it: the multiplier is sought once, until no two fields share a
/// slot. The table is a value with pointers to memory that is never freed, so that no lookup counts
/// references.
@safe
struct FieldTable: Sendable {
    /// One field.
    struct Row {
        /// Its key, as three words.
        var word0: UInt64 = 0
        var word1: UInt64 = 0
        var word2: UInt64 = 0
        /// What stands before its value, `"key":` and the quote or brace that opens it, as words, and
        /// which of their bits count.
        var lead = KeyLead()
        var field: UInt8 = 0
        var kind: EntryFieldKind = .string
        /// The number of the object that this field is, or 0.
        var object: UInt8 = 0
        /// The number of the object that this field is in, or 0.
        var parent: UInt8 = 0
    }

    static let shared = FieldTable()

    private static let slotBits = 11

    // SAFETY: written by `init` alone, and kept until the process ends.
    private nonisolated(unsafe) let slots: UnsafeMutablePointer<UInt8>
    private nonisolated(unsafe) let rows: UnsafeMutablePointer<Row>
    private let rowCount: Int
    private let multiplier: UInt64

    private init() {
        var objects: [Substring: UInt8] = [:]
        var table: [Row] = []
        for field in EntryField.allCases {
            let parts = field.name.split(separator: ".")
            var row = Row()
            row.field = field.rawValue
            row.kind = field.kind
            if field.kind == .object, let key = parts.last {
                row.object = UInt8(objects.count + 1)
                objects[key] = row.object
            }
            let context = parts.count == 2 ? objects[parts[0]] ?? 0xFF : 0
            let bytes = Array((parts.last ?? "").utf8)
            precondition(bytes.count <= 18, "a key of at most 18 bytes")
            (row.word0, row.word1, row.word2) = Self.words(bytes)
            row.word2 |= UInt64(context) << 56
            row.parent = context
            row.lead = KeyLead(key: bytes, opening: row.kind.opening)
            table.append(row)
        }
        let slotCount = 1 << Self.slotBits
        unsafe slots = .allocate(capacity: slotCount)
        unsafe rows = .allocate(capacity: table.count)
        rowCount = table.count
        for (index, row) in table.enumerated() {
            unsafe (rows + index).initialize(to: row)
        }
        var candidate: UInt64 = 0x9E37_79B9_7F4A_7C15
        while unsafe !Self.fill(slots, table, candidate) {
            candidate = (candidate &* 0xD129_0D3B_5C6C_5A2D &+ 0x2545_F491_4F6C_DD1D) | 1
        }
        multiplier = candidate
    }

    private static func words(_ bytes: [UInt8]) -> (UInt64, UInt64, UInt64) {
        var words: [UInt64] = [0, 0, 0]
        for (index, byte) in bytes.enumerated() {
            words[index / 8] |= UInt64(byte) << UInt64(8 * (index % 8))
        }
        return (words[0], words[1], words[2])
    }

    private static func fill(
        _ slots: UnsafeMutablePointer<UInt8>, _ table: [Row], _ multiplier: UInt64
    ) -> Bool {
        unsafe slots.initialize(repeating: 0xFF, count: 1 << slotBits)
        for (index, row) in table.enumerated() {
            let slot = slot(row.word0, row.word1, row.word2, multiplier)
            guard unsafe slots[slot] == 0xFF else { return false }
            unsafe slots[slot] = UInt8(index)
        }
        return true
    }

    @inline(__always)
    private static func slot(
        _ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ multiplier: UInt64
    ) -> Int {
        let mixed = word0 ^ (word1 &<< 3 &+ word1) ^ (word2 &<< 1)
        return Int(truncatingIfNeeded: (mixed &* multiplier) &>> UInt64(64 &- slotBits))
    }

    /// The row of a key; nil if no field has it.
    @inline(__always)
    func row(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64) -> Row? {
        let index = unsafe slots[Self.slot(word0, word1, word2, multiplier)]
        guard index != 0xFF else { return nil }
        let row = unsafe rows[Int(index)]
        guard row.word0 == word0, row.word1 == word1, row.word2 == word2 else { return nil }
        return row
    }

    /// The row of a field, by its raw value.
    @inline(__always)
    subscript(_ field: Int) -> Row {
        precondition(field < rowCount, "a field of the format")
        return unsafe rows[field]
    }
}
