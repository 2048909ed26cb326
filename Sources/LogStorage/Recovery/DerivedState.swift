// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// What the writer knows besides the tree: all of it comes from the entries, and can be made anew.
///
/// The index of identifiers takes eight bytes for each entry of the log, so that it is only read
/// once somebody submits an event. Until then the header of its file says what is needed.
struct DerivedState {
    /// Nil if the stored index is of this log, and lacks few of its entries.
    var identifiers: IdentifierIndex?
    /// The greatest `source_seq` of the log's own source.
    var ownSequence: UInt64 = 0
    /// When the last entry was recorded, as far as the bundles that were read say it.
    var recordedAt = Int64.min

    private static let width = LogPath.fullWidth
    /// The number of bundles that are read again rather than the whole index.
    private static let missingBundleMax = 64

    /// Reads what opening a log needs.
    static func load(
        _ directory: LogDirectory, _ segment: SegmentContent, treeSize: UInt64
    ) throws(StorageError) -> DerivedState {
        var state = DerivedState()
        let bundleCount = Int(segment.first) / width
        let header = try? storedHeader(directory, segment, Int(treeSize))
        guard let header, bundleCount - header.count / width <= missingBundleMax else {
            return try loadAll(directory, segment, Int(treeSize))
        }
        state.ownSequence = header.ownSequence
        // The last bundle is read in any case: no entry may be recorded before its last one.
        for bundle in min(header.count / width, max(0, bundleCount - 1))..<bundleCount {
            state.read(try Self.frames(bundle, directory), nil)
        }
        state.read(segment.frames, nil)
        return state
    }

    /// Reads the index of identifiers too, and all entries that it lacks.
    static func loadAll(
        _ directory: LogDirectory, _ segment: SegmentContent, _ treeSize: Int
    ) throws(StorageError) -> DerivedState {
        var state = DerivedState()
        state.identifiers = IdentifierIndex()
        if let header = try? storedHeader(directory, segment, treeSize),
            let file = try? FileTree.bytes(of: directory.identifiers, byteCountMax: 1 << 36),
            let index = IdentifierIndex.parse(file)
        {
            state.identifiers = index
            state.ownSequence = header.ownSequence
        }
        let bundleCount = Int(segment.first) / width
        let known = state.identifiers?.count ?? 0
        for bundle in min(known / width, max(0, bundleCount - 1))..<bundleCount {
            state.read(try Self.frames(bundle, directory), bundle * width)
            // An entry that cannot be read has no name that a retry could repeat.
            state.fill(to: min((bundle + 1) * width, treeSize))
        }
        state.read(segment.frames, Int(segment.first))
        return state
    }

    private static func frames(
        _ bundle: Int, _ directory: LogDirectory
    ) throws(StorageError) -> [UInt8] {
        let path = LogPath.bundle(index: UInt64(bundle), width: width)
        return try FileTree.bytes(of: directory.path(of: path)) ?? []
    }

    private mutating func fill(to count: Int) {
        while let known = identifiers?.count, known < count { identifiers?.append(0) }
    }

    /// Reads entries; those from `first` on that the index does not have are added to it.
    private mutating func read(_ frames: [UInt8], _ first: Int?) {
        let scanner = EntryScanner()
        let bytes = unsafe frames.span.bytes
        for (place, range) in EntryBundle.entryRanges(in: bytes).enumerated() {
            let isNew = first.map { $0 + place == identifiers?.count } ?? false
            guard let scanned = try? scanner.scan(bytes.extracting(range)) else {
                if isNew { identifiers?.append(0) }
                continue
            }
            recordedAt = max(recordedAt, scanned.recordedAt)
            if isNew { identifiers?.append(IdentifierIndex.key(bytes.extracting(range), scanned)) }
            guard let source = scanned.range(of: .source) else { continue }
            let name =
                (range.lowerBound + source.lowerBound)..<(range.lowerBound + source.upperBound)
            if frames[name].elementsEqual(IdentifierIndex.ownSource) {
                ownSequence = max(ownSequence, scanned.sourceSeq)
            }
        }
    }

    /// The header of the stored index, if it belongs to this log.
    private static func storedHeader(
        _ directory: LogDirectory, _ segment: SegmentContent, _ treeSize: Int
    ) throws(StorageError) -> IdentifierIndex.Header? {
        guard let file = try OpenFile.readingIfPresent(directory.identifiers),
            let header = IdentifierIndex.Header(
                try file.bytes(at: 0, count: IdentifierIndex.Header.byteCount)),
            header.count > 0, header.count <= treeSize,
            try leafHash(header.count - 1, directory, segment) == header.lastLeafHash
        else { return nil }
        return header
    }

    /// The leaf hash of an entry, from its tile or the segment.
    private static func leafHash(
        _ index: Int, _ directory: LogDirectory, _ segment: SegmentContent
    ) throws(StorageError) -> SHA256Digest? {
        if index >= Int(segment.first) {
            let place = index - Int(segment.first)
            return place < segment.leaves.count ? segment.leaves[place] : nil
        }
        let path = directory.path(of: .tile(level: 0, index: UInt64(index / width), width: width))
        let hashes = try FileTree.bytes(of: path).flatMap { TileContent.hashes(in: $0) } ?? []
        return index % width < hashes.count ? hashes[index % width] : nil
    }
}

/// The whole entries of the open segment, and their leaf hashes.
struct SegmentContent {
    var first: UInt64
    var frames: [UInt8]
    var leaves: [SHA256Digest]
}
