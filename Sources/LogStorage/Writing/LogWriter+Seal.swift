// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

extension LogWriter {
    /// The number of bundles that are written before they are synced: each holds two files open.
    private static let bundleGroupMax = 64

    /// Moves the full bundles of the segment to their files, with the tiles they fill.
    ///
    /// The bytes are read back from the segment and hashed again before they are copied, so that no
    /// bundle ever holds what was not acknowledged. The segment is replaced last: until then the
    /// entries are in both places.
    mutating func seal() throws(StorageError) {
        let width = LogPath.fullWidth
        let fullCount = segment.entryCount / width
        guard fullCount > 0 else { return }
        let rest = try segment.frames((fullCount * width)..<segment.entryCount)
        let restHashes = Array(tree.leaves[(fullCount * width)...])
        var place = 0
        while place < fullCount {
            let group = place..<min(fullCount, place + Self.bundleGroupMax)
            try sealGroup(group)
            place = group.upperBound
        }
        let old = segment.first
        segment = try WriteAheadSegment(
            creating: old + UInt64(fullCount * width), in: directory, rest, restHashes,
            isDurable: isDurable)
        try FileTree.remove(directory.path(of: .segment(first: old)))
        try FileTree.remove(directory.path(of: .segmentLeaves(first: old)))
        if isDurable { try FileTree.syncFolder(directory.wal) }
    }

    private mutating func sealGroup(_ group: Range<Int>) throws(StorageError) {
        let width = LogPath.fullWidth
        var batch = FileBatch(isDurable: isDurable)
        for place in group {
            let frames = try segment.frames((place * width)..<((place + 1) * width))
            try requireSame(frames, Array(tree.leaves[..<width]))
            let index = segment.first / UInt64(width) + UInt64(place)
            let bundle = LogPath.bundle(index: index, width: width)
            try batch.add(bundle.text, in: directory.path, frames, mode: 0o444)
            for tile in tree.seal(tile: index) {
                try batch.add(tile.path.text, in: directory.path, tile.bytes, mode: 0o444)
            }
        }
        try batch.commit()
    }

    /// Checks that frames hold the entries with these leaf hashes.
    func requireSame(_ frames: [UInt8], _ hashes: [SHA256Digest]) throws(StorageError) {
        let ranges = unsafe EntryBundle.entryRanges(in: frames.span.bytes)
        let same =
            ranges.count == hashes.count
            && zip(ranges, hashes).allSatisfy { range, hash in
                unsafe tree.hasher.leafHash(frames.span.bytes.extracting(range)) == hash
            }
        guard same else {
            throw StorageError(
                .altered, directory.path(of: .segment(first: segment.first)))
        }
    }
}
