// SPDX-License-Identifier: Apache-2.0

/// Finds the entries of a bundle: in its file, or in the open segment while it has none.
struct BundleLocator: Sendable {
    /// The bytes of a file that hold a bundle.
    struct Place: Hashable {
        let path: LogPath
        /// Where they are in a segment; all of them in any other file.
        var range: Range<Int>?
        /// Whether the file holds nothing but the bundle.
        let isWhole: Bool

        /// Where they start.
        var offset: Int { range?.lowerBound ?? 0 }
    }

    /// No index and no size of the format reaches it; larger ones in file names are passed over.
    static let indexMax: UInt64 = 1 << 53

    let source: any LogSource
    let segments: [SegmentIndex]
    /// Whether the folder is a writer's, who may have sealed a segment since its name was read, and removed
    /// partial files of older heads.
    let isWriters: Bool
    /// The entries that purges kept, in order.
    let keptEntries: [UInt64]
    /// The last purge, among those that the head covers, that left a folder of what is in force.
    let standingPurge: UInt64?
    /// The bundles of which it left something, in order.
    let standingBundles: [UInt64]

    init(source: any LogSource, below treeSize: UInt64 = .max) throws(LogSourceError) {
        self.source = source
        var segments: [SegmentIndex] = []
        let width = UInt64(LogPath.fullWidth)
        let starts = try source.segments().filter { $0 % width == 0 && $0 < Self.indexMax }
        for first in starts {
            if let segment = try SegmentIndex.reading(first, in: source, below: treeSize) {
                segments.append(segment)
            }
        }
        self.segments = segments
        isWriters = !starts.isEmpty
        keptEntries = try source.keptEntryIndices().filter { $0 < Self.indexMax }.sorted()
        standingPurge = try source.standingSets().filter { $0 < treeSize }.max()
        standingBundles =
            try standingPurge.map { purge throws(LogSourceError) in
                try source.standingBundles(of: purge).filter { $0 < Self.indexMax }.sorted()
            } ?? []
    }

    /// The kept entries of one bundle.
    func keptEntries(of bundle: UInt64) -> ArraySlice<UInt64> {
        guard !keptEntries.isEmpty else { return [] }
        let width = UInt64(LogPath.fullWidth)
        let start = keptEntries.partition(where: { $0 >= bundle * width })
        let end = keptEntries.partition(where: { $0 >= (bundle + 1) * width })
        return keptEntries[start..<end]
    }

    /// The file of what is in force of one bundle.
    func standingPath(of bundle: UInt64) -> LogPath? {
        guard let standingPurge, standingBundles.contains(sorted: bundle) else { return nil }
        return .standing(purge: standingPurge, bundle: bundle)
    }

    /// The full bundles that are not there, among the first ones of the log.
    func absentBundles(among count: Int) throws(LogSourceError) -> [UInt64] {
        var absent: [UInt64] = []
        for bundle in 0..<UInt64(count) {
            let path = LogPath.bundle(index: bundle, width: LogPath.fullWidth)
            if try source.holds(path) { continue }
            let places = places(bundle, width: LogPath.fullWidth)
            let isThere: Void? = try unsafe withFirst(of: places) { _, _ in }
            if isThere == nil { absent.append(bundle) }
        }
        return absent
    }

    /// The number of entries beyond a size, in open segments.
    func entryCount(beyond size: UInt64) -> UInt64 {
        let end = segments.map(\.end).max() ?? 0
        return end > size ? end - size : 0
    }

    /// Where the first `width` entries of a bundle may be, the best place first.
    func places(_ bundle: UInt64, width: Int) -> [Place] {
        let start = bundle * UInt64(LogPath.fullWidth)
        let isFull = width == LogPath.fullWidth
        var inSegments: [Place] = []
        var torn: [Place] = []
        for segment in segments {
            guard let range = segment.range(of: start) else { continue }
            let place = Place(
                path: .segment(first: segment.first), range: range, isWhole: false)
            if segment.end >= start + UInt64(width) {
                inSegments.append(place)
            } else {
                torn.append(place)
            }
        }
        let full = Place(
            path: .bundle(index: bundle, width: LogPath.fullWidth), isWhole: isFull)
        guard !isFull else { return [full] + inSegments + torn }
        let partial = Place(path: .bundle(index: bundle, width: width), isWhole: true)
        return inSegments + [partial, full] + torn
    }

    /// Where the leaf hashes of a bundle may be, the best place first: in tiles, and last, of an open
    /// segment, the entries themselves.
    func leafPlaces(_ bundle: UInt64, width: Int) -> [Place] {
        let places = places(bundle, width: width)
        let tiles = places.compactMap { place -> Place? in
            guard case .bundle(let index, let width) = place.path else { return nil }
            return Place(
                path: .tile(level: 0, index: index, width: width), isWhole: place.isWhole)
        }
        return tiles + places.filter(\.path.isSegment)
    }

    /// Lends the bytes of the first of some places that exist; nil if none does.
    ///
    /// A live log may move entries from the segment to a bundle between two looks, so there are
    /// two looks.
    func withFirst<Result>(
        of places: [Place], _ body: (UnsafeRawBufferPointer, Place) -> Result
    ) throws(LogSourceError) -> Result? {
        for _ in 0..<2 {
            for place in places {
                if let result = try unsafe withBytes(place, body) { return result }
            }
        }
        return nil
    }

    /// Lends the bytes of one place; nil if its file does not exist.
    func withBytes<Result>(
        _ place: Place, _ body: (UnsafeRawBufferPointer, Place) -> Result
    ) throws(LogSourceError) -> Result? {
        let lend: (RawSpan) -> Result = { bytes in
            unsafe bytes.withUnsafeBytes { raw in unsafe body(raw, place) }
        }
        guard let range = place.range else { return try source.withFile(place.path, lend) }
        return try source.withBytes(of: place.path, in: range, lend)
    }
}

extension [UInt64] {
    /// Whether sorted numbers hold one.
    func contains(sorted number: UInt64) -> Bool {
        let place = partition { $0 >= number }
        return place < count && self[place] == number
    }

    /// The first place, in sorted numbers, where a condition holds that then holds to the end.
    func partition(where holds: (UInt64) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
