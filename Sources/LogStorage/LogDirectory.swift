// SPDX-License-Identifier: Apache-2.0

import Glibc
import TransparencyLog

/// A log's directory, and the ways in which its files are written.
struct LogDirectory: Sendable {
    /// The path.
    let path: String
    /// Whether a write is on the disk before it is relied on.
    let isDurable: Bool

    func path(_ file: String) -> String { path + "/" + file }

    /// Writes a whole file aside, then puts it in place.
    func replace(_ file: String, _ bytes: [UInt8], mode: mode_t = 0o644) throws(StorageError) {
        let target = path(file)
        let aside = target + ".new"
        _ = unsafe unlink(aside)
        let output = try OpenFile(aside, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        try output.write(bytes)
        if isDurable { try output.synchronize() }
        guard unsafe rename(aside, target) == 0 else { throw .system(errno, path: target) }
        if isDurable { try synchronizeFolder(of: file) }
    }

    /// Makes the names in a file's folder durable.
    func synchronizeFolder(of file: String) throws(StorageError) {
        let folder = file.contains("/") ? path(Self.parent(of: file)) : path
        let directory = try OpenFile(folder, O_RDONLY | O_DIRECTORY)
        guard fsync(directory.descriptor) == 0 else { throw .system(errno, path: folder) }
    }

    /// Makes a folder and those above it, inside the log.
    func makeFolder(_ folder: String) throws(StorageError) {
        guard unsafe mkdir(path(folder), 0o755) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, folder.contains("/") else {
            throw .system(errno, path: path(folder))
        }
        try makeFolder(Self.parent(of: folder))
        guard unsafe mkdir(path(folder), 0o755) == 0 || errno == EEXIST else {
            throw .system(errno, path: path(folder))
        }
    }

    /// Writes a tile or a bundle, which never changes again.
    func writeOnce(_ file: String, _ bytes: [UInt8]) throws(StorageError) {
        try makeFolder(Self.parent(of: file))
        try replace(file, bytes, mode: 0o444)
    }

    /// The bytes of a file; nil if there is no such file.
    func read(_ file: String) throws(StorageError) -> [UInt8]? {
        do {
            return try OpenFile(path(file), O_RDONLY | O_NOFOLLOW).readAll()
        } catch  where error.code == .notFound {
            return nil
        }
    }

    /// The names in a folder, sorted; none if there is no such folder.
    func names(in folder: String) throws(StorageError) -> [String] {
        guard let stream = unsafe opendir(path(folder)) else {
            guard errno == ENOENT else { throw .system(errno, path: path(folder)) }
            return []
        }
        defer { _ = unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The numbers that a folder's file names begin with, sorted; other names are passed over.
    func numbers(in folder: String, suffix: String) throws(StorageError) -> [UInt64] {
        try names(in: folder)
            .filter { $0.hasSuffix(suffix) }
            .compactMap { UInt64($0.dropLast(suffix.utf8.count)) }
            .sorted()
    }

    func remove(_ file: String) {
        // A file that cannot be removed is in nobody's way; the next checkpoint tries again.
        _ = unsafe unlink(path(file))
    }

    private static func parent(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "" }
        return String(file[..<slash])
    }
}
