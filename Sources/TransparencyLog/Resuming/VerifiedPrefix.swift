// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import Snapshots

/// The first whole bundles of a log as a verification left them, so that the next one goes on from
/// there.
///
/// It holds the root of each bundle. A verification that goes on from it computes the tree over
/// these roots and the new entries, and the signed head must be its root: that proves the new tree
/// consistent with the old, as RFC 6962 asks, and that the roots are the log's own. The entries
/// themselves are not read again: only a full verification notices that one was altered since.
/// That the files of the bundles are there, but for those that were gone already, is looked at.
public struct VerifiedPrefix: Sendable {
    /// The name of the log.
    public let origin: String
    /// The roots of the bundles.
    let roots: [SHA256Digest]
    /// The last leaf hash of each bundle.
    let lastLeaves: [SHA256Digest]
    let announcements: [ChunkResult.Announcement]
    /// The entries by which the log says that something was taken from it.
    let removals: [ChunkResult.Removal]
    /// The entries whose bundles are not there, in order.
    let absent: [Range<UInt64>]
    /// The purge that left what is in force, and the files of it.
    let standingPurge: UInt64?
    let standing: [StandingFile]
    let counters: SourceCounters
    let byteCount: UInt64
    let recordedAt: ClosedRange<Int64>?
    let occurredAt: ClosedRange<Int64>?

    /// The number of entries.
    public var treeSize: UInt64 { UInt64(roots.count) * UInt64(LogPath.fullWidth) }

    /// Writes the prefix.
    public func encode(to writer: inout SnapshotWriter) {
        writer.write(origin)
        writer.write(count: roots.count)
        for root in roots { writer.write(root) }
        for leaf in lastLeaves { writer.write(leaf) }
        writer.write(each: announcements) { writer, announcement in
            writer.write(announcement.index)
            writer.write(bytes: announcement.text)
            writer.write(bytes: announcement.recoveryKey)
            writer.write(announcement.retentionDaysMin) { $0.write($1) }
        }
        writer.write(each: removals) { writer, removal in
            writer.write(removal.kind == .purge)
            for number in [removal.index, removal.first, removal.last] { writer.write(number) }
            writer.write(removal.count) { $0.write($1) }
            writer.write(removal.recordedAt)
            writer.write(removal.standing) { writer, standing in
                writer.write(standing.total.count)
                writer.write(standing.total.digest)
                writer.write(standing.since)
            }
        }
        writer.write(each: absent) { writer, entries in
            writer.write(entries.lowerBound)
            writer.write(entries.upperBound)
        }
        writer.write(standingPurge) { $0.write($1) }
        writer.write(each: standing) { writer, file in
            writer.write(file.bundle)
            writer.write(file.count)
            writer.write(file.digest)
        }
        counters.encode(to: &writer)
        writer.write(byteCount)
        for range in [recordedAt, occurredAt] {
            writer.write(range) { writer, range in
                writer.write(range.lowerBound)
                writer.write(range.upperBound)
            }
        }
    }

    /// Reads a prefix.
    ///
    /// - Throws: ``MalformedSnapshot``.
    public init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        origin = try reader.text()
        let count = try reader.count()
        var (roots, lastLeaves): ([SHA256Digest], [SHA256Digest]) = ([], [])
        for _ in 0..<count { roots.append(try reader.digest()) }
        for _ in 0..<count { lastLeaves.append(try reader.digest()) }
        (self.roots, self.lastLeaves) = (roots, lastLeaves)
        let end = UInt64(count) * UInt64(LogPath.fullWidth)
        announcements = try reader.list { reader throws(MalformedSnapshot) in
            try Self.announcement(&reader, below: end)
        }
        removals = try reader.list { reader throws(MalformedSnapshot) in
            try Self.removal(&reader, below: end)
        }
        absent = try Self.absent(&reader, below: end)
        standingPurge = try reader.optional { reader throws(MalformedSnapshot) in
            try reader.number()
        }
        standing = try Self.standing(&reader, below: UInt64(count))
        counters = try SourceCounters(from: &reader, purged: absent)
        byteCount = try reader.number()
        recordedAt = try Self.range(&reader)
        occurredAt = try Self.range(&reader)
    }

    private static func announcement(
        _ reader: inout SnapshotReader, below end: UInt64
    ) throws(MalformedSnapshot) -> ChunkResult.Announcement {
        let index = try reader.number()
        guard index < end else { throw MalformedSnapshot() }
        var announcement = ChunkResult.Announcement(
            index: index, text: Array(try reader.content()),
            path: .bundle(index: index / UInt64(LogPath.fullWidth), width: LogPath.fullWidth),
            byteOffset: 0)
        announcement.recoveryKey = Array(try reader.content())
        announcement.retentionDaysMin = try reader.optional { reader throws(MalformedSnapshot) in
            try reader.number()
        }
        return announcement
    }

    private static func removal(
        _ reader: inout SnapshotReader, below end: UInt64
    ) throws(MalformedSnapshot) -> ChunkResult.Removal {
        let kind: ChunkResult.Removal.Kind = try reader.flag() ? .purge : .restore
        let (index, first, last) = (try reader.number(), try reader.number(), try reader.number())
        let limit = BundleLocator.indexMax
        guard index < end, first < limit, last < limit else { throw MalformedSnapshot() }
        let count = try reader.optional { reader throws(MalformedSnapshot) in try reader.number() }
        let recordedAt = try reader.integer()
        let standing = try reader.optional { reader throws(MalformedSnapshot) in
            let total = StandingTotal(count: try reader.number(), digest: try reader.digest())
            return StandingSet(purge: index, total: total, since: try reader.integer())
        }
        return ChunkResult.Removal(
            kind: kind, index: index, first: first, last: last, count: count,
            recordedAt: recordedAt, standing: standing)
    }

    /// The files of what is in force, in the order of their bundles.
    private static func standing(
        _ reader: inout SnapshotReader, below end: UInt64
    ) throws(MalformedSnapshot) -> [StandingFile] {
        var files: [StandingFile] = []
        for _ in 0..<(try reader.count()) {
            let file = StandingFile(
                bundle: try reader.number(), count: try reader.number(),
                digest: try reader.digest())
            guard file.bundle < end, file.count <= UInt64(LogPath.fullWidth),
                files.last.map({ $0.bundle < file.bundle }) ?? true
            else { throw MalformedSnapshot() }
            files.append(file)
        }
        return files
    }

    /// Ranges of whole bundles, in order, none of them beside the next.
    private static func absent(
        _ reader: inout SnapshotReader, below end: UInt64
    ) throws(MalformedSnapshot) -> [Range<UInt64>] {
        let width = UInt64(LogPath.fullWidth)
        var ranges: [Range<UInt64>] = []
        for _ in 0..<(try reader.count()) {
            let (first, last) = (try reader.number(), try reader.number())
            guard first < last, last <= end, first % width == 0, last % width == 0,
                ranges.last.map({ $0.upperBound < first }) ?? true
            else { throw MalformedSnapshot() }
            ranges.append(first..<last)
        }
        return ranges
    }

    private static func range(
        _ reader: inout SnapshotReader
    ) throws(MalformedSnapshot) -> ClosedRange<Int64>? {
        try reader.optional { reader throws(MalformedSnapshot) in
            let (lower, upper) = (try reader.integer(), try reader.integer())
            guard lower <= upper else { throw MalformedSnapshot() }
            return lower...upper
        }
    }

    init(
        origin: String, roots: [SHA256Digest], lastLeaves: [SHA256Digest],
        announcements: [ChunkResult.Announcement], removals: [ChunkResult.Removal],
        absent: [Range<UInt64>], standingPurge: UInt64?, standing: [StandingFile],
        progress: FoldProgress
    ) {
        (self.standingPurge, self.standing) = (standingPurge, standing)
        self.origin = origin
        self.roots = roots
        self.lastLeaves = lastLeaves
        self.announcements = announcements
        self.removals = removals
        self.absent = absent
        counters = progress.counters
        byteCount = progress.byteCount
        recordedAt = progress.recordedAt
        occurredAt = progress.occurredAt
    }
}

/// Bundles of a prefix are gone since, or are back.
///
/// What was summed up over it no longer holds, and everything must be read again; whether a purge
/// says so is for that reading to tell.
public struct OutdatedPrefix: Error, Hashable, Sendable {}

/// What is summed up over the entries of a log, as far as its last whole bundle.
struct FoldProgress {
    var counters = SourceCounters()
    var byteCount: UInt64 = 0
    var recordedAt: ClosedRange<Int64>?
    var occurredAt: ClosedRange<Int64>?

    mutating func fold(_ chunk: ChunkResult) {
        counters.fold(chunk.sources)
        byteCount += chunk.byteCount
        recordedAt = .union(recordedAt, chunk.recordedAt)
        occurredAt = .union(occurredAt, chunk.occurredAt)
    }
}
