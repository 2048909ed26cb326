// SPDX-License-Identifier: Apache-2.0

/// What stands in an entry before the value of one field, to be compared as words.
///
/// It is the key with its quotes and colon, and the quote or brace that opens the value: at most 22
/// bytes of canonical text, which has no spaces.
struct KeyLead {
    private var text0: UInt64 = 0
    private var text1: UInt64 = 0
    private var text2: UInt64 = 0
    private var mask0: UInt64 = 0
    private var mask1: UInt64 = 0
    private var mask2: UInt64 = 0
    /// The number of bytes.
    private(set) var byteCount = 0
    /// The number of bytes of the key alone.
    private(set) var keyByteCount = 0

    init() {}

    /// Makes the lead of a key of at most 18 bytes.
    init(key: [UInt8], opening: UInt8?) {
        let text =
            [UInt8(ascii: "\"")] + key + [UInt8(ascii: "\""), UInt8(ascii: ":")]
            + (opening.map { [$0] } ?? [])
        precondition(text.count <= 24, "a lead of at most three words")
        (byteCount, keyByteCount) = (text.count, key.count)
        (text0, mask0) = Self.word(text, 0)
        (text1, mask1) = Self.word(text, 8)
        (text2, mask2) = Self.word(text, 16)
    }

    private static func word(_ text: [UInt8], _ start: Int) -> (UInt64, UInt64) {
        var (word, mask) = (UInt64(0), UInt64(0))
        for (index, byte) in text.dropFirst(start).prefix(8).enumerated() {
            word |= UInt64(byte) << UInt64(8 * index)
            mask |= 0xFF << UInt64(8 * index)
        }
        return (word, mask)
    }

    /// Whether it stands at a place.
    @inline(__always)
    func stands(in bytes: EntryBytes, at place: Int) -> Bool {
        guard bytes.word(at: place) & mask0 == text0 else { return false }
        guard byteCount > 8 else { return true }
        guard bytes.word(at: place &+ 8) & mask1 == text1 else { return false }
        return byteCount <= 16 || bytes.word(at: place &+ 16) & mask2 == text2
    }
}

extension EntryFieldKind {
    /// The byte that opens a value of the kind, where there is only one.
    var opening: UInt8? {
        switch self {
        case .string, .timestamp, .digest: UInt8(ascii: "\"")
        case .strings: UInt8(ascii: "[")
        case .object: UInt8(ascii: "{")
        case .integer, .boolean: nil
        }
    }
}
