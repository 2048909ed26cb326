// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// One entry of a full bundle, or one that a purge kept.
enum SealedEntry {
    /// The bytes of an entry; nil if they were purged.
    ///
    /// - Throws: ``StorageError/Code/altered`` if the bundle does not hold so many entries.
    static func read(_ index: UInt64, in directory: LogDirectory) throws(StorageError) -> [UInt8]? {
        let width = UInt64(LogPath.fullWidth)
        let path = directory.path(of: .bundle(index: index / width, width: LogPath.fullWidth))
        guard let bundle = try FileTree.bytes(of: path) else {
            return try FileTree.bytes(of: directory.path(of: .keptEntry(index: index)))
        }
        let ranges = unsafe EntryBundle.entryRanges(in: bundle.span.bytes)
        guard Int(index % width) < ranges.count else { throw StorageError(.altered, path) }
        return Array(bundle[ranges[Int(index % width)]])
    }
}
