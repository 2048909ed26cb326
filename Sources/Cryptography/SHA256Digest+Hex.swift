// SPDX-License-Identifier: Apache-2.0

extension SHA256Digest {
    /// The number of characters of a digest in hexadecimal.
    public static let hexCount = 64

    /// Makes a digest from 64 lower-case hexadecimal characters; nil for anything else.
    public init?(hex: RawSpan) {
        guard hex.byteCount == Self.hexCount else { return nil }
        let digest: SHA256Digest? = unsafe hex.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return nil }
            return unsafe SHA256Digest(unsafeHex: base)
        }
        guard let digest else { return nil }
        self = digest
    }

    /// Makes a digest from 64 lower-case hexadecimal characters; nil for anything else.
    public init?(hex: some StringProtocol) {
        unsafe self.init(hex: Array(hex.utf8).span.bytes)
    }

    /// Makes a digest from the 64 characters that start at `hex`; nil if one is not lower-case
    /// hexadecimal.
    @inlinable @inline(__always)
    public init?(unsafeHex hex: UnsafeRawPointer) {
        var wrong = SIMD16<UInt8>(repeating: 0)
        unsafe self.init(
            Self.word(hex, &wrong), Self.word(hex + 16, &wrong),
            Self.word(hex + 32, &wrong), Self.word(hex + 48, &wrong))
        let words = unsafe unsafeBitCast(wrong, to: SIMD2<UInt64>.self)
        guard words[0] | words[1] == 0 else { return nil }
    }

    /// Sixteen characters as a word; bits of `wrong` are set where one is not a digit.
    @inlinable @inline(__always)
    static func word(_ hex: UnsafeRawPointer, _ wrong: inout SIMD16<UInt8>) -> UInt64 {
        let text = unsafe hex.loadUnaligned(as: SIMD16<Int8>.self)
        // Each range starts at the least of the signed numbers, so that one comparison holds it. The
        // lanes of a mask are all ones or all zeros. Types are written out: with inferred ones the
        // comparisons are those of all vectors, lane by lane.
        let digit: SIMD16<Int8> = text &- SIMD16<Int8>(repeating: -80)
        let letter: SIMD16<Int8> = text &- SIMD16<Int8>(repeating: -31)
        let digitsEnd = SIMD16<Int8>(repeating: -118)
        let lettersEnd = SIMD16<Int8>(repeating: -122)
        let isDigit = digit .< digitsEnd
        let isLetter = letter .< lettersEnd
        let valid = unsafe unsafeBitCast(isDigit .| isLetter, to: SIMD16<UInt8>.self)
        let letters = unsafe unsafeBitCast(isLetter, to: SIMD16<UInt8>.self)
        let characters = unsafe unsafeBitCast(text, to: SIMD16<UInt8>.self)
        wrong = wrong | (valid ^ SIMD16(repeating: 0xFF))
        let nibbles = (characters & SIMD16(repeating: 0x0F)) &+ (letters & SIMD16(repeating: 9))
        let pairs = unsafe unsafeBitCast(nibbles, to: SIMD8<UInt16>.self)
        let bytes =
            ((pairs &<< SIMD8(repeating: 4)) | (pairs &>> SIMD8(repeating: 8)))
            & SIMD8(repeating: 0xFF)
        let words = unsafe unsafeBitCast(bytes, to: SIMD2<UInt64>.self)
        return UInt64(fourBytes(words[0]).byteSwapped) &<< 32
            | UInt64(fourBytes(words[1]).byteSwapped)
    }

    /// The four bytes that the even bytes of a word are, the first in the lowest byte.
    @inlinable @inline(__always)
    static func fourBytes(_ pairs: UInt64) -> UInt32 {
        let quads = (pairs | pairs &>> 8) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: quads | quads &>> 16)
    }

    // MARK: Characters

    /// Whether all eight bytes of a word are in `0`-`9` or `a`-`f`.
    ///
    /// Each sum sets the high bit of a byte that is at or above a bound, all eight at a time.
    @inlinable @inline(__always)
    public static func isHex(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high = ones &* 0x80
        let low = word & ~high
        let atLeast0 = low &+ ones &* (0x80 - 0x30)
        let above9 = low &+ ones &* (0x80 - 0x3A)
        let atLeastA = low &+ ones &* (0x80 - 0x61)
        let aboveF = low &+ ones &* (0x80 - 0x67)
        let valid = (atLeast0 & ~above9) | (atLeastA & ~aboveF)
        return valid & ~word & high == high
    }

    /// The digest as 64 lower-case hexadecimal characters.
    public var hexBytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Self.hexCount) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            unsafe storeHex(to: UnsafeMutableRawPointer(base))
            count = Self.hexCount
        }
    }

    /// Writes the digest as 64 lower-case hexadecimal characters from `destination` on.
    public func storeHex(to destination: UnsafeMutableRawPointer) {
        unsafe Self.store(word0, to: destination)
        unsafe Self.store(word1, to: destination + 16)
        unsafe Self.store(word2, to: destination + 32)
        unsafe Self.store(word3, to: destination + 48)
    }

    /// A word as sixteen characters.
    @inline(__always)
    private static func store(_ word: UInt64, to destination: UnsafeMutableRawPointer) {
        // Types are written out, as in `word`.
        let bytes = unsafe unsafeBitCast(word.byteSwapped, to: SIMD8<UInt8>.self)
        let wide = SIMD8<UInt16>(truncatingIfNeeded: bytes)
        let pairs: SIMD8<UInt16> =
            (wide &>> SIMD8<UInt16>(repeating: 4))
            | ((wide & SIMD8<UInt16>(repeating: 0x0F)) &<< SIMD8<UInt16>(repeating: 8))
        let nibbles = unsafe unsafeBitCast(pairs, to: SIMD16<Int8>.self)
        let isLetter = nibbles .> SIMD16<Int8>(repeating: 9)
        let letters = unsafe unsafeBitCast(isLetter, to: SIMD16<Int8>.self)
        let text: SIMD16<Int8> =
            nibbles &+ SIMD16<Int8>(repeating: 0x30) &+ (letters & SIMD16<Int8>(repeating: 39))
        unsafe destination.storeBytes(of: text, as: SIMD16<Int8>.self)
    }

    /// The digest as 64 lower-case hexadecimal characters.
    public var hex: String {
        String(decoding: hexBytes, as: UTF8.self)
    }
}
