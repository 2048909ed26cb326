// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// What the writer knows besides the tree: all of it comes from the entries, and can be made anew.
///
/// Names of entries are only read once somebody submits an event. Until then the headers of their runs
/// say what is needed.
struct DerivedState {
    /// Nil if the stored runs are of this log, and lack few of its entries.
    var identifiers: IdentifierIndex?
    /// The greatest `source_seq` of the log's own source.
    var ownSequence: UInt64 = 0
    /// When the last entry was recorded, as far as the bundles that were read say it.
    var recordedAt = Int64.min

    private let directory: LogDirectory
    private let segment: SegmentContent
    private let runs: IdentifierRuns
    /// What is left of bundles that were purged; nil until one is read.
    private var left: LeftEntries?

    private static let width = LogPath.fullWidth
    /// The number of bundles that are read rather than making the whole index.
    private static let missingBundleMax = 64

    private init(
        _ directory: LogDirectory, _ segment: SegmentContent, _ runs: IdentifierRuns
    ) {
        (self.directory, self.segment, self.runs) = (directory, segment, runs)
        guard let header = runs.runs.last?.header else { return }
        (ownSequence, recordedAt) = (header.ownSequence, header.recordedAt)
    }

    /// Reads what opening a log needs.
    static func load(
        _ directory: LogDirectory, _ segment: SegmentContent, isDurable: Bool
    ) throws(StorageError) -> DerivedState {
        let runs = try storedRuns(directory, segment)
        let bundleCount = Int(segment.first) / width
        guard bundleCount - Int(runs.end) / width <= missingBundleMax else {
            return try readAll(directory, segment, runs, isDurable)
        }
        var state = DerivedState(directory, segment, runs)
        for bundle in min(Int(runs.end) / width, bundleCount)..<bundleCount {
            try state.read(bundle)
        }
        state.read(segment.frames, nil)
        return state
    }

    /// Reads the names of all entries, from the runs where they are whole, or of all entries anew.
    static func loadAll(
        _ directory: LogDirectory, _ segment: SegmentContent, isDurable: Bool, isNew: Bool = false
    ) throws(StorageError) -> DerivedState {
        var runs = try storedRuns(directory, segment)
        if isNew { try runs.removeAll() }
        return try readAll(directory, segment, runs, isDurable)
    }

    /// Reads the names that no run has; of all entries, if a run that others are joined to is not as it was
    /// written.
    private static func readAll(
        _ directory: LogDirectory, _ segment: SegmentContent, _ runs: IdentifierRuns,
        _ isDurable: Bool
    ) throws(StorageError) -> DerivedState {
        do throws(StorageError) {
            var state = DerivedState(directory, segment, runs)
            try state.readAll(isDurable)
            return state
        } catch {
            guard error.code == .altered, !runs.runs.isEmpty else { throw error }
        }
        var none = runs
        try none.removeAll()
        var state = DerivedState(directory, segment, none)
        try state.readAll(isDurable)
        return state
    }

    private mutating func readAll(_ isDurable: Bool) throws(StorageError) {
        identifiers = IdentifierIndex(runs, isDurable: isDurable)
        let bundleCount = Int(segment.first) / Self.width
        for bundle in min(Int(runs.end) / Self.width, bundleCount)..<bundleCount {
            try read(bundle)
            // An entry that cannot be read has no name that a retry could repeat.
            while let end = identifiers?.end, end < UInt64((bundle + 1) * Self.width) {
                identifiers?.append(nil)
            }
            let leaf = try Self.leafHash(UInt64((bundle + 1) * Self.width - 1), directory, segment)
            // Without its tile the log is not whole, which others find; nothing is then stored.
            guard let leaf else { continue }
            let end = IdentifierEnd(
                leafHash: leaf, ownSequence: ownSequence, recordedAt: recordedAt)
            try identifiers?.flush(end)
        }
        read(segment.frames, segment.first)
    }

    private mutating func read(_ bundle: Int) throws(StorageError) {
        let path = LogPath.bundle(index: UInt64(bundle), width: Self.width)
        if let frames = try FileTree.bytes(of: directory.path(of: path)) {
            return read(frames, UInt64(bundle * Self.width))
        }
        // Purged: what is in force, and the log's own entries, are known by their names all the same.
        if left == nil { left = try LeftEntries(directory) }
        for (index, entry) in try left?.entries(of: UInt64(bundle)) ?? []
        where entry.count <= EntryScanner.byteCountMax {
            while let end = identifiers?.end, end < index { identifiers?.append(nil) }
            var frames: [UInt8] = []
            EntryBundle.append(entry, to: &frames)
            read(frames, index)
        }
    }

    /// Reads entries; those from `first` on that the index does not have are added to it.
    private mutating func read(_ frames: [UInt8], _ first: UInt64?) {
        let scanner = EntryScanner()
        let bytes = unsafe frames.span.bytes
        for (place, range) in EntryBundle.entryRanges(in: bytes).enumerated() {
            let entry = bytes.extracting(range)
            let isNew = first.map { $0 + UInt64(place) == identifiers?.end } ?? false
            guard let scanned = try? scanner.scan(entry) else {
                if isNew { identifiers?.append(nil) }
                continue
            }
            recordedAt = max(recordedAt, scanned.recordedAt)
            if isNew {
                let hash = identifiers?.hash(entry, scanned)
                identifiers?.append(hash)
            }
            guard let source = scanned.range(of: .source) else { continue }
            let name =
                (range.lowerBound + source.lowerBound)..<(range.lowerBound + source.upperBound)
            if frames[name].elementsEqual(IdentifierIndex.ownSource) {
                ownSequence = max(ownSequence, scanned.sourceSeq)
            }
        }
    }

    private static func storedRuns(
        _ directory: LogDirectory, _ segment: SegmentContent
    ) throws(StorageError) -> IdentifierRuns {
        let treeSize = segment.first + UInt64(segment.leaves.count)
        return try IdentifierRuns(directory, treeSize: treeSize) {
            index, header throws(StorageError) in
            try leafHash(index, directory, segment) == header.lastLeafHash
        }
    }

    /// The leaf hash of an entry, from its tile or the segment.
    private static func leafHash(
        _ index: UInt64, _ directory: LogDirectory, _ segment: SegmentContent
    ) throws(StorageError) -> SHA256Digest? {
        if index >= segment.first {
            let place = Int(index - segment.first)
            return place < segment.leaves.count ? segment.leaves[place] : nil
        }
        let (tile, place) = index.quotientAndRemainder(dividingBy: UInt64(width))
        let path = directory.path(of: .tile(level: 0, index: tile, width: width))
        let hashes = try FileTree.bytes(of: path).flatMap { TileContent.hashes(in: $0) } ?? []
        return Int(place) < hashes.count ? hashes[Int(place)] : nil
    }
}

/// The whole entries of the open segment, and their leaf hashes.
struct SegmentContent {
    var first: UInt64
    var frames: [UInt8]
    var leaves: [SHA256Digest]
}
