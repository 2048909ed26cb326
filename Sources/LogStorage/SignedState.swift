// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// The size and root that were last signed, written before each signature.
///
///     70000
///     e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
///     1f2e3d4c
///
/// It keeps the log from ever signing two checkpoints that contradict each other.
struct SignedState: Hashable {
    static let file = ".state/signed"

    var size: UInt64
    var root: SHA256Digest
    var keyHash: UInt32

    var bytes: [UInt8] {
        Array("\(size)\n\(root.hex)\n\(String(keyHash, radix: 16))\n".utf8)
    }

    init(size: UInt64, root: SHA256Digest, keyHash: UInt32) {
        self.size = size
        self.root = root
        self.keyHash = keyHash
    }

    init?(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 3, let size = UInt64(lines[0]), let root = SHA256Digest(hex: lines[1]),
            let keyHash = UInt32(lines[2], radix: 16)
        else { return nil }
        self.init(size: size, root: root, keyHash: keyHash)
    }
}
