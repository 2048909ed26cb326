// SPDX-License-Identifier: Apache-2.0

/// A generator whose sequence for a seed never changes: xoshiro256**, seeded by SplitMix64.
///
/// The standard library promises no sequence across releases, and sample logs are compared byte
/// for byte, so every draw is made here from raw 64-bit words.
public struct SampleRandom: Sendable {
    private var a: UInt64
    private var b: UInt64
    private var c: UInt64
    private var d: UInt64

    /// Makes the generator of a seed.
    public init(seed: UInt64) {
        var state = seed
        func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        a = next()
        b = next()
        c = next()
        d = next()
    }

    /// The next 64-bit word.
    public mutating func next() -> UInt64 {
        let product = b &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let t = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= t
        d = (d << 45) | (d >> 19)
        return result
    }

    /// The word that comes next, which is not consumed.
    func peek() -> UInt64 {
        var copy = self
        return copy.next()
    }

    /// A number from 0 to `bound` - 1; 0 when `bound` is not positive.
    public mutating func below(_ bound: Int) -> Int {
        guard bound > 1 else { return 0 }
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number from `first` to `last`, both included.
    public mutating func between(_ first: Int, _ last: Int) -> Int {
        first + below(last - first + 1)
    }

    /// Whether an event of `perThousand` chances in a thousand happens.
    public mutating func happens(_ perThousand: Int) -> Bool {
        below(1000) < perThousand
    }

    /// Lower-case hexadecimal digits, with a letter at least every eighth digit.
    ///
    /// A run of ten decimal digits would look like a telephone number to rule R10.
    mutating func hexadecimal(_ count: Int, upperCase: Bool = false) -> String {
        let digits = Array((upperCase ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var word: UInt64 = 0
        for place in 0..<count {
            if place % 16 == 0 { word = next() }
            var digit = Int(word & 15)
            word >>= 4
            if place % 8 == 5, digit < 10 { digit = 10 + digit % 6 }
            bytes.append(digits[digit])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
