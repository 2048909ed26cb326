// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The runs in a log's folder that belong to the log as it is.
struct IdentifierRuns {
    let folder: String
    private(set) var runs: [IdentifierRun] = []

    /// The index after the last entry whose name they hold.
    var end: UInt64 { runs.last?.entries.upperBound ?? 0 }

    /// Opens the runs, from entry 0 on without a gap, and removes all others.
    ///
    /// What is damaged, of another log or of entries that are gone counts for nothing.
    ///
    /// - Parameters:
    ///   - directory: The log's folder.
    ///   - treeSize: The number of entries that the log has.
    ///   - isOurs: Whether the log's entry of an index has the header's leaf hash.
    /// - Throws: ``StorageError``.
    init(
        _ directory: LogDirectory, treeSize: UInt64,
        isOurs: (UInt64, IdentifierRunHeader) throws(StorageError) -> Bool
    ) throws(StorageError) {
        folder = directory.identifiers
        guard try FileTree.isFolder(folder) else {
            // The file of an earlier version, or nothing.
            try FileTree.remove(folder)
            return
        }
        var found: [IdentifierRun] = []
        for name in try FileTree.names(in: folder) {
            let path = folder + "/" + name
            if let run = try? IdentifierRun(path), IdentifierRun.name(run.entries) == name,
                run.entries.upperBound <= treeSize,
                try isOurs(run.entries.upperBound - 1, run.header)
            {
                found.append(run)
            } else {
                try FileTree.remove(path)
            }
        }
        // Of two that start at one entry the longer was made of the other.
        found.sort {
            ($0.entries.lowerBound, $1.entries.upperBound)
                < ($1.entries.lowerBound, $0.entries.upperBound)
        }
        for run in found {
            if run.entries.lowerBound == end,
                runs.last.map({ $0.header.key == run.header.key }) ?? true
            {
                runs.append(run)
            } else {
                try FileTree.remove(run.path)
            }
        }
    }

    /// Forgets all of them.
    mutating func removeAll() throws(StorageError) {
        for run in runs { try FileTree.remove(run.path) }
        runs = []
    }
}
