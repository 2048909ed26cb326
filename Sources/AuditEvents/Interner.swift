// SPDX-License-Identifier: Apache-2.0

/// A text of the log that was seen before: a person, an offer, a licence, a reference.
///
/// Two texts have the same number if and only if their bytes are the same.
public struct InternedID: Hashable, Sendable {
    /// The position of the text, in the order in which texts were first seen.
    public let rawValue: Int32

    init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    var index: Int { Int(rawValue) }
}

/// Numbers texts, so that the rest of the program compares and indexes by integers.
///
/// All texts lie one behind the other in one array, and a look-up makes neither a `String` nor
/// any other allocation.
public struct Interner: Sendable {
    private var arena: [UInt8] = []
    private var ends: [Int] = [0]
    /// Open addressing, a power of two long.
    private var slots: [Slot] = Array(repeating: .empty, count: 64)

    /// A text's hash, and its number plus one; zero where there is none.
    private struct Slot: BitwiseCopyable {
        var hash: UInt32
        var number: Int32

        static let empty = Slot(hash: 0, number: 0)
    }

    /// Makes an empty interner.
    public init() {}

    /// The number of texts.
    public var count: Int { ends.count - 1 }

    /// The number of a text, if it was seen.
    public func find(_ bytes: RawSpan) -> InternedID? {
        let number = slots[position(of: bytes, hash: Self.hash(bytes))].number
        return number == 0 ? nil : InternedID(number - 1)
    }

    /// The number of a text, given now if it was not seen.
    public mutating func intern(_ bytes: RawSpan) -> InternedID {
        let hash = Self.hash(bytes)
        let position = position(of: bytes, hash: hash)
        if slots[position].number != 0 { return InternedID(slots[position].number - 1) }
        precondition(count < Int(Int32.max) - 1, "more texts than an identifier can number")
        let identifier = Int32(count)
        unsafe bytes.withUnsafeBytes { unsafe arena.append(contentsOf: $0) }
        ends.append(arena.count)
        slots[position] = Slot(hash: hash, number: identifier + 1)
        if count * 2 > slots.count { grow() }
        return InternedID(identifier)
    }

    /// The bytes of a text.
    public func bytes(_ identifier: InternedID) -> ArraySlice<UInt8> {
        arena[ends[identifier.index]..<ends[identifier.index + 1]]
    }

    /// The text as a string, for people to read.
    public func string(_ identifier: InternedID) -> String {
        String(decoding: bytes(identifier), as: UTF8.self)
    }

    private mutating func grow() {
        var larger: [Slot] = Array(repeating: .empty, count: slots.count * 2)
        for slot in slots where slot.number != 0 {
            var position = Int(slot.hash) & (larger.count - 1)
            while larger[position].number != 0 { position = (position + 1) & (larger.count - 1) }
            larger[position] = slot
        }
        slots = larger
    }

    /// The slot that holds the text, or the empty one where it belongs.
    private func position(of bytes: RawSpan, hash: UInt32) -> Int {
        var position = Int(hash) & (slots.count - 1)
        while slots[position].number != 0 {
            let slot = slots[position]
            if slot.hash == hash, matches(bytes, Int(slot.number) - 1) { break }
            position = (position + 1) & (slots.count - 1)
        }
        return position
    }

    private func matches(_ bytes: RawSpan, _ identifier: Int) -> Bool {
        let start = ends[identifier]
        let end = ends[identifier + 1]
        guard end - start == bytes.byteCount else { return false }
        return unsafe arena.withUnsafeBytes { arena in
            unsafe bytes.withUnsafeBytes { wanted in
                unsafe UnsafeRawBufferPointer(rebasing: arena[start..<end])
                    .isEqual(to: wanted)
            }
        }
    }

    // Words are multiplied in full and folded. The log is hostile, but its texts are pseudonyms
    // that the vault drew; who could choose them could also fill the log.
    private static func hash(_ bytes: RawSpan) -> UInt32 {
        let count = bytes.byteCount
        var hash = UInt64(truncatingIfNeeded: count) ^ 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset &+ 8 <= count {
            hash = mix(
                hash, unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset &+= 8
        }
        if offset < count {
            var word: UInt64 = 0
            if count >= 8 {
                word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
            } else {
                for place in offset..<count {
                    let byte = unsafe bytes.unsafeLoad(fromByteOffset: place, as: UInt8.self)
                    word = word &<< 8 | UInt64(byte)
                }
            }
            hash = mix(hash, word)
        }
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    }

    private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low &+ word
    }
}

extension UnsafeRawBufferPointer {
    /// Whether two buffers of the same length hold the same bytes, compared word by word.
    fileprivate func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset &+ 8 <= count {
            let left = unsafe loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let right = unsafe other.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if left != right { return false }
            offset &+= 8
        }
        while offset < count {
            if unsafe self[offset] != other[offset] { return false }
            offset &+= 1
        }
        return true
    }
}
