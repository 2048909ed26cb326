// SPDX-License-Identifier: Apache-2.0

/// A place in the bytes of an entry, read eight at a time.
///
/// Every load goes through ``word(at:)`` or ``byte(at:)``, which check the end: past it there are
/// zero bytes, which no canonical entry holds, so a cut entry fails like a wrong one.
@safe
struct EntryCursor {
    private let base: UnsafeRawPointer
    let end: Int
    var offset = 0

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
    func failure(_ code: EntryError.Code = .unexpectedByte, at place: Int) -> EntryError {
        place >= end ? EntryError(.truncated, at: end) : EntryError(code, at: place)
    }

    /// Steps over one byte that must be there.
    @inline(__always)
    mutating func expect(_ expected: UInt8) throws(EntryError) {
        guard byte(at: offset) == expected else { throw failure(at: offset) }
        offset &+= 1
    }

    /// The high bit of each byte that equals `byte`; exact up to the lowest one set.
    @inline(__always)
    static func matches(_ word: UInt64, _ byte: UInt8) -> UInt64 {
        let difference = word ^ (ones &* UInt64(byte))
        return (difference &- ones) & ~difference & high
    }
}
