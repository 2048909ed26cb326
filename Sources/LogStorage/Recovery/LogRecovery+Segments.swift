// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

extension LogRecovery {
    /// The open segment, all before it being sealed.
    func openSegment() throws(StorageError) -> UInt64 {
        let starts = try directory.segmentStarts()
        guard let first = starts.last, first % width == 0 else {
            throw StorageError(.notFound, directory.wal)
        }
        for (start, end) in zip(starts, starts.dropFirst()) {
            if start % width == 0 { try seal(start..<end) }
            try FileTree.remove(directory.path(of: .segment(first: start)))
        }
        for left in try directory.segmentStarts(suffix: ".leaf") where left != first {
            try FileTree.remove(directory.path(of: .segmentLeaves(first: left)))
        }
        return first
    }

    /// Writes the bundles of a closed segment that are not there: sealing was cut short.
    ///
    /// The segment after it was only made once all of these entries were durable, so that one which
    /// lacks any of them was altered.
    private func seal(_ entries: Range<UInt64>) throws(StorageError) {
        var missing: [UInt64] = []
        for index in (entries.lowerBound / width)..<(entries.upperBound / width) {
            let tile = LogPath.tile(level: 0, index: index, width: LogPath.fullWidth)
            let bundle = LogPath.bundle(index: index, width: LogPath.fullWidth)
            let hasTile = try FileTree.exists(directory.path(of: tile))
            let hasBundle = try FileTree.exists(directory.path(of: bundle))
            if !hasTile || !hasBundle { missing.append(index) }
        }
        guard !missing.isEmpty else { return }
        let segment = try WriteAheadSegment(opening: entries.lowerBound, in: directory)
        let contents = try segment.contents()
        var trunk = RecoveredTrunk(signed: nil)
        if entries.lowerBound > 0 {
            trunk.lastLeafHash = try leafHashes(tile: entries.lowerBound / width - 1).last
        }
        let tail = scan(
            contents, from: entries.lowerBound, link: trunk.link(keys.origin), &trunk)
        guard tail.end >= entries.upperBound else {
            throw StorageError(
                .altered, directory.path(of: .segment(first: entries.lowerBound)))
        }
        var batch = try FileBatch(
            fileCount: 2 * missing.count, in: directory.path, isDurable: isDurable)
        for index in missing {
            let first = Int((index - entries.lowerBound / width) * width)
            let last = first + LogPath.fullWidth
            let end = last < tail.offsets.count ? tail.offsets[last] : tail.byteCount
            let bundle = LogPath.bundle(index: index, width: LogPath.fullWidth)
            let tile = TileContent(
                level: 0, index: index, hashes: Array(trunk.tree.leaves[first..<last]))
            try batch.add(
                bundle.text, in: directory.path, Array(contents.entries[tail.offsets[first]..<end]),
                mode: 0o444)
            try batch.add(tile.path.text, in: directory.path, tile.bytes, mode: 0o444)
        }
        try batch.commit()
    }
}
