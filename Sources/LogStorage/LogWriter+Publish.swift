// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

extension LogWriter {
    /// The number of entries after which the open segment starts anew, at the next signature.
    private static let segmentCountMax = 64 * 256

    /// Signs a checkpoint over all entries, after their bundles and tiles are in place.
    ///
    /// What is covered is read again from the disk first, and compared with what was appended, so
    /// that nothing is signed that a fault on the way has changed.
    ///
    /// - Throws: ``StorageError``.
    mutating func publish() throws(StorageError) {
        guard tree.size > signed?.size ?? 0 else { return }
        let start = (signed?.size ?? 0) / 256 * 256
        var partial = try writeBundles(from: start)
        for tile in filled {
            let path = LogPath.tile(level: tile.level, index: tile.index, width: 256)
            try directory.writeOnce(path.text, tile.hashes.flatMap(\.bytes))
        }
        for (path, hashes) in tree.partialTiles {
            try directory.writeOnce(path.text, hashes.flatMap(\.bytes))
            partial.append(path.text)
        }
        filled = []
        try sign()
        try forgetPartials(partial)
        if segment.count >= Self.segmentCountMax { try startSegment() }
    }

    /// Writes the bundles of the entries that are not sealed; returns the path of a partial one.
    private func writeBundles(from start: UInt64) throws(StorageError) -> [String] {
        let bytes = try segment.framedEntries(start..<tree.size)
        var expected = filled.filter { $0.level == 0 }.flatMap(\.hashes)
        expected += tree.levels[0]
        var (offset, bundleStart, index) = (0, 0, start)
        var partial: [String] = []
        while index < tree.size {
            guard let range = unsafe EntryBundle.entryRange(at: offset, in: bytes.span.bytes),
                hasher.leafHash(Array(bytes[range])) == expected[Int(index - start)]
            else {
                let path = LogPath.segment(first: segment.first).text
                throw StorageError(.altered, path: directory.path(path))
            }
            offset = range.upperBound
            index += 1
            let width = Int((index - 1) % 256) + 1
            guard width == 256 || index == tree.size else { continue }
            let path = LogPath.bundle(index: (index - 1) / 256, width: width).text
            try directory.writeOnce(path, Array(bytes[bundleStart..<offset]))
            if width < 256 { partial.append(path) }
            bundleStart = offset
        }
        return partial
    }

    private mutating func sign() throws(StorageError) {
        let root = tree.root(hasher: hasher)
        let state = SignedState(
            size: tree.size, root: root, keyHash: key.verificationKey.hash)
        let checkpoint = Checkpoint(
            origin: key.verificationKey.name, treeSize: tree.size, rootHash: root)
        let note: SignedNote
        do throws(NoteError) {
            note = try checkpoint.signed(with: key)
        } catch {
            throw StorageError(.wrongKey, path: directory.path)
        }
        try directory.replace(SignedState.file, state.bytes, mode: 0o600)
        try directory.replace(LogPath.checkpoint.text, note.bytes)
        signed = state
    }

    /// Removes partial files that no reader of the last two checkpoints needs.
    private mutating func forgetPartials(_ latest: [String]) throws(StorageError) {
        partials.append(latest)
        while partials.count > 2 {
            let kept = Set(partials.dropFirst().joined())
            for file in partials.removeFirst() where !kept.contains(file) {
                directory.remove(file)
            }
        }
    }

    /// Starts a new segment with the entries of the last, partial bundle.
    private mutating func startSegment() throws(StorageError) {
        let first = tree.size / 256 * 256
        let framed = try segment.framedEntries(first..<tree.size)
        var next = try Segment(first: first, in: directory)
        try next.keep(offsets: [0])
        let ends = unsafe EntryBundle.entryRanges(in: framed.span.bytes).map(\.upperBound)
        try next.append(framed: framed, ends: ends, leafHashes: tree.levels[0].flatMap(\.bytes))
        segment.remove()
        segment = next
    }
}
