// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

extension LogWriter {
    /// Starts a new segment at the last multiple of 256, and has the bundles before it sealed.
    ///
    /// It waits for the segment before, so that two are open at most.
    mutating func roll() throws(StorageError) {
        try finishSealing()
        let width = LogPath.fullWidth
        let fullCount = segment.entryCount / width
        guard fullCount > 0 else { return }
        let rest = try segment.frames((fullCount * width)..<segment.entryCount)
        let tiles = tree.seal(tilesFrom: segment.first / UInt64(width))
        var old = try WriteAheadSegment(
            creating: segment.first + UInt64(fullCount * width), in: directory, rest, tree.leaves,
            isDurable: isDurable)
        swap(&old, &segment)
        let closed = ClosedSegment(old, tiles: tiles, tags: tags.take(), key: tags.key)
        closing = closed
        closed.start(in: directory, isDurable: isDurable)
    }

    /// Waits until all full bundles before the open segment are in their files.
    mutating func finishSealing() throws(StorageError) {
        guard let closed = closing else { return }
        try closed.finish()
        closing = nil
    }

    /// Notices a failure to seal, without waiting.
    mutating func noteSealing() throws(StorageError) {
        if closing?.isDone == true { try finishSealing() }
    }

    /// Moves all full bundles to their files.
    mutating func seal() throws(StorageError) {
        try roll()
        try finishSealing()
    }

    /// Checks that frames hold the entries with these leaf hashes.
    func requireSame(_ frames: [UInt8], _ hashes: [SHA256Digest]) throws(StorageError) {
        guard unsafe tree.hasher.hold(frames.span.bytes, hashes) else {
            throw StorageError(.altered, directory.path(of: .segment(first: segment.first)))
        }
    }
}
