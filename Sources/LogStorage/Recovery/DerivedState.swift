// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// What the writer knows besides the tree: all of it comes from the entries, and can be made anew.
struct DerivedState {
    var identifiers = IdentifierIndex()
    /// When the last entry was recorded, as far as full bundles say it.
    var recordedAt = Int64.min
    /// Entry 0.
    var opening: [UInt8]?

    private static let width = LogPath.fullWidth

    /// Reads the stored index, adds what it lacks, and reads everything anew if it does not fit.
    static func load(
        _ directory: LogDirectory, segmentFirst: UInt64, _ segment: [UInt8],
        tree: borrowing LogTree, link: SHA256Digest
    ) throws(StorageError) -> DerivedState {
        var state = DerivedState()
        let end = Int(tree.treeSize)
        let file = try? FileTree.bytes(of: directory.identifiers, byteCountMax: 1 << 36)
        if let file, let stored = IdentifierIndex.parse(file), stored.index.count <= end,
            try leafHash(
                stored.index.count - 1, directory, Int(segmentFirst), tree) == stored.lastLeafHash
        {
            state.identifiers = stored.index
        }
        let bundleCount = Int(segmentFirst) / width
        var bundle = min(state.identifiers.count / width, max(0, bundleCount - 1))
        while bundle < bundleCount {
            let path = directory.path(of: .bundle(index: UInt64(bundle), width: width))
            let bytes = try FileTree.bytes(of: path) ?? []
            state.add(bytes, first: bundle * width)
            // An entry that cannot be read has no name that a retry could repeat.
            state.fill(to: min((bundle + 1) * width, end))
            bundle += 1
        }
        state.add(segment, first: Int(segmentFirst))
        state.opening = try openingEntry(directory, bundleCount, segment)
        return state
    }

    private mutating func fill(to count: Int) {
        while identifiers.count < count { identifiers.append(0) }
    }

    /// Adds the entries of a bundle or segment that the index does not have yet.
    private mutating func add(_ frames: [UInt8], first: Int) {
        let scanner = EntryScanner()
        let bytes = unsafe frames.span.bytes
        for (place, range) in EntryBundle.entryRanges(in: bytes).enumerated() {
            guard let scanned = try? scanner.scan(bytes.extracting(range)) else {
                if first + place == identifiers.count { identifiers.append(0) }
                continue
            }
            recordedAt = max(recordedAt, scanned.recordedAt)
            guard first + place == identifiers.count else { continue }
            identifiers.append(IdentifierIndex.key(bytes.extracting(range), scanned))
            if let source = scanned.range(of: .source) {
                let name =
                    range.lowerBound + source.lowerBound..<range.lowerBound + source.upperBound
                if frames[name].elementsEqual(IdentifierIndex.ownSource) {
                    identifiers.ownSequence = max(identifiers.ownSequence, scanned.sourceSeq)
                }
            }
        }
    }

    /// The leaf hash of an entry, from its tile or the segment.
    private static func leafHash(
        _ index: Int, _ directory: LogDirectory, _ segmentFirst: Int, _ tree: borrowing LogTree
    ) throws(StorageError) -> SHA256Digest? {
        guard index >= 0 else { return nil }
        if index >= segmentFirst {
            let place = index - segmentFirst
            return place < tree.leaves.count ? tree.leaves[place] : nil
        }
        let path = directory.path(
            of: .tile(level: 0, index: UInt64(index / width), width: width))
        let hashes = try FileTree.bytes(of: path).flatMap { TileContent.hashes(in: $0) } ?? []
        return index % width < hashes.count ? hashes[index % width] : nil
    }

    private static func openingEntry(
        _ directory: LogDirectory, _ bundleCount: Int, _ segment: [UInt8]
    ) throws(StorageError) -> [UInt8]? {
        var frames = segment
        if bundleCount > 0 {
            frames =
                try FileTree.bytes(
                    of: directory.path(of: .bundle(index: 0, width: width))) ?? []
        }
        return unsafe EntryBundle.entryRange(at: 0, in: frames.span.bytes).map { Array(frames[$0]) }
    }
}
