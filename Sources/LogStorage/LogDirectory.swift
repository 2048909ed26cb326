// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The folder of a log, and where its files are.
struct LogDirectory: Hashable, Sendable {
    /// The folder's path, without a slash at its end.
    let path: String

    /// Names a folder; where the name is a symbolic link, the folder that it leads to.
    ///
    /// No link is followed within a log, so that nobody leads a writer elsewhere; the folder itself is
    /// what whoever runs the program named.
    init(_ path: String) {
        var trimmed = path[...]
        while trimmed.utf8.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        let named = trimmed.isEmpty ? "." : String(trimmed)
        self.path = FileTree.isLink(named) ? FileTree.realPath(named) ?? named : named
    }

    func path(of file: LogPath) -> String { path + "/" + file.text }

    var wal: String { path + "/wal" }
    var tiles: String { path + "/tile" }
    var policies: String { path + "/policies" }
    var keptCheckpoints: String { path + "/checkpoints" }
    var anchors: String { path + "/anchors" }
    var keptEntries: String { path + "/kept" }
    var standing: String { path + "/standing" }
    /// What the writer keeps for itself; never served.
    var state: String { path + "/.state" }
    var lock: String { state + "/lock" }
    var signed: String { state + "/signed" }
    var identifiers: String { state + "/ids" }
    /// The purge that is under way.
    var purging: String { state + "/purging" }

    /// Checks that whoever opens a log of `size` entries, whose open segment begins at `first`, may write what a
    /// signature over one more needs, as far as permissions tell.
    func requireWritable(at size: UInt64, _ first: UInt64) throws(StorageError) {
        try FileTree.requireWritable(path, for: path(of: .checkpoint))
        // The next segment is made where a whole bundle is to be sealed.
        if size + 1 - first >= UInt64(LogPath.fullWidth) {
            try FileTree.requireWritable(wal, for: path(of: .segment(first: first)))
        }
        try FileTree.requireWritable(file: path(of: .segment(first: first)))
        if try FileTree.exists(state) { try FileTree.requireWritable(state, for: lock) }
        try FileTree.requireWritable(file: lock)
        let files =
            LogWriter.partialFiles(treeSize: size + 1) + [LogPath.keptCheckpoint(size: size).text]
        for file in files.map({ path + "/" + $0 }) {
            var folder = FileTree.parent(of: file)
            while folder != path, try !FileTree.exists(folder) {
                folder = FileTree.parent(of: folder)
            }
            guard try FileTree.isFolder(folder) || folder == path else {
                throw StorageError(.notFound, folder)
            }
            try FileTree.requireWritable(folder, for: file)
        }
    }

    /// The first indices of the segments whose file name ends like that, in order.
    func segmentStarts(suffix: String = ".seg") throws(StorageError) -> [UInt64] {
        var starts: [UInt64] = []
        for name in try FileTree.names(in: wal) where name.hasSuffix(suffix) {
            guard let first = Self.number(name.dropLast(suffix.count)) else { continue }
            starts.append(first)
        }
        return starts.sorted()
    }

    /// The size in the name of a time stamp, `<size>.tsr`.
    static func anchorSize(_ name: String) -> UInt64? {
        name.hasSuffix(".tsr") ? number(name.dropLast(4)) : nil
    }

    /// A number in its shortest decimal form.
    static func number(_ text: some StringProtocol) -> UInt64? {
        guard let number = UInt64(text), String(number) == text else { return nil }
        return number
    }
}
