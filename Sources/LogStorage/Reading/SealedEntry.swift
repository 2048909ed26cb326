// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// One entry of a full bundle, or one that a purge left.
enum SealedEntry {
    /// The bytes of an entry; nil if they were purged.
    ///
    /// - Throws: ``StorageError/Code/altered`` if the bundle does not hold so many entries.
    static func read(_ index: UInt64, in directory: LogDirectory) throws(StorageError) -> [UInt8]? {
        let width = UInt64(LogPath.fullWidth)
        let path = directory.path(of: .bundle(index: index / width, width: LogPath.fullWidth))
        guard let bundle = try FileTree.bytes(of: path) else {
            let kept = directory.path(of: .keptEntry(index: index))
            if let entry = try FileTree.bytes(of: kept) { return entry }
            guard let purge = try StandingFolder.purges(directory).last else { return nil }
            return try StandingFolder.entries(of: index / width, leftBy: purge, directory)[index]
        }
        return try entry(index, of: bundle, path)
    }

    /// The bytes of an entry in its bundle, which is in the file at `path`.
    ///
    /// - Throws: ``StorageError/Code/altered`` if the bundle does not hold so many entries.
    static func entry(
        _ index: UInt64, of bundle: [UInt8], _ path: String
    ) throws(StorageError) -> [UInt8] {
        let ranges = unsafe EntryBundle.entryRanges(in: bundle.span.bytes)
        let place = Int(index % UInt64(LogPath.fullWidth))
        guard place < ranges.count else { throw StorageError(.altered, path) }
        return Array(bundle[ranges[place]])
    }
}
