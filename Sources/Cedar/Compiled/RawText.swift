// SPDX-License-Identifier: Apache-2.0

/// Texts one after the other, by their numbers: what a look-up compares with, without a reference
/// to count for each.
struct ByteColumn {
    private var bytes: [UInt8] = []
    private var ends = [0]

    var count: Int { ends.count - 1 }

    mutating func append(_ text: String) {
        bytes += Array(text.utf8)
        ends.append(bytes.count)
    }

    /// Whether the text of this number has these bytes.
    @inline(__always)
    func holds(_ number: Int, _ text: RawSpan) -> Bool {
        let start = ends[number]
        guard ends[number + 1] - start == text.byteCount else { return false }
        return unsafe bytes.span.bytes.holds(text, at: start)
    }

    /// Whether the text of this number has the form of a pattern.
    func matches(_ number: Int, _ pattern: BytePattern) -> Bool {
        pattern.matches(unsafe bytes.span.bytes, ends[number], ends[number + 1])
    }
}

extension String {
    /// A hash of the bytes, for this seed.
    func hash(_ seed: UInt64) -> UInt64 { unsafe utf8Span.span.bytes.hash(seed) }

    /// Whether both are the same value in memory, and so the same text; if not, they still may be.
    @inline(__always)
    func isIdentical(to other: String) -> Bool {
        let mine = unsafe unsafeBitCast(self, to: (UInt64, UInt64).self)
        let theirs = unsafe unsafeBitCast(other, to: (UInt64, UInt64).self)
        return mine == theirs
    }
}

// Loads are unchecked: each place was compared with the count of bytes before.
extension RawSpan {
    @inline(__always)
    private func word(at position: Int) -> UInt64 {
        unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self)
    }

    @inline(__always)
    private func halfWord(at position: Int) -> UInt64 {
        UInt64(unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt32.self))
    }

    @inline(__always)
    private func byte(at position: Int) -> UInt64 {
        UInt64(unsafe unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self))
    }

    /// All bytes of a text of fewer than eight.
    @inline(__always)
    private func shortWord(at start: Int, _ count: Int) -> UInt64 {
        if count >= 4 { return halfWord(at: start) | halfWord(at: start + count - 4) << 32 }
        if count == 0 { return 0 }
        return byte(at: start) | byte(at: start + count / 2) << 8 | byte(at: start + count - 1)
            << 16
    }

    /// Whether a text stands at a place; eight bytes at a time, of which the last may overlap.
    @inline(__always)
    fileprivate func holds(_ text: RawSpan, at start: Int) -> Bool {
        let count = text.byteCount
        if count < 8 { return shortWord(at: start, count) == text.shortWord(at: 0, count) }
        var position = 0
        while position < count - 8 {
            if word(at: start + position) != text.word(at: position) { return false }
            position += 8
        }
        return word(at: start + count - 8) == text.word(at: count - 8)
    }

    /// Mixes eight bytes at a time, with a multiplication of 64 by 64 bits for each.
    @inline(__always)
    func hash(_ seed: UInt64) -> UInt64 {
        var state = seed ^ UInt64(byteCount)
        if byteCount < 8 { return (state ^ shortWord(at: 0, byteCount)).mixed }
        var position = 0
        while position < byteCount - 8 {
            state = (state ^ word(at: position)).mixed
            position += 8
        }
        return (state ^ word(at: byteCount - 8)).mixed
    }
}

extension UInt64 {
    /// The product with a constant, both halves of it.
    @inline(__always)
    var mixed: UInt64 {
        let product = multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
