// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The files that hold a log's keys.
public enum KeyFile {
    /// How long a private key's file may be: a key's text is far shorter.
    private static let byteCountMax = 1 << 16

    /// Writes a key to a new file; a private one is for its owner only.
    ///
    /// - Throws: ``StorageError/Code/exists`` if there is such a file: a key is never written over.
    public static func write(
        _ text: String, to path: String, isPrivate: Bool
    ) throws(StorageError) {
        let file = try OpenFile(
            path, O_WRONLY | O_CREAT | O_EXCL, mode: isPrivate ? 0o600 : 0o644)
        do throws(StorageError) {
            try file.write(Array("\(text)\n".utf8))
            try file.synchronize()
        } catch {
            // It was made just now, and is nobody's key.
            try? FileTree.remove(path)
            throw error
        }
    }

    /// Checks that there is no such file, and a folder for it.
    ///
    /// - Throws: ``StorageError/Code/exists`` if there is one, ``StorageError/Code/notFound`` if there is no
    ///   such folder.
    public static func requireFree(_ path: String) throws(StorageError) {
        guard try !FileTree.exists(path) else { throw StorageError(.exists, path: path) }
        try FileTree.requireWritable(FileTree.parent(of: path), for: path)
    }

    /// The first line of a private key's file.
    ///
    /// - Throws: ``StorageError/Code/exposedKey`` if others than its owner may read it.
    public static func readPrivate(_ path: String) throws(StorageError) -> String {
        try readPrivateLines(path).first ?? ""
    }

    /// The lines of a private key's file, one at least.
    ///
    /// - Throws: As ``readPrivate(_:)``.
    public static func readPrivateLines(_ path: String) throws(StorageError) -> [String] {
        // A pipe that nobody writes to would never open.
        let file = try OpenFile(path, O_RDONLY | O_NONBLOCK)
        var status = stat()
        guard unsafe fstat(file.descriptor, &status) == 0 else {
            throw .system(errno, path: path)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw StorageError(.exposedKey, path: path)
        }
        return try file.readAll(byteCountMax: byteCountMax).split(
            separator: 0x0A, omittingEmptySubsequences: false
        )
        .map { String(decoding: $0, as: UTF8.self) }
    }
}
