// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import Testing

/// The tree of RFC 6962, section 2.1, as the text defines it.
func referenceRoot(_ leaves: ArraySlice<SHA256Digest>) -> SHA256Digest {
    guard leaves.count > 1, let first = leaves.first else {
        return leaves.first ?? SHA256Hasher().hash([])
    }
    _ = first
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    return SHA256Hasher().nodeHash(
        referenceRoot(leaves.prefix(split)), referenceRoot(leaves.dropFirst(split)))
}

/// All leaves of a tree, from which any subtree's hash is computed.
struct LeafReader: HashReader {
    let leaves: [SHA256Digest]

    func subtreeHash(level: Int, index: UInt64) -> SHA256Digest? {
        let start = Int(index) << level
        guard start + 1 << level <= leaves.count else { return nil }
        return referenceRoot(leaves[start..<(start + 1 << level)])
    }
}

@Suite struct MerkleTreeTests {
    let leaves = (0..<65).map { SHA256Hasher().leafHash([UInt8($0)]) }

    @Test(arguments: 0...64) func everySizeHasTheReferenceRoot(size: Int) throws {
        let expected = referenceRoot(leaves[..<size])
        #expect(MerkleTree.root(of: Array(leaves[..<size])) == expected)
        let reader = LeafReader(leaves: Array(leaves[..<size]))
        #expect(try MerkleTree.root(treeSize: UInt64(size), reader: reader) == expected)
        let hasher = SHA256Hasher()
        var range = CompactRange()
        for leaf in leaves[..<size] { range.append(leaf, hasher: hasher) }
        #expect(range.root(hasher: hasher) == expected)
        #expect(CompactRange(treeSize: UInt64(size), hashes: range.hashes) == range)
    }

    @Test(arguments: 1...64) func everyInclusionIsProvenAndNoMutationPasses(size: Int) throws {
        let reader = LeafReader(leaves: Array(leaves[..<size]))
        let root = referenceRoot(leaves[..<size])
        for index in 0..<size {
            let proof = try InclusionProof.prove(
                index: UInt64(index), treeSize: UInt64(size), reader: reader)
            #expect(proof.verify(leafHash: leaves[index], root: root))
            #expect(!proof.verify(leafHash: leaves[64], root: root))
            #expect(!proof.verify(leafHash: leaves[index], root: leaves[64]))
            for mutation in Self.mutations(of: proof.hashes) {
                var changed = proof
                changed.hashes = mutation
                #expect(!changed.verify(leafHash: leaves[index], root: root))
            }
            for other in 0..<size where other != index {
                var changed = proof
                changed.index = UInt64(other)
                #expect(!changed.verify(leafHash: leaves[index], root: root))
            }
        }
        #expect(throws: MerkleError.outOfRange) {
            try InclusionProof.prove(
                index: UInt64(size), treeSize: UInt64(size), reader: reader)
        }
    }

    @Test(arguments: 1...64) func everyPrefixIsProvenAndNoMutationPasses(size: Int) throws {
        let reader = LeafReader(leaves: Array(leaves[..<size]))
        let root = referenceRoot(leaves[..<size])
        for old in 1...size {
            let oldRoot = referenceRoot(leaves[..<old])
            let proof = try ConsistencyProof.prove(
                oldSize: UInt64(old), newSize: UInt64(size), reader: reader)
            #expect(proof.verify(oldRoot: oldRoot, newRoot: root))
            #expect(!proof.verify(oldRoot: leaves[64], newRoot: root))
            #expect(!proof.verify(oldRoot: oldRoot, newRoot: leaves[64]))
            if old < size { #expect(!proof.verify(oldRoot: root, newRoot: oldRoot)) }
            for mutation in Self.mutations(of: proof.hashes) {
                var changed = proof
                changed.hashes = mutation
                #expect(!changed.verify(oldRoot: oldRoot, newRoot: root))
            }
        }
    }

    /// Each hash changed, dropped or repeated, and one added at either end.
    static func mutations(of hashes: [SHA256Digest]) -> [[SHA256Digest]] {
        var mutations: [[SHA256Digest]] = [hashes + [.zero], [.zero] + hashes]
        for index in hashes.indices {
            var changed = hashes
            changed[index] = SHA256Digest(
                hashes[index].word0, hashes[index].word1 ^ 1 << 17, hashes[index].word2,
                hashes[index].word3)
            mutations.append(changed)
            changed = hashes
            changed.remove(at: index)
            mutations.append(changed)
            changed = hashes
            changed.insert(hashes[index], at: index)
            mutations.append(changed)
        }
        return mutations
    }
}
