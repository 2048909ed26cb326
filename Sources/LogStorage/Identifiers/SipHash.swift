// SPDX-License-Identifier: Apache-2.0

/// SipHash-2-4 (Aumasson and Bernstein, 2012): a hash of 64 bits under a secret of 128.
///
/// Without the secret nobody can choose names that share a hash, which would make each of them be
/// looked up on the disk.
struct SipHash {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64

    init(_ key: IdentifierKey) {
        v0 = key.low ^ 0x736F_6D65_7073_6575
        v1 = key.high ^ 0x646F_7261_6E64_6F6D
        v2 = key.low ^ 0x6C79_6765_6E65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    @inline(__always)
    private mutating func round() {
        v0 = v0 &+ v1
        v1 = (v1 &<< 13 | v1 &>> 51) ^ v0
        v0 = v0 &<< 32 | v0 &>> 32
        v2 = v2 &+ v3
        v3 = (v3 &<< 16 | v3 &>> 48) ^ v2
        v0 = v0 &+ v3
        v3 = (v3 &<< 21 | v3 &>> 43) ^ v0
        v2 = v2 &+ v1
        v1 = (v1 &<< 17 | v1 &>> 47) ^ v2
        v2 = v2 &<< 32 | v2 &>> 32
    }

    @inline(__always)
    mutating func add(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    /// Adds the bytes of a range, and their number, so that no two lists of texts look the same.
    @inline(__always)
    mutating func add(_ bytes: RawSpan, _ range: Range<Int>) {
        var place = range.lowerBound
        while place &+ 8 <= range.upperBound {
            add(
                unsafe UInt64(
                    littleEndian: bytes.unsafeLoadUnaligned(
                        fromByteOffset: place, as: UInt64.self)))
            place &+= 8
        }
        let restCount = range.upperBound &- place
        var rest: UInt64 = 0
        if restCount > 0, range.upperBound >= 8 {
            // The last bytes are at the end of a word that is within the text too.
            rest = unsafe UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(
                    fromByteOffset: range.upperBound &- 8, as: UInt64.self))
            rest &>>= UInt64(truncatingIfNeeded: 64 &- 8 &* restCount)
        } else {
            for byte in 0..<restCount {
                let value = unsafe bytes.unsafeLoad(fromByteOffset: place &+ byte, as: UInt8.self)
                rest |= UInt64(value) &<< UInt64(truncatingIfNeeded: 8 &* byte)
            }
        }
        add(rest | UInt64(truncatingIfNeeded: range.count) &<< 56)
    }

    /// The hash of what was added.
    @inline(__always)
    consuming func finish() -> UInt64 {
        v2 ^= 0xFF
        for _ in 0..<4 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }
}

/// The secret under which the names of one log's entries are hashed.
struct IdentifierKey: Equatable, Sendable {
    var low: UInt64
    var high: UInt64

    /// The hash of a name, whose parts are in an entry or submission.
    @inline(__always)
    func hash(_ bytes: RawSpan, source: Range<Int>, identifier: Range<Int>) -> UInt64 {
        precondition(
            max(source.upperBound, identifier.upperBound) <= bytes.byteCount, "within the entry")
        var hash = SipHash(self)
        hash.add(bytes, source)
        hash.add(bytes, identifier)
        return hash.finish()
    }
}
