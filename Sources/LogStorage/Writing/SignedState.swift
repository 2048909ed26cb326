// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// The last head that was signed: what keeps two contradicting checkpoints from being signed.
///
///     70000
///     e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
///     1f2e3d4c
struct SignedState: Equatable {
    var treeSize: UInt64
    var rootHash: SHA256Digest
    /// The hash of the key that signed: the epoch.
    var keyHash: UInt32

    var bytes: [UInt8] {
        Array("\(treeSize)\n\(rootHash.hex)\n\(String(keyHash, radix: 16))\n".utf8)
    }

    init(treeSize: UInt64, rootHash: SHA256Digest, keyHash: UInt32) {
        self.treeSize = treeSize
        self.rootHash = rootHash
        self.keyHash = keyHash
    }

    init?(parsing bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[3].isEmpty, let treeSize = LogDirectory.number(lines[0]),
            let rootHash = SHA256Digest(hex: lines[1]), let keyHash = UInt32(lines[2], radix: 16)
        else { return nil }
        self.init(treeSize: treeSize, rootHash: rootHash, keyHash: keyHash)
    }

    /// Reads the file; nil if it is not there.
    ///
    /// - Throws: ``StorageError/Code/altered`` if it is not in its form.
    static func read(_ path: String) throws(StorageError) -> SignedState? {
        guard let bytes = try FileTree.bytes(of: path, byteCountMax: 4_096) else { return nil }
        guard let state = SignedState(parsing: bytes) else {
            throw StorageError(.altered, path)
        }
        return state
    }
}
