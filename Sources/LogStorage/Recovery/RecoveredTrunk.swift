// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import TransparencyLog

/// The tree while recovery builds it, and its roots at the sizes that were signed.
struct RecoveredTrunk: ~Copyable {
    var tree = LogTree()
    var lastLeafHash: SHA256Digest?
    /// The roots at the signed sizes that were reached.
    private var roots: [UInt64: SHA256Digest] = [0: MerkleTree.emptyRoot]
    private let signedSizes: [UInt64]

    init(signed: [SignedState]) { signedSizes = signed.map(\.treeSize) }

    /// Whether a head that was signed is one of this tree.
    func holds(_ head: SignedState) -> Bool { roots[head.treeSize] == head.rootHash }

    /// The link that the next entry must hold.
    func link(_ origin: String) -> SHA256Digest {
        lastLeafHash ?? LogGenesis.link(origin: origin)
    }

    /// Starts from a tree that is known already.
    mutating func start(from tree: consuming LogTree) {
        self.tree = tree
        noteSize()
    }

    /// Notes the root if the tree now has a signed size.
    mutating func noteSize() {
        let size = tree.treeSize
        if signedSizes.contains(size) { roots[size] = tree.root }
    }

    /// Notes the root at a signed size that lies inside, or at the end of, a tile to be added.
    mutating func pass(_ hashes: [SHA256Digest]) {
        let start = tree.treeSize
        for size in signedSizes where size > start && size - start <= UInt64(hashes.count) {
            var range = tree.range
            for hash in hashes.prefix(Int(size - start)) {
                range.append(hash, hasher: tree.hasher)
            }
            roots[size] = range.root(hasher: tree.hasher)
        }
    }

    consuming func takeTree() -> LogTree { tree }
}
