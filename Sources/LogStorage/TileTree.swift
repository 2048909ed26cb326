// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import TransparencyLog

/// The tree of a growing log, as the tiles that are not full yet: one on each level.
struct TileTree: Sendable {
    /// A tile that has become full.
    struct FullTile {
        var level: Int
        var index: UInt64
        var hashes: [SHA256Digest]
    }

    /// The number of leaves.
    private(set) var size: UInt64 = 0
    /// The hashes of the last tile of each level; fewer than 256 on each.
    private(set) var levels: [[SHA256Digest]] = [[]]

    init() {}

    /// Restores the tree of a size from its right edge.
    ///
    /// - Parameters:
    ///   - size: The number of leaves.
    ///   - tile: Gives the hashes of the tile at (level, index, width).
    /// - Throws: Whatever `tile` throws.
    init(
        size: UInt64, tile: (Int, UInt64, Int) throws(StorageError) -> [SHA256Digest]
    ) throws(StorageError) {
        self.size = size
        levels = []
        var count = size
        repeat {
            let width = Int(count % 256)
            levels.append(width == 0 ? [] : try tile(levels.count, count / 256, width))
            count /= 256
        } while count > 0
    }

    /// Adds a leaf, and says which tiles it filled, the lowest first.
    mutating func append(
        _ leafHash: SHA256Digest, hasher: borrowing SHA256Hasher, filled: inout [FullTile]
    ) {
        size += 1
        var (level, hash) = (0, leafHash)
        while true {
            if level == levels.count { levels.append([]) }
            levels[level].append(hash)
            guard levels[level].count == LogPath.fullWidth else { return }
            let hashes = levels[level]
            levels[level] = []
            let index = (size >> UInt64(8 * (level + 1))) - 1
            filled.append(FullTile(level: level, index: index, hashes: hashes))
            hash = MerkleTree.root(of: hashes)
            level += 1
        }
    }

    /// The root hash of the leaves so far.
    func root(hasher: borrowing SHA256Hasher) -> SHA256Digest {
        var range = CompactRange()
        for (level, hashes) in levels.enumerated().reversed() {
            for hash in hashes { range.append(subtree: hash, level: 8 * level, hasher: hasher) }
        }
        return range.root(hasher: hasher)
    }

    /// The tiles that are not full, as they stand in a published log.
    var partialTiles: [(path: LogPath, hashes: [SHA256Digest])] {
        levels.enumerated().filter { !$0.element.isEmpty }.map { level, hashes in
            let index = size >> UInt64(8 * (level + 1))
            return (.tile(level: level, index: index, width: hashes.count), hashes)
        }
    }
}
