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
    /// Open addressing, a power of two long; zero is empty, else the identifier plus one.
    private var slots: [Int32] = Array(repeating: 0, count: 64)

    /// Makes an empty interner.
    public init() {}

    /// The number of texts.
    public var count: Int { ends.count - 1 }

    /// The number of a text, if it was seen.
    public func find(_ bytes: RawSpan) -> InternedID? {
        let raw = slots[slot(of: bytes)]
        return raw == 0 ? nil : InternedID(raw - 1)
    }

    /// The number of a text, given now if it was not seen.
    public mutating func intern(_ bytes: RawSpan) -> InternedID {
        let position = slot(of: bytes)
        if slots[position] != 0 { return InternedID(slots[position] - 1) }
        precondition(count < Int(Int32.max) - 1, "more texts than an identifier can number")
        let identifier = Int32(count)
        for offset in bytes.byteOffsets {
            arena.append(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
        }
        ends.append(arena.count)
        slots[position] = identifier + 1
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
        var larger: [Int32] = Array(repeating: 0, count: slots.count * 2)
        for identifier in 0..<count {
            let text = arena.span.extracting(ends[identifier]..<ends[identifier + 1])
            var position = unsafe Self.hash(text.bytes) & (larger.count - 1)
            while larger[position] != 0 { position = (position + 1) & (larger.count - 1) }
            larger[position] = Int32(identifier) + 1
        }
        slots = larger
    }

    /// The slot that holds the text, or the empty one where it belongs.
    private func slot(of bytes: RawSpan) -> Int {
        var position = Self.hash(bytes) & (slots.count - 1)
        while slots[position] != 0, !matches(bytes, slots[position] - 1) {
            position = (position + 1) & (slots.count - 1)
        }
        return position
    }

    private func matches(_ bytes: RawSpan, _ identifier: Int32) -> Bool {
        let start = ends[Int(identifier)]
        guard ends[Int(identifier) + 1] - start == bytes.byteCount else { return false }
        for offset in bytes.byteOffsets
        where
            unsafe (bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            != arena[start + offset])
        {
            return false
        }
        return true
    }

    // FNV-1a, with its high bits folded in. The log is hostile, but its texts are pseudonyms that
    // the vault drew; who could choose them could also fill the log.
    private static func hash(_ bytes: RawSpan) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for offset in bytes.byteOffsets {
            hash ^= UInt64(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            hash = hash &* 0x0000_0100_0000_01b3
        }
        return Int(truncatingIfNeeded: hash ^ (hash >> 29))
    }
}
