// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// Writes what a purge leaves in force: `standing/<index of its entry>/`, one file a bundle.
///
/// A purge writes a folder of its own and never changes that of an earlier one, so that a reader finds
/// at any time what the head that it read speaks of.
struct StandingFolder {
    let directory: LogDirectory
    /// The index of the purge's entry.
    let purge: UInt64
    private static let width = UInt64(LogPath.fullWidth)

    private var path: String { directory.standing + "/\(purge)" }

    /// Writes the folder.
    ///
    /// - Parameters:
    ///   - indices: The entries that are in force, in order.
    ///   - end: Where the purge ends; the log's own entries before that stay as well.
    ///   - isDurable: Whether they are on the disk before this returns.
    /// - Returns: What the files come to.
    /// - Throws: ``StorageError``, with ``StorageError/Code/altered`` if an entry is not there.
    func write(
        _ indices: [UInt64], before end: UInt64, isDurable: Bool
    ) throws(StorageError) -> StandingTotal {
        try remove()
        let own = try FileTree.names(in: directory.keptEntries)
            .compactMap { LogDirectory.number($0) }
        let all = Set(indices + own).filter { $0 < end }.sorted()
        let earlier = try Self.purges(directory).last { $0 < purge }
        var total = StandingTotal()
        var batch = try FileBatch(
            fileCount: Set(all.map { $0 / Self.width }).count, in: directory.path,
            isDurable: isDurable)
        var rest = all[...]
        while let first = rest.first {
            let bundle = first / Self.width
            let wanted = rest.prefix { $0 / Self.width == bundle }
            rest = rest.dropFirst(wanted.count)
            let bytes = try frames(of: Array(wanted), bundle, earlier)
            total.add(
                StandingFile(
                    bundle: bundle, count: UInt64(wanted.count),
                    digest: SHA256Hasher().hash(bytes)))
            let file = LogPath.standing(purge: purge, bundle: bundle)
            try batch.add(file.text, in: directory.path, bytes, mode: 0o444)
        }
        try batch.commit()
        return total
    }

    /// Some entries of one bundle, framed.
    private func frames(
        of wanted: [UInt64], _ bundle: UInt64, _ earlier: UInt64?
    ) throws(StorageError) -> [UInt8] {
        let path = directory.path(of: .bundle(index: bundle, width: LogPath.fullWidth))
        var found: [UInt64: [UInt8]] = [:]
        if let bytes = try FileTree.bytes(of: path) {
            let ranges = unsafe EntryBundle.entryRanges(in: bytes.span.bytes)
            for index in wanted where Int(index % Self.width) < ranges.count {
                found[index] = Array(bytes[ranges[Int(index % Self.width)]])
            }
        } else {
            if let earlier {
                found = try Self.entries(of: bundle, leftBy: earlier, directory)
            }
            for index in wanted where found[index] == nil {
                found[index] = try FileTree.bytes(
                    of: directory.path(of: .keptEntry(index: index)))
            }
        }
        var frames: [UInt8] = []
        for index in wanted {
            guard let entry = found[index] else { throw StorageError(.altered, path) }
            EntryBundle.append(entry, to: &frames)
        }
        return frames
    }

    /// What an earlier purge left of a bundle, by index.
    static func entries(
        of bundle: UInt64, leftBy purge: UInt64, _ directory: LogDirectory
    ) throws(StorageError) -> [UInt64: [UInt8]] {
        let path = directory.path(of: .standing(purge: purge, bundle: bundle))
        guard let bytes = try FileTree.bytes(of: path) else { return [:] }
        var entries: [UInt64: [UInt8]] = [:]
        let scanner = EntryScanner()
        for range in unsafe EntryBundle.entryRanges(in: bytes.span.bytes) {
            let entry = Array(bytes[range])
            guard let scanned = try? scanner.scan(entry) else { throw StorageError(.altered, path) }
            entries[scanned.seq] = entry
        }
        return entries
    }

    /// The purges that left a folder, in order.
    static func purges(_ directory: LogDirectory) throws(StorageError) -> [UInt64] {
        // What a link leads to is not the log's, and would be removed.
        guard try FileTree.isFolder(directory.standing) else { return [] }
        return try FileTree.names(in: directory.standing).compactMap { LogDirectory.number($0) }
            .sorted()
    }

    /// Removes the folders of earlier purges, if this one left its own.
    func removeEarlier() throws(StorageError) {
        guard try FileTree.exists(path) else { return }
        for earlier in try Self.purges(directory) where earlier < purge {
            try StandingFolder(directory: directory, purge: earlier).remove()
        }
    }

    /// Removes the folder, if it is there.
    func remove() throws(StorageError) { try FileTree.removeTree(path) }
}

extension FileTree {
    /// Removes a folder with what it holds; one that is not there is no error.
    static func removeTree(_ path: String) throws(StorageError) {
        guard try isFolder(path) else { return }
        for name in try names(in: path) {
            let inner = path + "/" + name
            if try isFolder(inner) { try removeTree(inner) } else { try remove(inner) }
        }
        removeEmptyFolder(path)
    }
}

extension LogDirectory {
    /// The bundles of which a purge left something, in order.
    func standingBundles(of purge: UInt64) throws(StorageError) -> [UInt64] {
        try Self.bundles(in: standing + "/\(purge)", above: 0, depth: 0).sorted()
    }

    /// The indices that the names in a folder spell: three digits each, `x` before all but the last.
    private static func bundles(
        in path: String, above: UInt64, depth: Int
    ) throws(StorageError) -> [UInt64] {
        var found: [UInt64] = []
        for name in try FileTree.names(in: path) {
            let isFolder = name.hasPrefix("x")
            let digits = isFolder ? name.dropFirst() : name[...]
            guard digits.utf8.count == 3, let number = UInt64(digits) else { continue }
            let index = above * 1_000 + number
            if !isFolder {
                found.append(index)
            } else if depth < 4 {
                found += try bundles(in: path + "/" + name, above: index, depth: depth + 1)
            }
        }
        return found
    }
}
