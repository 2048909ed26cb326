// SPDX-License-Identifier: Apache-2.0

/// The bytes of an entry, read many at a time and never past their end.
///
/// Every load goes through ``word(at:)``, ``byte(at:)`` or ``plainEnd(from:)``, which check the end:
/// past it there are zero bytes, which no canonical entry holds, so a cut entry fails like a wrong
/// one. Places are in bytes from the start.
@safe
struct EntryBytes {
    private let base: UnsafeRawPointer
    let end: Int

    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let high: UInt64 = 0x8080_8080_8080_8080

    init(base: UnsafeRawPointer, count: Int) {
        unsafe self.base = base
        end = count
    }

    /// The eight bytes at a place, the first in the lowest byte; zeros past the end.
    @inline(__always)
    func word(at place: Int) -> UInt64 {
        guard place &+ 8 > end else {
            return unsafe UInt64(
                littleEndian: base.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        }
        return lastWord(at: place)
    }

    private func lastWord(at place: Int) -> UInt64 {
        guard place < end else { return 0 }
        guard end < 8 else {
            let word = unsafe UInt64(
                littleEndian: base.loadUnaligned(fromByteOffset: end &- 8, as: UInt64.self))
            return word &>> UInt64((place &+ 8 &- end) &* 8)
        }
        var word: UInt64 = 0
        for index in place..<end {
            word |= UInt64(byte(at: index)) << UInt64(8 * (index - place))
        }
        return word
    }

    /// The byte at a place; zero past the end.
    @inline(__always)
    func byte(at place: Int) -> UInt8 {
        guard place < end else { return 0 }
        return unsafe base.load(fromByteOffset: place, as: UInt8.self)
    }

    /// A pointer to `count` bytes from a place on; nil if the entry ends before.
    @inline(__always)
    func pointer(at place: Int, count: Int) -> UnsafeRawPointer? {
        guard place &+ count <= end else { return nil }
        return unsafe base + place
    }

    /// The error for a byte that cannot stand at a place.
    @inline(never)
    func failure(_ code: EntryError.Code = .unexpectedByte, at place: Int) -> EntryError {
        place >= end ? EntryError(.truncated, at: end) : EntryError(code, at: place)
    }

    /// The place after one byte that must be at a place.
    @inline(__always)
    func after(_ expected: UInt8, at place: Int) throws(EntryError) -> Int {
        guard byte(at: place) == expected else { throw failure(at: place) }
        return place &+ 1
    }

    /// The high bit of each byte that equals `byte`; exact up to the lowest one set.
    @inline(__always)
    static func matches(_ word: UInt64, _ byte: UInt8) -> UInt64 {
        let difference = word ^ (ones &* UInt64(byte))
        return (difference &- ones) & ~difference & high
    }

    /// The first place from `start` on whose byte is not plain: a quote, a backslash, a control
    /// character, a byte that is not ASCII, or the end.
    @inline(__always)
    func plainEnd(from start: Int) -> Int {
        // Vectors, since comparing one with a single number runs byte by byte.
        let space = SIMD16<Int8>(repeating: 0x20)
        let quote = SIMD16<Int8>(repeating: 0x22)
        let backslash = SIMD16<Int8>(repeating: 0x5C)
        var place = start
        while place &+ 16 <= end {
            // As signed numbers, control characters and bytes above ASCII are all below a space.
            let bytes = unsafe base.loadUnaligned(fromByteOffset: place, as: SIMD16<Int8>.self)
            let special =
                (bytes .< space) .| (bytes .== quote) .| (bytes .== backslash)
            let words = unsafe unsafeBitCast(special, to: SIMD2<UInt64>.self)
            if words[0] != 0 { return place &+ words[0].trailingZeroBitCount &>> 3 }
            if words[1] != 0 { return place &+ 8 &+ words[1].trailingZeroBitCount &>> 3 }
            place &+= 16
        }
        return lastPlainEnd(from: place)
    }

    /// The same of the last fifteen bytes, and of the zeros that follow them.
    private func lastPlainEnd(from start: Int) -> Int {
        var place = start
        while true {
            let word = word(at: place)
            let control = (word &- Self.ones &* 0x20) & ~word
            let special =
                (Self.matches(word, UInt8(ascii: "\"")) | Self.matches(word, UInt8(ascii: "\\"))
                    | control | word) & Self.high
            if special != 0 { return place &+ special.trailingZeroBitCount &>> 3 }
            place &+= 8
        }
    }
}
