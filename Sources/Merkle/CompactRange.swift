// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// A tree under construction: the roots of its largest whole subtrees, from left to right.
///
/// It grows with the logarithm of the tree's size, and gives the root at any moment.
public struct CompactRange: Hashable, Sendable {
    /// The number of leaves.
    public private(set) var treeSize: UInt64
    /// The subtrees' roots, the largest first: one for each 1 bit of the size.
    public private(set) var hashes: [SHA256Digest]

    /// Makes the range without leaves.
    public init() {
        treeSize = 0
        hashes = []
    }

    /// Makes a range from its size and its subtrees' roots; nil if their number does not fit.
    public init?(treeSize: UInt64, hashes: [SHA256Digest]) {
        guard hashes.count == treeSize.nonzeroBitCount else { return nil }
        self.treeSize = treeSize
        self.hashes = hashes
    }

    /// Adds one leaf.
    ///
    /// - Complexity: one hash on average; at most the logarithm of the size.
    public mutating func append(_ leafHash: SHA256Digest, hasher: borrowing SHA256Hasher) {
        append(subtree: leafHash, level: 0, hasher: hasher)
    }

    /// Adds a whole subtree of `1 << level` leaves; the size must be a multiple of that.
    public mutating func append(
        subtree hash: SHA256Digest, level: Int, hasher: borrowing SHA256Hasher
    ) {
        let width: UInt64 = 1 << UInt64(level)
        precondition(treeSize & (width - 1) == 0, "a subtree starts at a multiple of its width")
        var node = hash
        var bit = width
        while treeSize & bit != 0, let left = hashes.popLast() {
            node = hasher.nodeHash(left, node)
            bit <<= 1
        }
        hashes.append(node)
        treeSize += width
    }

    /// The root hash of the leaves so far.
    public func root(hasher: borrowing SHA256Hasher) -> SHA256Digest {
        guard var node = hashes.last else { return MerkleTree.emptyRoot }
        for left in hashes.dropLast().reversed() {
            node = hasher.nodeHash(left, node)
        }
        return node
    }
}
