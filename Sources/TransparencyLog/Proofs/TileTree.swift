// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import Merkle

/// The subtrees of a log, read from the tiles that hold them and from no others.
///
/// Nothing it returns is trusted: whoever uses it checks what comes out against a signed root.
public final class TileTree: HashReader {
    /// The number of entries that the tiles cover.
    public let treeSize: UInt64
    /// The number of files read so far.
    public private(set) var readCount = 0
    /// Why a file could not be read, if that happened.
    public private(set) var failure: LogSourceError?

    private let source: any LogSource
    private var tiles: [LogPath: [SHA256Digest]] = [:]

    /// Reads the tiles of a log that has so many entries.
    public init(source: any LogSource, treeSize: UInt64) {
        self.source = source
        self.treeSize = treeSize
    }

    /// The hash of one whole subtree; nil if its tile is not there.
    public func subtreeHash(level: Int, index: UInt64) -> SHA256Digest? {
        guard level >= 0, level < 56 else { return nil }
        let (tileLevel, depth) = (level / 8, UInt64(level % 8))
        guard index < UInt64(1) << 53 else { return nil }
        let first = index << depth
        let slots = Int(first % 256)..<Int(first % 256 + 1 << depth)
        guard let hashes = tile(tileLevel, first / 256), slots.upperBound <= hashes.count else {
            return nil
        }
        return slots.count == 1
            ? hashes[slots.lowerBound] : MerkleTree.root(of: Array(hashes[slots]))
    }

    /// The leaf hash of an entry; nil if its tile is not there.
    public func leafHash(at index: UInt64) -> SHA256Digest? {
        subtreeHash(level: 0, index: index)
    }

    /// The hashes of a tile, as many as this tree has; nil if no file holds them.
    public func tile(_ level: Int, _ index: UInt64) -> [SHA256Digest]? {
        let count = treeSize >> UInt64(8 * level)
        guard index <= count / 256 else { return nil }
        let width = index < count / 256 ? 256 : Int(count % 256)
        guard width > 0 else { return nil }
        for candidate in Set([width, 256]).sorted() {
            let path = LogPath.tile(level: level, index: index, width: candidate)
            if let known = tiles[path] { return known }
            guard let hashes = read(path, width) else { continue }
            tiles[path] = hashes
            return hashes
        }
        return nil
    }

    private func read(_ path: LogPath, _ width: Int) -> [SHA256Digest]? {
        do throws(LogSourceError) {
            guard let bytes = try source.bytes(of: path) else { return nil }
            readCount += 1
            let size = SHA256Digest.byteCount
            guard bytes.count >= width * size else { return nil }
            return (0..<width).compactMap {
                SHA256Digest(bytes: Array(bytes[($0 * size)..<(($0 + 1) * size)]))
            }
        } catch {
            failure = error
            return nil
        }
    }
}
