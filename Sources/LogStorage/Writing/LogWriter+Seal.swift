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
        let bytes = unsafe frames.span.bytes
        let ranges = EntryBundle.entryRanges(in: bytes)
        var isSame = ranges.count == hashes.count
        var place = 0
        while isSame, place < ranges.count {
            let one = bytes.extracting(ranges[place])
            guard place + 1 < ranges.count else {
                isSame = tree.hasher.leafHash(one) == hashes[place]
                break
            }
            let pair = tree.hasher.leafHashes(one, bytes.extracting(ranges[place + 1]))
            isSame = pair == (hashes[place], hashes[place + 1])
            place += 2
        }
        guard isSame else {
            throw StorageError(
                .altered, directory.path(of: .segment(first: segment.first)))
        }
    }
}
