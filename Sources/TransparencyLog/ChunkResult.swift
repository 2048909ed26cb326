// SPDX-License-Identifier: Apache-2.0

import Cryptography

/// What one worker found in one run of bundles.
struct ChunkResult: Sendable {
    /// The number of bundles of a chunk.
    static let bundleCount: UInt64 = 32
    /// The number of violations that a chunk lists.
    static let listCountMax = 64

    /// An entry whose hash differs from the one in a tile: one of the two was altered.
    struct Mismatch: Sendable {
        var violation: IntegrityViolation
        var tilePath: LogPath
        var tileOffset: Int
    }

    /// An entry that announces a key.
    struct Announcement: Sendable {
        var index: UInt64
        var text: [UInt8]
        var path: LogPath
        var byteOffset: Int
        /// Of `log.open`: the key that may sign after a restore, and the shortest retention.
        var recoveryKey: [UInt8] = []
        var retentionDaysMin: UInt64?
    }

    /// An entry by which the log says that something was taken from it.
    struct Removal: Sendable {
        enum Kind { case purge, restore }
        var kind: Kind
        var index: UInt64
        /// The entries concerned.
        var first: UInt64
        var last: UInt64
        /// The number of entries that a restoration lost; 0 if nobody knows, nil if it says nothing of it.
        var count: UInt64?
        var recordedAt: Int64
        /// What a purge left in force; nil if it says nothing of it.
        var standing: StandingSet?

        /// Whether it is a purge that took what came before it.
        var isPurge: Bool { kind == .purge && first <= last && last < index }
    }

    /// The root of each bundle as its entries give it; nil where they cannot be read.
    var entryRoots: [SHA256Digest?] = []
    /// The root of each bundle as its tile gives it, where that differs.
    var tileRoots: [(bundle: UInt64, root: SHA256Digest)] = []
    /// The last leaf hash of each bundle.
    var lastLeaves: [SHA256Digest] = []
    /// The leaf hashes of a bundle that is not full.
    var partialLeaves: [SHA256Digest] = []
    /// The same from its tile, where that differs.
    var partialTileLeaves: [SHA256Digest]?

    /// The `prev` of the chunk's first entry, if it could be read.
    var firstLink: SHA256Digest?
    /// Where that entry is.
    var firstPlace: (path: LogPath, byteOffset: Int)?
    /// The last entry's leaf hash; nil if the last bundle could not be read to its end.
    var lastLeaf: SHA256Digest?
    /// The same from its tile.
    var lastTileLeaf: SHA256Digest?

    var violations: [IntegrityViolation] = []
    var violationCount = 0
    /// The number of bundles that are not there.
    var missingCount = 0
    var lastBadIndex: UInt64?
    var mismatches: [Mismatch] = []
    var mismatchCount = 0
    var lastMismatch: UInt64?

    var announcements: [Announcement] = []
    var removals: [Removal] = []
    var anchors: [AnchorRecord] = []
    /// Full bundles that are not there, though their tiles are.
    var absent: [UInt64] = []
    /// The files of what is in force, as they were found.
    var standing: [StandingFile] = []
    var sources = SourceRuns()
    var byteCount: UInt64 = 0
    var recordedAt: ClosedRange<Int64>?
    var occurredAt: ClosedRange<Int64>?

    mutating func report(_ violation: IntegrityViolation) {
        violationCount += 1
        if let index = violation.index { lastBadIndex = max(lastBadIndex ?? 0, index) }
        if violations.count < Self.listCountMax { violations.append(violation) }
    }

    mutating func report(_ mismatch: Mismatch) {
        mismatchCount += 1
        lastMismatch = mismatch.violation.index
        if mismatches.count < Self.listCountMax { mismatches.append(mismatch) }
    }
}

extension ClosedRange where Bound: Comparable {
    /// The smallest range that holds both.
    static func union(_ lhs: ClosedRange?, _ rhs: ClosedRange?) -> ClosedRange? {
        guard let lhs, let rhs else { return lhs ?? rhs }
        return Swift.min(
            lhs.lowerBound, rhs.lowerBound)...Swift.max(
                lhs.upperBound, rhs.upperBound)
    }
}
