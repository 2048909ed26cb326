// SPDX-License-Identifier: Apache-2.0

/// Where the bundles of an open segment start.
///
/// A segment is as long as whoever wrote it wished, and is looked at for each of its bundles: it is read
/// through once, piece by piece, and then only where a bundle is.
struct SegmentIndex: Sendable {
    /// The most bytes that one bundle has in a segment, with a header before each of its entries.
    ///
    /// What is longer has an entry beyond the limit.
    static let bundleByteCountMax =
        LogPath.fullWidth
        * (SegmentHeader.byteCount + EntryBundle.headerByteCount + EntryScanner.byteCountMax)
    /// The number of bytes that are read at once.
    private static let pieceByteCount = 1 << 20
    /// The most bytes of one entry with what stands before it, whatever its length in two bytes says.
    private static let stepByteCountMax =
        SegmentHeader.byteCount + EntryBundle.headerByteCount + Int(UInt16.max)

    let first: UInt64
    /// Where each bundle starts, up to the one that ends the log: the header, or the frame, of its first
    /// entry.
    private(set) var offsets = [0]
    private(set) var entryCount: UInt64 = 0
    /// Where what was read so far ends.
    private var offset = 0

    /// The index after the last entry.
    var end: UInt64 { first + entryCount }

    private init(first: UInt64) { self.first = first }

    /// Reads a segment through.
    ///
    /// - Parameters:
    ///   - first: The index of its first entry.
    ///   - source: The log's bytes.
    ///   - treeSize: The size of the log, beyond which no bundle is looked for.
    /// - Returns: Where its bundles start; nil if there is no such segment, or none any more.
    /// - Throws: ``LogSourceError``.
    static func reading(
        _ first: UInt64, in source: any LogSource, below treeSize: UInt64
    ) throws(LogSourceError) -> SegmentIndex? {
        var index = SegmentIndex(first: first)
        while true {
            let piece = index.offset..<(index.offset + pieceByteCount)
            let hasMore = try source.withBytes(of: .segment(first: first), in: piece) { bytes in
                index.read(bytes, below: treeSize)
            }
            guard let hasMore else { return nil }
            guard hasMore else { return index }
        }
    }

    /// Steps over the entries of a piece.
    ///
    /// - Returns: Whether others may follow.
    private mutating func read(_ bytes: RawSpan, below treeSize: UInt64) -> Bool {
        // Before the end of the file, only what the piece holds for certain is stepped over.
        let isLast = bytes.byteCount < Self.pieceByteCount
        let limit = isLast ? bytes.byteCount : bytes.byteCount - Self.stepByteCountMax
        var place = 0
        defer { offset += place }
        while place <= limit {
            guard let frame = SegmentHeader.frameOffset(at: place, in: bytes),
                let range = EntryBundle.entryRange(at: frame, in: bytes)
            else { return false }
            place = range.upperBound
            entryCount += 1
            guard entryCount % UInt64(LogPath.fullWidth) == 0,
                end - UInt64(LogPath.fullWidth) < treeSize
            else { continue }
            offsets.append(offset + place)
        }
        return !isLast
    }

    /// The bytes that may be of the bundle that starts at an index; nil if no entry of it is there.
    func range(of start: UInt64) -> Range<Int>? {
        guard start >= first else { return nil }
        let step = (start - first) / UInt64(LogPath.fullWidth)
        guard step < UInt64(offsets.count) else { return nil }
        let place = offsets[Int(step)]
        let next = Int(step) + 1 < offsets.count ? offsets[Int(step) + 1] : .max
        return place..<(place + min(next - place, Self.bundleByteCountMax))
    }
}
