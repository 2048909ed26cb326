// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

extension LogWriter {
    /// The number of closed segments that may wait for a pause of the callers: a burst of so many does not
    /// share the disk.
    private static let waitingCountMax = 3
    /// The number of closed segments with those that are being sealed; callers wait if they are more.
    private static let closedCountMax = 6

    /// Starts a new segment at the last multiple of 256, and has the bundles before it sealed.
    ///
    /// It waits for the oldest closed segment where too many are closed.
    mutating func roll() throws(StorageError) {
        try finishSealing(leaving: Self.closedCountMax - 1)
        let width = LogPath.fullWidth
        let fullCount = segment.entryCount / width
        guard fullCount > 0 else { return }
        let rest = try segment.frames((fullCount * width)..<segment.entryCount)
        let before = closed.last.map { ClosedSegment.Before.segment($0) } ?? .tree(tree.sealed)
        let room = nextRoom.take() ?? SegmentRoom()
        let full = tree.close(room: room.leafHashes)
        var old = try WriteAheadSegment(
            creating: segment.first + UInt64(fullCount * width), in: directory, rest, link: link,
            over: spares.take(), room: room.offsets, isDurable: isDurable)
        swap(&old, &segment)
        let next = ClosedSegment(
            old, after: before, leaves: full, tags: tags.take(), key: tags.key)
        closed.append(next)
        next.start(in: directory, spares, isDurable: isDurable, after: activity)
        for early in closed.dropLast(Self.waitingCountMax) { early.hurry() }
    }

    /// Waits until all full bundles before the open segment are in their files, or all but those of some
    /// closed segments.
    mutating func finishSealing(leaving count: Int = 0) throws(StorageError) {
        for early in closed.dropLast(count) { early.hurry() }
        while closed.count > count, let oldest = closed.first {
            tree.finishClosed(try oldest.finish())
            closed.removeFirst()
        }
    }

    /// Notices what was sealed, or failed to be, without waiting.
    mutating func noteSealing() throws(StorageError) {
        while closed.first?.isDone == true { try finishSealing(leaving: closed.count - 1) }
    }

    /// Moves all full bundles to their files.
    mutating func seal() throws(StorageError) {
        // First those that wait: the next segment is written over the file of one of them.
        try finishSealing()
        try roll()
        try finishSealing()
    }

    /// Leaves nothing of sealed entries in the segments' folder; after a failure, what the open segment holds
    /// is left to recovery.
    mutating func dropSpares() throws(StorageError) {
        try spares.removeAll()
        if failure == nil { try segment.cut() }
    }

    /// Checks that frames hold the entries with these leaf hashes.
    func requireSame(_ frames: [UInt8], _ hashes: [SHA256Digest]) throws(StorageError) {
        guard unsafe tree.hasher.hold(frames.span.bytes, hashes) else {
            throw StorageError(.altered, directory.path(of: .segment(first: segment.first)))
        }
    }
}
