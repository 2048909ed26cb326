// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Files and folders by path.
enum FileTree {
    /// A whole file of at most `byteCountMax` bytes; nil if it is not there.
    static func bytes(of path: String, byteCountMax: Int = 1 << 26) throws(StorageError)
        -> [UInt8]?
    {
        guard let file = try OpenFile.readingIfPresent(path) else { return nil }
        return try file.readAll(byteCountMax: byteCountMax)
    }

    /// The names in a folder, sorted by bytes; none if it is not there.
    static func names(in path: String) throws(StorageError) -> [String] {
        guard let folder = unsafe opendir(path) else {
            if errno == ENOENT { return [] }
            throw .system(errno, path, .reading)
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(folder) else {
                guard errno == 0 else { throw .system(errno, path, .reading) }
                break
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Makes a folder; one that is there is left as it is.
    ///
    /// - Returns: Whether it was made.
    @discardableResult
    static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(StorageError) -> Bool {
        if unsafe mkdir(path, mode) == 0 { return true }
        guard errno == EEXIST else { throw .system(errno, path, .creating) }
        return false
    }

    /// Makes the entries of a folder durable.
    static func syncFolder(_ path: String) throws(StorageError) {
        try OpenFile(path, O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// Puts a file in place of another, at once.
    static func rename(_ old: String, to new: String) throws(StorageError) {
        guard unsafe Glibc.rename(old, new) == 0 else { throw .system(errno, new, .creating) }
    }

    /// Removes a file; one that is not there is no error.
    static func remove(_ path: String) throws(StorageError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw .system(errno, path, .writing)
        }
    }

    /// Removes an empty folder; one that is not empty, or not there, stays as it is.
    static func removeEmptyFolder(_ path: String) {
        _ = unsafe rmdir(path)
    }

    /// Whether something is there.
    ///
    /// A system that cannot say is an error: bytes are deleted, and keys destroyed, on this answer.
    static func exists(_ path: String) throws(StorageError) -> Bool {
        try type(of: path) != nil
    }

    /// Whether a folder is there, and no link to one.
    static func isFolder(_ path: String) throws(StorageError) -> Bool {
        try type(of: path) == S_IFDIR
    }

    /// Checks that a file can be made or replaced in a folder, as far as its permissions tell.
    static func requireWritable(_ folder: String, for file: String) throws(StorageError) {
        var status = stat()
        guard unsafe stat(folder, &status) == 0 else { throw .system(errno, file, .creating) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .system(ENOTDIR, file, .creating) }
        guard unsafe access(folder, W_OK | X_OK) == 0 else { throw .system(errno, file, .creating) }
    }

    /// Checks that a plain file may be written, as far as its permissions tell; one that is not there may.
    static func requireWritable(file path: String) throws(StorageError) {
        guard let type = try type(of: path) else { return }
        guard type == S_IFREG else { throw StorageError(.notAFile, path) }
        guard unsafe access(path, W_OK) == 0 else { throw .system(errno, path, .writing) }
    }

    private static func type(of path: String) throws(StorageError) -> mode_t? {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { return status.st_mode & S_IFMT }
        guard errno == ENOENT || errno == ENOTDIR else { throw .system(errno, path, .reading) }
        return nil
    }

    /// Writes a file aside and puts it in place, so that nobody ever sees half of it.
    static func replace(
        _ path: String, with bytes: [UInt8], mode: mode_t = 0o644, isDurable: Bool
    ) throws(StorageError) {
        let aside = path + ".new"
        try remove(aside)
        let file = try OpenFile.creating(aside, mode: mode)
        try file.write(bytes)
        if isDurable { try file.synchronize() }
        try rename(aside, to: path)
        if isDurable { try syncFolder(parent(of: path)) }
    }

    /// The folder that holds a path.
    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last component of a path.
    static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// Whether a path names a symbolic link.
    static func isLink(_ path: String) -> Bool { (try? type(of: path)) == S_IFLNK }

    /// Where a path leads, without symbolic links; nil if to nothing.
    static func realPath(_ path: String) -> String? {
        guard let real = unsafe Glibc.realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }
}
