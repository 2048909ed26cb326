// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Merkle

/// The tree over the bundles of a log while it is read, in log order.
///
/// It keeps no more than a tree of that size has levels: an upper tile is compared with its file as soon
/// as its hashes are known, and where a checkpoint is kept the range up to its bundle is noted.
struct TreeFold: Sendable {
    /// The bundles so far; nil once the root of one is not known.
    private(set) var range: CompactRange? = CompactRange()
    /// The number of whole bundles so far.
    private(set) var bundleCount: UInt64 = 0
    /// What is wrong with the upper tiles.
    private(set) var violations: [IntegrityViolation] = []
    private(set) var violationCount = 0
    /// From level 1 on the hashes of the tile that is not full, and its index.
    private var upper: [(index: UInt64, hashes: [SHA256Digest?])] = []
    /// The range before the bundle that a kept checkpoint cuts, by the index of the bundle.
    private var notes: [UInt64: CompactRange?] = [:]

    private static let width = LogPath.fullWidth

    /// Adds a whole bundle.
    ///
    /// - Parameters:
    ///   - root: Its root; nil if it is not known.
    ///   - isCut: Whether a kept checkpoint ends at its start or within it.
    ///   - source: The log's files.
    ///   - hasher: Hashes the nodes.
    mutating func append(
        _ root: SHA256Digest?, isCut: Bool, _ source: some LogSource,
        hasher: borrowing SHA256Hasher
    ) {
        if isCut { notes.updateValue(range, forKey: bundleCount) }
        if let root {
            range?.append(subtree: root, level: 8, hasher: hasher)
        } else {
            range = nil
        }
        bundleCount += 1
        lift(root, source)
    }

    /// The root of the first entries.
    ///
    /// - Parameters:
    ///   - size: Their number: of all that is here, or of a kept checkpoint.
    ///   - leaves: The leaf hashes of the bundle that the size cuts, at least up to the cut.
    ///   - hasher: Hashes the nodes.
    /// - Returns: Nil if it is not known.
    func root(
        _ size: UInt64, _ leaves: [SHA256Digest], hasher: borrowing SHA256Hasher
    ) -> SHA256Digest? {
        let rest = Int(size % UInt64(Self.width))
        let bundle = size / UInt64(Self.width)
        guard rest <= leaves.count,
            var range = bundle == bundleCount ? range : notes[bundle] ?? nil
        else { return nil }
        for leaf in leaves.prefix(rest) { range.append(leaf, hasher: hasher) }
        return range.root(hasher: hasher)
    }

    /// Whether the range before the bundle that a size cuts was noted, or that bundle is yet to come.
    func knowsRange(before size: UInt64) -> Bool {
        let bundle = size / UInt64(Self.width)
        return bundle >= bundleCount || notes.keys.contains(bundle)
    }

    /// Takes a hash into the tile of its level; a tile that it fills is compared, and lifted in turn.
    private mutating func lift(_ root: SHA256Digest?, _ source: some LogSource) {
        var (hash, level) = (root, 1)
        while true {
            if upper.count < level {
                upper.append((0, []))
                upper[level - 1].hashes.reserveCapacity(Self.width)
            }
            upper[level - 1].hashes.append(hash)
            guard upper[level - 1].hashes.count == Self.width else { return }
            let (index, hashes) = upper[level - 1]
            compare(hashes, level, index, source, isDue: true)
            let known = hashes.compactMap { $0 }
            hash = known.count == Self.width ? MerkleTree.root(of: known) : nil
            upper[level - 1].index += 1
            upper[level - 1].hashes.removeAll(keepingCapacity: true)
            level += 1
        }
    }

    /// Compares the tiles that are not full; they are due once a log is closed.
    mutating func finish(_ source: some LogSource, isClosed: Bool) {
        for (place, tile) in upper.enumerated() where !tile.hashes.isEmpty {
            compare(tile.hashes, place + 1, tile.index, source, isDue: isClosed)
        }
    }

    private mutating func compare(
        _ hashes: [SHA256Digest?], _ level: Int, _ index: UInt64, _ source: some LogSource,
        isDue: Bool
    ) {
        let path = LogPath.tile(level: level, index: index, width: hashes.count)
        do throws(LogSourceError) {
            let place: Int?? = try source.withFile(path) { bytes in
                unsafe bytes.withUnsafeBytes { unsafe Self.difference($0, hashes) }
            }
            guard let place else {
                guard isDue else { return }
                return report(IntegrityViolation(.missingFile, path: path))
            }
            guard let place else { return }
            report(IntegrityViolation(.alteredTile, path: path, byteOffset: place))
        } catch {
            report(IntegrityViolation(.unreadableFile, path: path))
        }
    }

    private mutating func report(_ violation: IntegrityViolation) {
        violationCount += 1
        guard violations.count < VerificationReport.listCountMax else { return }
        violations.append(violation)
    }

    /// Where the bytes of a tile first differ from its hashes, as far as these are known.
    private static func difference(
        _ bytes: UnsafeRawBufferPointer, _ hashes: [SHA256Digest?]
    ) -> Int? {
        let size = SHA256Digest.byteCount
        for (slot, hash) in hashes.enumerated() {
            let start = slot * size
            guard let base = bytes.baseAddress, start + size <= bytes.count else {
                return bytes.count
            }
            if let hash, unsafe SHA256Digest(unsafeBytes: base + start) != hash { return start }
        }
        return bytes.count == hashes.count * size ? nil : hashes.count * size
    }
}
