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
    @inlinable
    public init?(unsafeHex hex: UnsafeRawPointer) {
        var valid = true
        unsafe self.init(
            Self.word(hex, &valid), Self.word(hex + 16, &valid),
            Self.word(hex + 32, &valid), Self.word(hex + 48, &valid))
        guard valid else { return nil }
    }

    /// Sixteen characters as a word.
    @inlinable @inline(__always)
    static func word(_ hex: UnsafeRawPointer, _ valid: inout Bool) -> UInt64 {
        let first = unsafe UInt64(littleEndian: hex.loadUnaligned(as: UInt64.self))
        let second = unsafe UInt64(
            littleEndian: hex.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        valid = valid && isHex(first) && isHex(second)
        return UInt64(fourBytes(first).byteSwapped) << 32 | UInt64(fourBytes(second).byteSwapped)
    }

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

    /// The four bytes that eight valid characters stand for, the first in the lowest byte.
    @inlinable @inline(__always)
    static func fourBytes(_ word: UInt64) -> UInt32 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let nibbles = (word & (ones &* 0x0F)) &+ ((word &>> 6) & ones) &* 9
        let pairs = (nibbles &<< 4 | nibbles &>> 8) & 0x00FF_00FF_00FF_00FF
        let quads = (pairs | pairs &>> 8) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: quads | quads &>> 16)
    }

    /// The digest as 64 lower-case hexadecimal characters.
    public var hexBytes: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(Self.hexCount)
        for word in [word0, word1, word2, word3] {
            for shift in stride(from: UInt64(60), through: 0, by: -4) {
                let nibble = UInt8(truncatingIfNeeded: word &>> shift) & 0x0F
                text.append(nibble < 10 ? nibble &+ 0x30 : nibble &+ 0x57)
            }
        }
        return text
    }

    /// The digest as 64 lower-case hexadecimal characters.
    public var hex: String {
        String(decoding: hexBytes, as: UTF8.self)
    }
}
