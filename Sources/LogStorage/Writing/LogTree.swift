// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle
import TransparencyLog

/// The tree of the log being written: its root at any moment, and the tiles that are not full.
struct LogTree: ~Copyable {
    /// The leaves before those of the closed segments.
    private(set) var sealed = SealedTree()
    /// The leaf hashes of each closed segment, until their tiles are written and hashed.
    private var closed: [[SHA256Digest]] = []
    /// The leaf hashes from the first entry of the open segment on.
    private(set) var leaves: [SHA256Digest] = []

    let hasher = SHA256Hasher()

    init() {}

    /// A tree of whole tiles, from what the upper levels hold of them.
    init(upper: [[SHA256Digest]]) { sealed = SealedTree(upper: upper) }

    var treeSize: UInt64 {
        closed.reduce(sealed.treeSize + UInt64(leaves.count)) { $0 + UInt64($1.count) }
    }

    /// All leaves, as the roots of whole subtrees: hashed when somebody asks, since a full tile is
    /// hashed at once for less.
    var range: CompactRange {
        var range = sealed.range
        for leaf in closed.joined() { range.append(leaf, hasher: hasher) }
        for leaf in leaves { range.append(leaf, hasher: hasher) }
        return range
    }

    var root: SHA256Digest { range.root(hasher: hasher) }

    /// Makes room for so many leaves in the open segment.
    mutating func reserve(_ count: Int) { leaves.reserveCapacity(count) }

    mutating func append(_ leafHash: SHA256Digest) { leaves.append(leafHash) }

    mutating func append(_ leafHashes: [SHA256Digest]) { leaves += leafHashes }

    /// Takes the leaves of full tiles away from those of the open segment, to be hashed by whoever
    /// seals them; ``finishClosed(_:)`` takes back what that gives.
    ///
    /// - Parameter room: Where those of the next segment are to be.
    /// - Returns: The leaves of the full tiles.
    mutating func close(room: consuming [SHA256Digest]) -> [SHA256Digest] {
        let rest = leaves.count % LogPath.fullWidth
        var full = room
        // A segment is often followed by one that is as long.
        full.reserveCapacity(leaves.count)
        full += leaves.suffix(rest)
        swap(&full, &leaves)
        full.removeLast(rest)
        closed.append(full)
        return full
    }

    /// The oldest closed segment is sealed.
    mutating func finishClosed(_ tree: SealedTree) {
        closed.removeFirst()
        sealed = tree
    }

    /// Adds a full tile of leaves that is on disk already.
    ///
    /// - Returns: The tiles of the upper levels that this fills.
    mutating func add(tile hashes: [SHA256Digest], index: UInt64) -> [TileContent] {
        precondition(
            leaves.isEmpty && closed.isEmpty, "tiles come before the leaves of the open segment")
        return sealed.append(tile: hashes, index: index, hasher: hasher)
    }

    /// The tiles that are neither full nor empty, once all full ones are sealed.
    func partialTiles() -> [TileContent] {
        precondition(closed.isEmpty, "full tiles are sealed before partial ones are written")
        var tiles: [TileContent] = []
        for (level, hashes) in ([leaves] + sealed.upper).enumerated() where !hashes.isEmpty {
            let index = treeSize >> UInt64(8 * (level + 1))
            tiles.append(TileContent(level: level, index: index, hashes: hashes))
        }
        return tiles
    }
}

/// The tree of the full level-0 tiles.
struct SealedTree: Sendable {
    /// The leaves, as the roots of whole subtrees.
    private(set) var range = CompactRange()
    /// For each level from 1 on, the hashes of the tile that is not full.
    private(set) var upper: [[SHA256Digest]] = []

    init() {}

    /// From what the upper levels hold.
    init(upper: [[SHA256Digest]]) {
        self.upper = upper
        let hasher = SHA256Hasher()
        for (level, hashes) in upper.enumerated().reversed() {
            for hash in hashes {
                range.append(subtree: hash, level: 8 * (level + 1), hasher: hasher)
            }
        }
    }

    var treeSize: UInt64 { range.treeSize }

    /// Adds a full tile of leaves.
    ///
    /// - Returns: The tiles of the upper levels that this fills, each after those below it.
    mutating func append(
        tile hashes: [SHA256Digest], index: UInt64, hasher: borrowing SHA256Hasher
    ) -> [TileContent] {
        var (tiles, hashes, index, level) = ([TileContent](), hashes, index, 1)
        while true {
            if upper.count < level { upper.append([]) }
            let root = MerkleTree.root(of: hashes)
            upper[level - 1].append(root)
            if level == 1 { range.append(subtree: root, level: 8, hasher: hasher) }
            guard upper[level - 1].count == LogPath.fullWidth else { return tiles }
            hashes = upper[level - 1]
            upper[level - 1] = []
            index /= UInt64(LogPath.fullWidth)
            tiles.append(TileContent(level: level, index: index, hashes: hashes))
            level += 1
        }
    }
}

/// A tile and its hashes.
struct TileContent {
    var level: Int
    var index: UInt64
    var hashes: [SHA256Digest]

    var path: LogPath { .tile(level: level, index: index, width: hashes.count) }

    var bytes: [UInt8] {
        let size = hashes.count * SHA256Digest.byteCount
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            for (place, hash) in hashes.enumerated() {
                unsafe hash.store(
                    to: UnsafeMutableRawPointer(base + place * SHA256Digest.byteCount))
            }
            count = size
        }
    }

    /// The hashes in the bytes of a tile; nil if they are not a multiple of 32.
    static func hashes(in bytes: [UInt8]) -> [SHA256Digest]? {
        guard bytes.count % SHA256Digest.byteCount == 0 else { return nil }
        return stride(from: 0, to: bytes.count, by: SHA256Digest.byteCount).compactMap {
            SHA256Digest(bytes: Array(bytes[$0..<($0 + SHA256Digest.byteCount)]))
        }
    }
}
