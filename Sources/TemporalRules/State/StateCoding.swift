// SPDX-License-Identifier: Apache-2.0

/// Writes the state of rules as bytes: integers in base 128, the sign in the lowest bit.
struct StateWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: Int64) {
        var rest = UInt64(bitPattern: value &<< 1) ^ UInt64(bitPattern: value &>> 63)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func write(_ count: Int) { write(Int64(count)) }

    mutating func write(index: UInt64) { write(Int64(bitPattern: index)) }

    mutating func write(_ key: RuleKey, width: Int) {
        if width > 0 { write(key.first) }
        if width > 1 { write(key.second) }
        if width > 2 { write(key.third) }
    }

    mutating func write(raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }
}

/// Reads what ``StateWriter`` wrote, and refuses everything else.
struct StateReader {
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    var isAtEnd: Bool { place == bytes.endIndex }

    private var malformed: RuleError { RuleError(.malformedState) }

    mutating func integer() throws(RuleError) -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.endIndex {
            let byte = bytes[place]
            place += 1
            // The tenth byte holds one bit, and no number ends in a byte of nothing.
            if shift == 63, byte > 1 { throw malformed }
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 {
                if byte == 0, shift > 0 { throw malformed }
                return Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
            }
            shift += 7
            if shift > 63 { throw malformed }
        }
        throw malformed
    }

    /// A number of things that each take at least a byte.
    mutating func count() throws(RuleError) -> Int {
        let value = try integer()
        guard value >= 0, value <= bytes.endIndex - place else { throw malformed }
        return Int(value)
    }

    mutating func index() throws(RuleError) -> UInt64 { UInt64(bitPattern: try integer()) }

    mutating func flag() throws(RuleError) -> Bool {
        let value = try integer()
        guard value == 0 || value == 1 else { throw malformed }
        return value == 1
    }

    mutating func key(width: Int) throws(RuleError) -> RuleKey {
        RuleKey(
            width > 0 ? try integer() : 0, width > 1 ? try integer() : 0,
            width > 2 ? try integer() : 0)
    }

    mutating func raw(_ count: Int) throws(RuleError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.endIndex - place else { throw malformed }
        defer { place += count }
        return bytes[place..<place + count]
    }
}
