// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

extension LogRecovery {
    /// The open segment, all before it being sealed.
    func openSegment() throws(StorageError) -> UInt64 {
        if foreseen == nil {
            try SpareSegments.removeAll(in: directory)
            try EarlierSegment.convertAll(in: directory, isDurable: isDurable)
        }
        let starts = try directory.segmentStarts()
        guard let first = starts.last, first % width == 0 else {
            throw StorageError(.notFound, directory.wal)
        }
        for (start, end) in zip(starts, starts.dropFirst()) {
            if start % width == 0 { try seal(start..<end) }
            if foreseen == nil { try FileTree.remove(directory.path(of: .segment(first: start))) }
        }
        return first
    }

    /// Writes the bundles of a closed segment that are not there as it holds them: sealing was cut
    /// short, or they are left from entries that a restored log lost.
    ///
    /// The segment after it was only made once all of these entries were durable, so that one which
    /// lacks any of them was altered, or is left from a removal that a crash took back: then all bundles
    /// are there, each as its tile says.
    private func seal(_ entries: Range<UInt64>) throws(StorageError) {
        let bundles = (entries.lowerBound / width)..<(entries.upperBound / width)
        var trunk = RecoveredTrunk(signed: [])
        if entries.lowerBound > 0 {
            trunk.lastLeafHash = try leafHashes(tile: bundles.lowerBound - 1).last
        }
        let contents = try EarlierSegment.contents(of: entries.lowerBound, in: directory)
        let tail = scan(
            contents, from: entries.lowerBound, link: trunk.link(keys.origin), &trunk)
        guard tail.end >= entries.upperBound else {
            for index in bundles {
                guard try isSealed(index) else {
                    throw StorageError(
                        .altered, directory.path(of: .segment(first: entries.lowerBound)))
                }
            }
            return
        }
        var files: [(path: LogPath, bytes: [UInt8])] = []
        for index in bundles {
            let first = Int((index - bundles.lowerBound) * width)
            let last = first + LogPath.fullWidth
            let tile = TileContent(
                level: 0, index: index, hashes: Array(trunk.tree.leaves[first..<last]))
            let bundle = LogPath.bundle(index: index, width: LogPath.fullWidth)
            files.append((bundle, tail.layout.frames(first..<last, in: contents)))
            files.append((tile.path, tile.bytes))
        }
        if let foreseen {
            return files.forEach { foreseen.bytes[$0.path] = $0.bytes }
        }
        var batch = try FileBatch(
            fileCount: files.count, in: directory.path, isDurable: isDurable)
        for file in files { try put(file.path, file.bytes, &batch) }
        try batch.commit()
    }

    /// Adds a file to those to be written, unless it is there as it must be.
    private func put(
        _ path: LogPath, _ bytes: [UInt8], _ batch: inout FileBatch
    ) throws(StorageError) {
        guard try FileTree.bytes(of: directory.path(of: path)) != bytes else { return }
        try batch.add(path.text, in: directory.path, bytes, mode: 0o444)
    }

    /// Whether a full bundle is there, with the entries that its tile says.
    private func isSealed(_ index: UInt64) throws(StorageError) -> Bool {
        let bundle = LogPath.bundle(index: index, width: LogPath.fullWidth)
        let tile = LogPath.tile(level: 0, index: index, width: LogPath.fullWidth)
        guard let frames = try FileTree.bytes(of: directory.path(of: bundle)),
            let bytes = try FileTree.bytes(of: directory.path(of: tile)),
            let hashes = TileContent.hashes(in: bytes), hashes.count == LogPath.fullWidth
        else { return false }
        return unsafe SHA256Hasher().hold(frames.span.bytes, hashes)
    }
}
