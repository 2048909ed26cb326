// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing

@Suite struct ContentTaggerTests {
    /// The example of RFC 8439, section 2.5.2, in all its cuts.
    @Test func tagsTheStandardsExample() {
        let key: [UInt8] = [
            0x85, 0xd6, 0xbe, 0x78, 0x57, 0x55, 0x6d, 0x33, 0x7f, 0x44, 0x52, 0xfe, 0x42, 0xd5,
            0x06,
            0xa8, 0x01, 0x03, 0x80, 0x8a, 0xfb, 0x0d, 0xb2, 0xfd, 0x4a, 0xbf, 0xf6, 0xaf, 0x41,
            0x49,
            0xf5, 0x1b,
        ]
        guard let tagger = ContentTagger(SecretBytes(key)) else {
            Issue.record("no Poly1305")
            return
        }
        let message = Array("Cryptographic Forum Research Group".utf8)
        for cut in 0...message.count {
            tagger.start()
            unsafe message.withUnsafeBytes { bytes in
                unsafe tagger.update(UnsafeRawBufferPointer(rebasing: bytes[..<cut]))
                unsafe tagger.update(UnsafeRawBufferPointer(rebasing: bytes[cut...]))
            }
            let tag = tagger.finish()
            #expect(tag.low == UInt64(bigEndian: 0xa806_1dc1_3051_36c6))
            #expect(tag.high == UInt64(bigEndian: 0xc22b_8baf_0c01_27a9))
        }
    }

    /// Every byte counts, and each key has tags of its own.
    @Test func anotherMessageHasAnotherTag() throws {
        let key = try #require(ContentTagger.makeKey())
        let other = try #require(ContentTagger.makeKey())
        let tagger = ContentTagger(key)
        let stranger = ContentTagger(other)
        var message = [UInt8](repeating: 0x61, count: 437)
        let tag = unsafe message.withUnsafeBytes { unsafe tagger?.tag($0) }
        #expect(unsafe message.withUnsafeBytes { unsafe tagger?.tag($0) } == tag)
        #expect(unsafe message.withUnsafeBytes { unsafe stranger?.tag($0) } != tag)
        for place in message.indices {
            message[place] ^= 1
            #expect(unsafe message.withUnsafeBytes { unsafe tagger?.tag($0) } != tag)
            message[place] ^= 1
        }
    }
}
