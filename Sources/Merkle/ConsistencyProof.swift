// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// Evidence that an older tree is the beginning of a newer one (RFC 9162, section 2.1.4).
public struct ConsistencyProof: Hashable, Sendable {
    /// The size of the older tree.
    public var oldSize: UInt64
    /// The size of the newer tree.
    public var newSize: UInt64
    /// The hashes, in the order of the RFC.
    public var hashes: [SHA256Digest]

    /// Makes a proof from its parts, which nothing has checked.
    public init(oldSize: UInt64, newSize: UInt64, hashes: [SHA256Digest]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.hashes = hashes
    }

    /// Makes the proof between two sizes from the newer tree's subtrees.
    ///
    /// - Throws: ``MerkleError`` if the sizes are not 0 < old ≤ new, or the reader lacks a hash.
    public static func prove(
        oldSize: UInt64, newSize: UInt64, reader: some HashReader
    ) throws(MerkleError) -> ConsistencyProof {
        guard oldSize > 0, oldSize <= newSize else { throw .outOfRange }
        let hasher = SHA256Hasher()
        var hashes: [SHA256Digest] = []
        var (start, end) = (UInt64(0), newSize)
        while oldSize != end {
            let split = start + MerkleTree.splitPoint(end - start)
            if oldSize <= split {
                hashes.append(try MerkleTree.hash(split, end, reader, hasher))
                end = split
            } else {
                hashes.append(try MerkleTree.hash(start, split, reader, hasher))
                start = split
            }
        }
        if start > 0 {
            hashes.append(try MerkleTree.hash(start, end, reader, hasher))
        }
        return ConsistencyProof(oldSize: oldSize, newSize: newSize, hashes: hashes.reversed())
    }

    /// Whether the proof joins these two roots (RFC 9162, section 2.1.4.2).
    ///
    /// A proof from the empty tree shows nothing, so it is refused.
    public func verify(oldRoot: SHA256Digest, newRoot: SHA256Digest) -> Bool {
        guard oldSize > 0, oldSize <= newSize else { return false }
        guard oldSize < newSize else { return hashes.isEmpty && oldRoot == newRoot }
        var path = hashes[...]
        if oldSize & (oldSize - 1) == 0 {
            path = ([oldRoot] + hashes)[...]
        }
        guard let seed = path.popFirst() else { return false }
        let hasher = SHA256Hasher()
        var (first, last) = (oldSize - 1, newSize - 1)
        while first & 1 == 1 {
            first >>= 1
            last >>= 1
        }
        var (old, new) = (seed, seed)
        for hash in path {
            guard last != 0 else { return false }
            if first & 1 == 1 || first == last {
                old = hasher.nodeHash(hash, old)
                new = hasher.nodeHash(hash, new)
                while first & 1 == 0 && first != 0 {
                    first >>= 1
                    last >>= 1
                }
            } else {
                new = hasher.nodeHash(new, hash)
            }
            first >>= 1
            last >>= 1
        }
        return last == 0 && old == oldRoot && new == newRoot
    }
}
