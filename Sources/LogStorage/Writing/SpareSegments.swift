// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import TransparencyLog

/// The files of segments whose bundles are sealed, kept to be written over by the next ones: a file system
/// then has no place to find for each batch, and less to record for a sync.
///
/// They last as long as the writer is open; it removes those that another left. A file has another name
/// before it is written over, so that a reader sees, once it has read, whether it read the segment it meant.
final class SpareSegments: Sendable {
    private static let suffix = ".spare"
    /// As many as may wait to be sealed together, in a burst.
    private static let countMax = 4
    /// Smaller files are not worth it; much larger ones, which one commit filled, take too much room.
    private static let byteCounts = 1 << 16...1 << 25

    private let directory: LogDirectory
    private let isDurable: Bool
    private let spares = Mutex<[SpareSegment]>([])

    init(_ directory: LogDirectory, isDurable: Bool) {
        self.directory = directory
        self.isDurable = isDurable
    }

    /// A file for the next segment, if one is there.
    func take() -> SpareSegment? { spares.withLock { $0.popLast() } }

    /// Takes a segment, whose entries are durable elsewhere, out of the log.
    func take(over first: UInt64, byteCount: Int) throws(StorageError) {
        let path = directory.path(of: .segment(first: first))
        guard Self.byteCounts.contains(byteCount),
            spares.withLock({ $0.count < Self.countMax }), try Self.hasOneName(path)
        else { return try FileTree.remove(path) }
        let spare = directory.wal + "/\(first)" + Self.suffix
        try FileTree.rename(path, to: spare)
        // Nothing may be written to it while it can still come back under its old name.
        if isDurable { try FileTree.syncFolder(directory.wal) }
        let kept = SpareSegment(path: spare, byteCount: byteCount)
        spares.withLock { $0.append(kept) }
    }

    /// Removes all of them.
    func removeAll() throws(StorageError) {
        guard var spare = take() else { return }
        repeat { try FileTree.remove(spare.path) } while (take().map { spare = $0 }) != nil
        if isDurable { try FileTree.syncFolder(directory.wal) }
    }

    /// Removes those that another writer left; a folder is none.
    static func removeAll(in directory: LogDirectory) throws(StorageError) {
        for name in try FileTree.names(in: directory.wal) where name.hasSuffix(suffix) {
            let path = directory.wal + "/" + name
            guard try !FileTree.isFolder(path) else { continue }
            try FileTree.remove(path)
        }
    }

    /// Whether nobody keeps the file under another name too: a copy of the log by links is left as it is.
    private static func hasOneName(_ path: String) throws(StorageError) -> Bool {
        guard let file = try OpenFile.readingIfPresent(path) else { return false }
        return try file.status().st_nlink == 1
    }
}

/// A file to be written over.
struct SpareSegment: Sendable {
    let path: String
    let byteCount: Int

    /// Makes it another file, which begins with some bytes.
    func become(_ path: String, _ bytes: [UInt8], isDurable: Bool) throws(StorageError) {
        let file = try OpenFile(self.path, O_RDWR, act: .writing)
        try file.write(bytes)
        if isDurable { try file.syncData() }
        try FileTree.rename(self.path, to: path)
        if isDurable { try FileTree.syncFolder(FileTree.parent(of: path)) }
    }
}
