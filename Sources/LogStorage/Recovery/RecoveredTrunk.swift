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

/// The entries of the open segment that are as they must be.
struct RecoveredTail {
    let first: UInt64
    /// The last entry's leaf hash, or the link before the first.
    private(set) var link: SHA256Digest
    /// Where each entry's frame starts.
    private(set) var offsets: [Int] = []
    /// The number of bytes of these entries' frames.
    private(set) var byteCount = 0
    private(set) var recordedAt = Int64.min

    init(first: UInt64, link: SHA256Digest) {
        self.first = first
        self.link = link
    }

    /// The index after the last entry.
    var end: UInt64 { first + UInt64(offsets.count) }

    mutating func add(_ range: Range<Int>, _ leafHash: SHA256Digest, _ recordedAt: Int64) {
        offsets.append(range.lowerBound - EntryBundle.headerByteCount)
        byteCount = range.upperBound
        link = leafHash
        self.recordedAt = max(self.recordedAt, recordedAt)
    }
}
