// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing

/// The primitives of the vault, held against the examples of their standards.
@Suite struct VaultPrimitiveTests {
    /// RFC 4231, cases 1, 2, 3 and 6 (a key longer than a block).
    @Test(arguments: [
        (
            String(repeating: "0b", count: 20), "4869205468657265",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            String(repeating: "aa", count: 131),
            "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048"
                + "617368204b6579204669727374",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func hmac(key: String, message: String, expected: String) {
        let code = HMACSHA256.code(of: bytes(message), key: SecretBytes(bytes(key)))
        #expect(code == bytes(expected))
    }

    /// RFC 5869, cases 1 and 3 (no salt, no info).
    @Test func derivation() {
        let secret = SecretBytes(bytes(String(repeating: "0b", count: 22)))
        #expect(
            KeyDerivation.key(
                from: secret, salt: bytes("000102030405060708090a0b0c"),
                info: bytes("f0f1f2f3f4f5f6f7f8f9"), count: 42
            ).bytes
                == bytes(
                    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887"
                        + "185865"))
        #expect(
            KeyDerivation.key(from: secret, info: [], count: 42).bytes
                == bytes(
                    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b6"
                        + "1a96c8"))
    }

    /// RFC 7748, section 5.2: a thousand agreements, each from the two before.
    @Test func agreement() throws {
        let base = [9] + [UInt8](repeating: 0, count: 31)
        var (scalar, point) = (base, base)
        for round in 1...1_000 {
            let secret = try #require(AgreementKey(SecretBytes(scalar)).secret(with: point))
            (scalar, point) = (secret.bytes, scalar)
            if round == 1 {
                #expect(
                    scalar
                        == bytes("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079")
                )
            }
        }
        #expect(
            scalar == bytes("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"))
    }

    /// A point of small order would make the secret known to all.
    @Test(arguments: [0, 1] as [UInt8])
    func smallOrderIsRefused(first: UInt8) throws {
        let key = try AgreementKey(SecretBytes.random(count: 32))
        #expect(key.secret(with: [first] + [UInt8](repeating: 0, count: 31)) == nil)
        #expect(key.secret(with: [first]) == nil)
    }

    /// McGrew and Viega's test case 16, which NIST's validation suite keeps.
    @Test func sealedBoxOpensTheStandardsExample() throws {
        let key = SecretBytes(
            bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
        let box = bytes(
            "cafebabefacedbaddecaf888"
                + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7"
                + "b08b1056828838c5f61e6393ba7a0abcc9f662" + "76fc6ece0f4e1768cddf8853bb2d551b")
        let opened = try #require(
            SealedBox.open(
                box, context: bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"), key: key))
        #expect(
            opened.bytes
                == bytes(
                    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532f"
                        + "cf0e2449a6b525b16aedf5aa0de657ba637b39"))
    }

    /// Every bit of a box, its context and its key counts.
    @Test func aSealedBoxOpensOnlyWhole() throws {
        let key = try SecretBytes.random(count: 32)
        let context = Array("context".utf8)
        for message in [[], Array("nom et prénom".utf8)] {
            let box = try SealedBox.seal(message, context: context, key: key)
            #expect(SealedBox.open(box, context: context, key: key)?.bytes == message)
            for index in box.indices {
                var altered = box
                altered[index] ^= 1 << UInt8(index % 8)
                #expect(SealedBox.open(altered, context: context, key: key) == nil)
                #expect(
                    SealedBox.open(Array(box.prefix(index)), context: context, key: key) == nil)
            }
            #expect(SealedBox.open(box, context: [], key: key) == nil)
            #expect(
                SealedBox.open(box, context: context, key: try .random(count: 32)) == nil)
            #expect(try SealedBox.seal(message, context: context, key: key) != box)
        }
    }

    @Test func secretsAreNotPrinted() throws {
        let secret = SecretBytes([1, 2, 3])
        #expect("\(secret)" == "SecretBytes(3)")
        var text = ""
        dump(secret, to: &text)
        dump(try AgreementKey(SecretBytes.random(count: 32)), to: &text)
        #expect(!text.contains("storage") && !text.contains("publicKey"))
    }

    private func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.utf8.count - 1, by: 2).map { start in
            UInt8(Array(hex)[start...start + 1].map(String.init).joined(), radix: 16) ?? 0
        }
    }
}
