// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing

@Suite struct SHA256DigestHexTests {
    /// Every value of every byte comes back from hexadecimal.
    @Test func everyByteComesBack() {
        for value in 0...255 {
            for position in 0..<32 {
                var bytes = Array(repeating: UInt8(value ^ 0xA5), count: 32)
                bytes[position] = UInt8(value)
                guard let digest = SHA256Digest(bytes: bytes) else { continue }
                #expect(digest.bytes == bytes)
                #expect(SHA256Digest(hex: digest.hex) == digest)
            }
        }
    }

    @Test func otherCharactersAreRefused() {
        let text = Array(repeating: UInt8(ascii: "0"), count: 64)
        for position in [0, 7, 8, 31, 63] {
            for character in 0...255 {
                var changed = text
                changed[position] = UInt8(character)
                let isHex = "0123456789abcdef".utf8.contains(UInt8(character))
                let digest = unsafe SHA256Digest(hex: changed.span.bytes)
                #expect((digest != nil) == isHex)
            }
        }
        #expect(SHA256Digest(hex: String(repeating: "0", count: 63)) == nil)
    }
}
