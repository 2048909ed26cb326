// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// Entries of a large commit as frames that lack one thing, the hash of the entry before, with the
/// hashes of their names.
struct PreparedEntries: Sendable {
    /// What their names were hashed with.
    let key: IdentifierKey
    /// The frames, one after the other.
    let space: BatchSpace
    /// Where each frame starts, and where the last one ends.
    private(set) var offsets = [0]
    /// Where in the frames the digits of each `prev` are.
    private(set) var linkOffsets: [Int] = []
    private(set) var names: [UInt64] = []

    /// Renders some submissions; nil if the log's own are among them, whose counter the writer follows.
    ///
    /// - Parameters:
    ///   - submissions: All submissions of the caller.
    ///   - places: Those to be rendered.
    ///   - assigned: What the log sets in the first of these.
    ///   - key: What names are hashed with.
    ///   - pool: Where memory comes from.
    init?(
        _ submissions: [Submission], _ places: Range<Int>, _ assigned: EntryRenderer.LogAssigned,
        _ key: IdentifierKey, _ pool: SpacePool
    ) {
        let more = EntryBundle.headerByteCount + EntryRenderer.growthMax
        var capacity = 0
        for place in places { capacity += submissions[place].bytes.count + more }
        self.key = key
        space = pool.take(capacity: capacity)
        offsets.reserveCapacity(places.count + 1)
        linkOffsets.reserveCapacity(places.count)
        names.reserveCapacity(places.count)
        var assigned = assigned
        let isForeign = unsafe submissions.withUnsafeBufferPointer { submissions in
            for place in places {
                guard let submission = unsafe submissions.baseAddress.map({ unsafe $0 + place }),
                    unsafe !submission.pointee.isOwn
                else { return false }
                unsafe add(submission, assigned)
                assigned.seq += 1
            }
            return true
        }
        guard isForeign else { return nil }
    }

    private mutating func add(
        _ submission: UnsafePointer<Submission>, _ assigned: EntryRenderer.LogAssigned
    ) {
        let start = offsets[offsets.count - 1]
        let count = unsafe StagedBatch.write(submission, assigned, to: space.frames + start)
        offsets.append(start + count)
        unsafe linkOffsets.append(
            start + EntryBundle.headerByteCount
                + EntryRenderer.linkOffset(after: submission.pointee.places.prev))
        unsafe names.append(submission.pointee.nameHash(key))
    }

    var count: Int { names.count }
}
