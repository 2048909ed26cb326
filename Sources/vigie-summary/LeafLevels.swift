// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle

/// The hashes of the whole subtrees of a log, level by level.
struct LeafLevels: HashReader {
    private var levels: [[SHA256Digest]] = [[]]

    mutating func append(_ leaf: SHA256Digest) {
        levels[0].append(leaf)
        var level = 0
        while levels[level].count % 2 == 0 {
            let nodes = levels[level]
            let parent = SHA256Hasher().nodeHash(nodes[nodes.count - 2], nodes[nodes.count - 1])
            level += 1
            if level == levels.count { levels.append([]) }
            levels[level].append(parent)
        }
    }

    func subtreeHash(level: Int, index: UInt64) -> SHA256Digest? {
        guard levels.indices.contains(level), index < levels[level].count else { return nil }
        return levels[level][Int(index)]
    }
}
