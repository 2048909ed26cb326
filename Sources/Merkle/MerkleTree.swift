// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// The hashes of whole subtrees, wherever they are kept.
///
/// The hash at (`level`, `index`) covers the leaves from `index << level` up to
/// `(index + 1) << level`. A reader only needs to know those that lie inside its tree.
public protocol HashReader {
    /// The hash of one whole subtree; nil if it is not known.
    func subtreeHash(level: Int, index: UInt64) -> SHA256Digest?
}

/// A proof could not be made.
public enum MerkleError: Error, Hashable, Sendable {
    /// The index or the size lies outside the tree.
    case outOfRange
    /// The reader does not know a hash that the proof needs.
    case missingHash(level: Int, index: UInt64)
}

/// The tree of RFC 6962, section 2.1, as functions over leaf hashes and subtrees.
public enum MerkleTree {
    /// The root of the tree without leaves: the hash of nothing.
    public static let emptyRoot = SHA256Hasher().hash([])

    /// The root hash over some leaf hashes.
    public static func root(of leafHashes: [SHA256Digest]) -> SHA256Digest {
        guard !leafHashes.isEmpty else { return emptyRoot }
        let hasher = SHA256Hasher()
        var nodes = leafHashes
        var count = nodes.count
        var span = nodes.mutableSpan
        while count > 1 {
            count = hasher.parents(&span, count: count)
        }
        return span[0]
    }

    /// The root hash of the tree of a size, from its subtrees.
    ///
    /// - Throws: ``MerkleError/missingHash(level:index:)`` if the reader lacks one.
    public static func root(
        treeSize: UInt64, reader: some HashReader
    ) throws(MerkleError) -> SHA256Digest {
        guard treeSize > 0 else { return emptyRoot }
        return try hash(0, treeSize, reader, SHA256Hasher())
    }

    /// The hash of the leaves from `start` up to `end`, where `start` begins a subtree.
    static func hash(
        _ start: UInt64, _ end: UInt64, _ reader: some HashReader, _ hasher: borrowing SHA256Hasher
    ) throws(MerkleError) -> SHA256Digest {
        let count = end - start
        let level = count.trailingZeroBitCount
        if count & (count - 1) == 0 {
            let index = start >> UInt64(level)
            guard let hash = reader.subtreeHash(level: level, index: index) else {
                throw .missingHash(level: level, index: index)
            }
            return hash
        }
        let split = start + splitPoint(count)
        return try hasher.nodeHash(
            hash(start, split, reader, hasher), hash(split, end, reader, hasher))
    }

    /// The largest power of two smaller than `count`, which is at least 2.
    static func splitPoint(_ count: UInt64) -> UInt64 {
        1 << UInt64(63 - (count - 1).leadingZeroBitCount)
    }
}
