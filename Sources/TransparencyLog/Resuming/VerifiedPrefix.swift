// SPDX-License-Identifier: Apache-2.0

import Cryptography

/// The first whole bundles of a log as a verification left them, so that the next one goes on from
/// there.
///
/// It holds the root of each bundle. A verification that goes on from it computes the tree over
/// these roots and the new entries, and the signed head must be its root: that proves the new tree
/// consistent with the old, as RFC 6962 asks, and that the roots are the log's own. The entries
/// themselves are not read again: only a full verification notices that one was altered since.
public struct VerifiedPrefix: Sendable {
    /// The name of the log.
    public let origin: String
    /// The roots of the bundles.
    let roots: [SHA256Digest]
    /// The last leaf hash of each bundle.
    let lastLeaves: [SHA256Digest]
    let announcements: [ChunkResult.Announcement]
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
        announcements = try reader.list { reader throws(MalformedSnapshot) in
            let index = try reader.number()
            return ChunkResult.Announcement(
                index: index, text: Array(try reader.content()),
                path: .bundle(
                    index: index / UInt64(LogPath.fullWidth), width: LogPath.fullWidth),
                byteOffset: 0)
        }
        counters = try SourceCounters(from: &reader)
        byteCount = try reader.number()
        recordedAt = try Self.range(&reader)
        occurredAt = try Self.range(&reader)
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
        announcements: [ChunkResult.Announcement], progress: FoldProgress
    ) {
        self.origin = origin
        self.roots = roots
        self.lastLeaves = lastLeaves
        self.announcements = announcements
        counters = progress.counters
        byteCount = progress.byteCount
        recordedAt = progress.recordedAt
        occurredAt = progress.occurredAt
    }
}

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
