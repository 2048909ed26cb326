// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing

@Suite struct SHA256HasherTests {
    /// The examples of FIPS 180-4.
    @Test func hashesTheStandardsExamples() {
        let hasher = SHA256Hasher()
        #expect(
            hasher.hash([]).hex
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            hasher.hash(Array("abc".utf8)).hex
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    /// The block function and EVP agree on every length, alone and in pairs.
    @Test func leavesAgreeWithWholeMessages() {
        let hasher = SHA256Hasher()
        let other = (0..<97).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for count in 0...520 {
            let leaf = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ count) }
            let expected = hasher.hash([0] + leaf)
            #expect(hasher.leafHash(leaf) == expected)
            let (first, second) = unsafe hasher.leafHashes(leaf.span.bytes, other.span.bytes)
            #expect(first == expected)
            #expect(second == hasher.hash([0] + other))
            let (third, fourth) = unsafe hasher.leafHashes(other.span.bytes, leaf.span.bytes)
            #expect(third == second)
            #expect(fourth == expected)
        }
    }

    /// Leaves one after the other, the head of the next hashed ahead, as far as it was told; some heads
    /// are taken back.
    @Test func leavesOfAChainAgreeWithWholeMessages() {
        let hasher = SHA256Hasher()
        var chain = LeafChainHasher()
        let counts = Array(0...200) + [437, 1_000, 62, 63, 64, 127, 128, 16_384, 0, 437]
        let leaves = counts.map { count in
            (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ count) }
        }
        for step in [1, 7, 63, 64, 127, 191, 16_384] {
            for (place, leaf) in leaves.enumerated() {
                let next = place + 1 < leaves.count ? leaves[place + 1] : []
                let head = next.prefix(place % 3 == 0 ? next.count : step * (place % 5))
                let hash = unsafe leaf.withUnsafeBytes { bytes in
                    unsafe chain.leafHash(bytes, nextHead: head.span.bytes)
                }
                #expect(hash == hasher.leafHash(leaf), "leaf \(place), step \(step)")
                guard place % 7 == 6, place + 1 < leaves.count else { continue }
                chain.forgetAhead()
                let whole = next[...]
                let other = unsafe [UInt8](repeating: 9, count: 2).withUnsafeBytes { bytes in
                    unsafe chain.leafHash(bytes, nextHead: whole.span.bytes)
                }
                #expect(other == hasher.leafHash([9, 9]))
            }
            chain.forgetAhead()
        }
    }

    @Test func nodesAgreeWithWholeMessages() {
        let hasher = SHA256Hasher()
        let digests = (0..<9).map { hasher.hash([UInt8($0)]) }
        let expected = hasher.hash([1] + digests[0].bytes + digests[1].bytes)
        #expect(hasher.nodeHash(digests[0], digests[1]) == expected)
        for count in 0...9 {
            var nodes = digests
            var span = nodes.mutableSpan
            let left = hasher.parents(&span, count: count)
            #expect(left == (count + 1) / 2)
            for pair in 0..<(count / 2) {
                #expect(span[pair] == hasher.nodeHash(digests[2 * pair], digests[2 * pair + 1]))
            }
            if count % 2 == 1 { #expect(span[left - 1] == digests[count - 1]) }
        }
    }
}

@Suite struct Ed25519Tests {
    /// The second example of RFC 8032, section 7.1.
    @Test func signsTheStandardsExample() throws {
        let seed = try #require(
            SHA256Digest(hex: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        let key = try SigningKey(seed: seed.bytes)
        let publicKey = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
        #expect(SHA256Digest(bytes: key.verificationKey.bytes)?.hex == publicKey)
        let signature = try key.sign([0x72])
        #expect(
            SHA256Digest(bytes: Array(signature[..<32]))?.hex
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da")
        #expect(key.verificationKey.verify(signature, of: [0x72]))
        #expect(!key.verificationKey.verify(signature, of: [0x73]))
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(!key.verificationKey.verify(changed, of: [0x72]))
        }
    }

    @Test func neverShowsThePrivateKey() throws {
        let key = try SigningKey.generate()
        #expect("\(key)" == "SigningKey(private)")
        var text = ""
        dump(key, to: &text)
        #expect(!text.contains("seed"))
        #expect(throws: CryptographyError.invalidKey) { try SigningKey(seed: [1, 2, 3]) }
    }
}
