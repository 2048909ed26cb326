// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import TransparencyLog

/// The tree while recovery builds it, and its root at the size that was signed.
struct RecoveredTrunk: ~Copyable {
    var tree = LogTree()
    var lastLeafHash: SHA256Digest?
    /// The root at the signed size, once that is reached.
    private(set) var signedRoot: SHA256Digest?
    private let signedSize: UInt64?

    init(signed: SignedState?) {
        signedSize = signed?.treeSize
        if signed?.treeSize == 0 { signedRoot = MerkleTree.emptyRoot }
    }

    /// The link that the next entry must hold.
    func link(_ origin: String) -> SHA256Digest {
        lastLeafHash ?? LogGenesis.link(origin: origin)
    }

    /// Starts from a tree that is known already.
    mutating func start(from tree: consuming LogTree) {
        self.tree = tree
        noteSize()
    }

    /// Notes the root if the tree now has the signed size.
    mutating func noteSize() {
        if tree.treeSize == signedSize { signedRoot = tree.root }
    }

    /// Notes the root if the signed size lies inside, or at the end of, a tile to be added.
    mutating func pass(_ hashes: [SHA256Digest]) {
        guard let signedSize, signedSize > tree.treeSize,
            signedSize - tree.treeSize <= UInt64(hashes.count)
        else { return }
        var range = tree.range
        for hash in hashes.prefix(Int(signedSize - tree.treeSize)) {
            range.append(hash, hasher: tree.hasher)
        }
        signedRoot = range.root(hasher: tree.hasher)
    }

    consuming func takeTree() -> LogTree { tree }
}
