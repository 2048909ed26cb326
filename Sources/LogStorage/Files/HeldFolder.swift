// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A folder of small files that one process at a time may change.
///
/// Each file is put in place whole and durable, so that a crash leaves the old one or the new one.
package final class HeldFolder: Sendable {
    /// The folder's path.
    package let path: String
    private let lock: OpenFile

    /// Takes a folder, or makes it.
    ///
    /// - Throws: ``StorageError/Code/locked`` if another process holds it.
    package init(_ path: String, makes: Bool = false) throws(StorageError) {
        self.path = LogDirectory(path).path
        if makes {
            try FileTree.makeFolder(self.path, mode: 0o700)
        } else if try !FileTree.exists(self.path) {
            throw StorageError(.notFound, path: self.path)
        }
        var lock = try OpenFile(
            self.path + "/lock", O_RDWR | O_CREAT, mode: 0o600, act: .creating)
        try lock.lock()
        self.lock = lock
    }

    /// Checks that ``init(_:makes:)`` would take a folder, or make it; nothing changes.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - folders: Folders in it that are to be written too, if they are there.
    ///   - makes: Whether it may be made.
    /// - Throws: ``StorageError``, as that does.
    package static func check(
        _ path: String, _ folders: String..., makes: Bool = false
    ) throws(StorageError) {
        let path = LogDirectory(path).path
        guard try FileTree.exists(path) else {
            guard makes else { throw StorageError(.notFound, path: path) }
            return try FileTree.requireWritable(FileTree.parent(of: path), for: path)
        }
        try FileTree.requireWritable(path, for: path + "/lock")
        try FileTree.requireWritable(file: path + "/lock")
        for folder in folders where try FileTree.exists(path + "/" + folder) {
            try FileTree.requireWritable(path + "/" + folder, for: path + "/" + folder)
        }
        guard var lock = try OpenFile.readingIfPresent(path + "/lock") else { return }
        try lock.lock(LOCK_SH)
    }

    /// A file's bytes; nil if it is not there.
    package static func bytes(
        of path: String, byteCountMax: Int
    ) throws(StorageError) -> [UInt8]? {
        try FileTree.bytes(of: path, byteCountMax: byteCountMax)
    }

    /// The names in a folder, sorted by bytes; none if it is not there.
    package static func names(in path: String) throws(StorageError) -> [String] {
        try FileTree.names(in: path)
    }

    /// Puts a file in place of the one that is there, durably.
    ///
    /// - Parameters:
    ///   - relative: The file's path below the folder; the folders that hold it are made.
    ///   - bytes: Its content.
    /// - Throws: ``StorageError``; then the file may be the old one or the new one.
    package func replace(_ relative: String, with bytes: [UInt8]) throws(StorageError) {
        var folder = path
        for part in relative.split(separator: "/").dropLast() {
            let above = folder
            folder += "/" + part
            if try FileTree.makeFolder(folder, mode: 0o700) { try FileTree.syncFolder(above) }
        }
        try FileTree.replace(path + "/" + relative, with: bytes, mode: 0o600, isDurable: true)
    }
}
