// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// Evidence that a leaf is in a tree, at an index (RFC 9162, section 2.1.3).
public struct InclusionProof: Hashable, Sendable {
    /// The leaf's index.
    public var index: UInt64
    /// The size of the tree.
    public var treeSize: UInt64
    /// The hashes beside the path from the leaf to the root, the lowest first.
    public var hashes: [SHA256Digest]

    /// Makes a proof from its parts, which nothing has checked.
    public init(index: UInt64, treeSize: UInt64, hashes: [SHA256Digest]) {
        self.index = index
        self.treeSize = treeSize
        self.hashes = hashes
    }

    /// Makes the proof for one leaf from a tree's subtrees.
    ///
    /// - Throws: ``MerkleError`` if the index is outside the tree, or the reader lacks a hash.
    public static func prove(
        index: UInt64, treeSize: UInt64, reader: some HashReader
    ) throws(MerkleError) -> InclusionProof {
        guard index < treeSize else { throw .outOfRange }
        let hasher = SHA256Hasher()
        var hashes: [SHA256Digest] = []
        var (start, end) = (UInt64(0), treeSize)
        while end - start > 1 {
            let split = start + MerkleTree.splitPoint(end - start)
            if index < split {
                hashes.append(try MerkleTree.hash(split, end, reader, hasher))
                end = split
            } else {
                hashes.append(try MerkleTree.hash(start, split, reader, hasher))
                start = split
            }
        }
        return InclusionProof(index: index, treeSize: treeSize, hashes: hashes.reversed())
    }

    /// Whether the proof leads from this leaf to this root (RFC 9162, section 2.1.3.2).
    public func verify(leafHash: SHA256Digest, root: SHA256Digest) -> Bool {
        guard index < treeSize else { return false }
        let hasher = SHA256Hasher()
        var (first, last) = (index, treeSize - 1)
        var node = leafHash
        for hash in hashes {
            guard last != 0 else { return false }
            if first & 1 == 1 || first == last {
                node = hasher.nodeHash(hash, node)
                while first & 1 == 0 && first != 0 {
                    first >>= 1
                    last >>= 1
                }
            } else {
                node = hasher.nodeHash(node, hash)
            }
            first >>= 1
            last >>= 1
        }
        return last == 0 && node == root
    }
}
