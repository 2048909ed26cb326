// SPDX-License-Identifier: Apache-2.0

import Cryptography

/// Texts of the log as the numbers that rules over time correlate.
///
/// A number depends on the text alone, so that saved state needs no table of texts. Pseudonyms and
/// short references are written into the number, without loss; of any other text the number holds
/// 61 bits of SHA-256, so that two texts share one only if somebody looked for them, who could
/// then as well write the reference itself.
enum RuleText {
    /// The number of a text.
    static func number(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        if bytes.count == 13, let number = unsafe pseudonym(bytes) { return 1 << 61 | number }
        if bytes.count <= 9, let number = unsafe short(bytes) { return 2 << 61 | number }
        let digest = unsafe SHA256Hasher().hash(Array(bytes))
        var number: Int64 = 0
        for byte in digest.bytes.prefix(8) { number = number << 8 | Int64(byte) }
        return 3 << 61 | (number & (1 << 61 - 1))
    }

    /// The number of a text in memory.
    static func number(_ text: String) -> Int64 {
        let bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeBytes { unsafe number($0) }
    }

    /// A letter and twelve hexadecimal digits.
    private static func pseudonym(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        let letter = unsafe bytes[0] &- 0x41
        guard letter < 26 else { return nil }
        var number = Int64(letter)
        for place in 1..<13 {
            let byte = unsafe bytes[place]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte &- 0x30
            case 0x61...0x66: digit = byte &- 0x57
            default: return nil
            }
            number = number &<< 4 | Int64(digit)
        }
        return number
    }

    /// Capital letters, digits and hyphens, six bits each; 0 stands for no more.
    private static func short(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        var number: Int64 = 0
        for place in 0..<bytes.count {
            let byte = unsafe bytes[place]
            let code: UInt8
            switch byte {
            case 0x41...0x5A: code = byte &- 0x40
            case 0x30...0x39: code = byte &- 0x30 &+ 27
            case 0x2D: code = 37
            default: return nil
            }
            number = number &<< 6 | Int64(code)
        }
        return number
    }
}
