// SPDX-License-Identifier: Apache-2.0

/// A text of the log that was seen before: a person, an offer, a licence, a reference.
///
/// Two texts have the same number if and only if their bytes are the same.
public struct InternedID: Hashable, BitwiseCopyable, Sendable {
    /// The position of the text, in the order in which texts were first seen.
    public let rawValue: Int32

    init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    var index: Int { Int(rawValue) }
}

/// Numbers texts, so that the rest of the program compares and indexes by integers.
///
/// Texts of at most 15 bytes, as pseudonyms and references are, stand in the table itself, so that
/// a look-up reads one place in memory; all texts lie one behind the other in one array. Nothing is
/// looked up by making a `String` or any other allocation.
public struct Interner: Sendable {
    private var arena: [UInt8] = []
    private var ends: [Int] = [0]
    /// Open addressing, a power of two long.
    private var slots: [Slot] = Array(repeating: Slot(), count: 64)

    /// A text's key, and its number plus one; zero where there is none.
    private struct Slot: BitwiseCopyable {
        var key = TextKey()
        var number: Int32 = 0
    }

    /// Makes an empty interner.
    public init() {}

    /// The number of texts.
    public var count: Int { ends.count - 1 }

    /// The number of a text, if it was seen.
    public func find(_ bytes: RawSpan) -> InternedID? {
        let number = slots[position(of: bytes, TextKey(bytes))].number
        return number == 0 ? nil : InternedID(number &- 1)
    }

    /// The number of a text, given now if it was not seen.
    public mutating func intern(_ bytes: RawSpan) -> InternedID {
        let key = TextKey(bytes)
        let position = position(of: bytes, key)
        if slots[position].number != 0 { return InternedID(slots[position].number &- 1) }
        precondition(count < Int(Int32.max) - 1, "more texts than an identifier can number")
        let identifier = Int32(count)
        unsafe bytes.withUnsafeBytes { unsafe arena.append(contentsOf: $0) }
        ends.append(arena.count)
        slots[position] = Slot(key: key, number: identifier + 1)
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

    /// Takes in the texts of another interner.
    ///
    /// - Returns: The number here of each text there, in the order of the numbers there.
    mutating func merge(_ other: Interner) -> [InternedID] {
        (0..<other.count).map { number in
            let text = other.ends[number]..<other.ends[number + 1]
            return unsafe intern(other.arena.span.bytes.extracting(text))
        }
    }

    private mutating func grow() {
        var larger = Array(repeating: Slot(), count: slots.count * 2)
        for slot in slots where slot.number != 0 {
            var position = Int(slot.key.hash) & (larger.count - 1)
            while larger[position].number != 0 { position = (position + 1) & (larger.count - 1) }
            larger[position] = slot
        }
        slots = larger
    }

    /// The slot that holds the text, or the empty one where it belongs.
    @inline(__always)
    private func position(of bytes: RawSpan, _ key: TextKey) -> Int {
        var position = Int(key.hash) & (slots.count &- 1)
        while true {
            let slot = slots[position]
            if slot.number == 0 { return position }
            if slot.key == key, key.isWhole || matches(bytes, Int(slot.number) - 1) {
                return position
            }
            position = (position &+ 1) & (slots.count &- 1)
        }
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
}

/// A text of at most 15 bytes with its length, or the first bytes and the hash of a longer one.
private struct TextKey: BitwiseCopyable, Equatable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private(set) var hash: UInt32 = 0

    private static let longMark: UInt64 = 0xFF << 56

    init() {}

    // The log is hostile, but its texts are pseudonyms that the vault drew; who could choose them
    // could also fill the log.
    @inline(__always)
    init(_ bytes: RawSpan) {
        let count = bytes.byteCount
        if count < 8 {
            low = Self.start(bytes, count)
            high = UInt64(truncatingIfNeeded: count) &<< 56
        } else {
            low = Self.word(bytes, 0)
            if count < 16 {
                // The last eight bytes, without those that the first word has.
                let shift = UInt64(truncatingIfNeeded: 16 &- count) &* 8
                let rest = count == 8 ? 0 : Self.word(bytes, count &- 8) &>> shift
                high = rest | UInt64(truncatingIfNeeded: count) &<< 56
            } else {
                high = Self.rest(bytes, count, low) | Self.longMark
            }
        }
        let mixed = Self.mix(Self.mix(0x9E37_79B9_7F4A_7C15, low), high)
        hash = UInt32(truncatingIfNeeded: mixed ^ (mixed &>> 32))
    }

    /// Whether the key is the whole text.
    var isWhole: Bool { high < Self.longMark }

    @inline(__always)
    private static func word(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Fewer than eight bytes as one word.
    @inline(__always)
    private static func start(_ bytes: RawSpan, _ count: Int) -> UInt64 {
        if count >= 4 {
            let first = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self)
            let last = unsafe bytes.unsafeLoadUnaligned(
                fromByteOffset: count &- 4, as: UInt32.self)
            let shift = UInt64(truncatingIfNeeded: count &- 4) &* 8
            return UInt64(first) | UInt64(last) &<< shift
        }
        var word: UInt64 = 0
        for place in 0..<count {
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: place, as: UInt8.self)
            word |= UInt64(byte) &<< UInt64(truncatingIfNeeded: place &* 8)
        }
        return word
    }

    /// A hash of a long text from its second word on.
    private static func rest(_ bytes: RawSpan, _ count: Int, _ first: UInt64) -> UInt64 {
        var hash = mix(UInt64(truncatingIfNeeded: count), first)
        var offset = 8
        while offset &+ 8 <= count {
            hash = mix(hash, word(bytes, offset))
            offset &+= 8
        }
        return offset < count ? mix(hash, word(bytes, count &- 8)) : hash
    }

    @inline(__always)
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
