// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Several files that are put in place together: all are written, then all synced, then renamed.
///
/// The first sync of the group makes the file system write its journal, and the others find little
/// left to do; one file after the other would cost that for each. A large batch syncs the file system
/// once instead, and holds no files open.
struct FileBatch: ~Copyable {
    private let isDurable: Bool
    /// A folder on the file system that is synced as a whole; opened before anything is written, since
    /// Linux reports the failures that come after.
    private let whole: Int32
    private let root: String
    private var files: [Member] = []
    /// The number of files of a large batch that are closed.
    private var closedCount = 0
    private var folders: Set<String> = []
    /// Where a file got its permissions as asked, and so will others.
    private var unmasked: Set<Permissions> = []

    private struct Permissions: Hashable {
        var folder: String
        var mode: mode_t
    }

    /// A file of the batch.
    private struct Member {
        var path: String
        /// Negative once it is closed.
        var descriptor: Int32
        /// Whether it has its name already.
        var isNamed: Bool
    }

    init(isDurable: Bool) {
        self.isDurable = isDurable
        (whole, root) = (-1, "")
    }

    /// The number of files from which on one sync of the file system costs less than theirs.
    private static let largeFileCount = 48
    /// The number of files of a large batch that are open together.
    private static let openCountMax = 32
    /// `SYNC_FILE_RANGE_WRITE`.
    private static let beginWriting: UInt32 = 2

    /// A batch of about `fileCount` files; if these are many, the file system that holds `root` is
    /// synced as a whole.
    init(fileCount: Int, in root: String, isDurable: Bool) throws(StorageError) {
        self.isDurable = isDurable
        self.root = root
        guard fileCount >= Self.largeFileCount else {
            whole = -1
            return
        }
        whole = unsafe open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard whole >= 0 else { throw .system(errno, root, .writing) }
    }

    deinit {
        for file in files where file.descriptor >= 0 { close(file.descriptor) }
        if whole >= 0 { close(whole) }
    }

    /// Writes a file aside, and the folders that it needs below `root`.
    mutating func add(
        _ relative: String, in root: String, _ bytes: [UInt8], mode: mode_t
    ) throws(StorageError) {
        try unsafe add(relative, in: root, bytes.span.bytes, mode: mode)
    }

    /// Writes a file, and the folders that it needs below `root`; with `isNamed` it gets its name before
    /// it is whole, which saves a renaming.
    mutating func add(
        _ relative: String, in root: String, _ bytes: RawSpan, mode: mode_t, isNamed: Bool = false
    ) throws(StorageError) {
        let path = root + "/" + relative
        let aside = isNamed ? path : path + ".new"
        var file = Self.make(aside, mode)
        if file < 0, errno == ENOENT {
            try makeFolders(relative, in: root)
            file = Self.make(aside, mode)
        }
        guard file >= 0 else { throw .system(errno, aside, .creating) }
        files.append(Member(path: path, descriptor: file, isNamed: isNamed))
        let folder = FileTree.parent(of: path)
        folders.insert(folder)
        let permissions = Permissions(folder: folder, mode: mode)
        if !unmasked.contains(permissions), try Self.hasMode(mode, file, aside) {
            unmasked.insert(permissions)
        }
        try Self.write(bytes, to: file, aside)
        if whole >= 0, files.count - closedCount >= Self.openCountMax { closeFiles() }
    }

    /// Closes the files of a large batch that are open.
    ///
    /// The disk begins with them at once, which the sync of the file system would else find all together,
    /// while callers wait for syncs of their own: with many at a time, since each call has it start anew.
    /// A hint, which may fail: that sync says whether all is durable.
    private mutating func closeFiles() {
        for place in closedCount..<files.count {
            let file = files[place].descriptor
            if isDurable { _ = sync_file_range(file, 0, 0, Self.beginWriting) }
            files[place].descriptor = -1
            close(file)
        }
        closedCount = files.count
    }

    private mutating func makeFolders(_ relative: String, in root: String) throws(StorageError) {
        var path = root
        for part in relative.split(separator: "/").dropLast() {
            let above = path
            path += "/" + part
            if try FileTree.makeFolder(path) { folders.insert(above) }
        }
    }

    /// Opens a new file; what an interrupted attempt left there is written over.
    private static func make(_ path: String, _ mode: mode_t) -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe open(path, flags, mode)
        guard descriptor < 0, errno == EEXIST else { return descriptor }
        _ = unsafe unlink(path)
        return unsafe open(path, flags, mode)
    }

    /// Whether a new file got exactly these permissions; where the process's mask took some away, it gets
    /// them now.
    private static func hasMode(
        _ mode: mode_t, _ file: Int32, _ path: String
    ) throws(StorageError) -> Bool {
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw .system(errno, path, .creating) }
        guard status.st_mode & 0o7777 != mode else { return true }
        guard fchmod(file, mode) == 0 else { throw .system(errno, path, .creating) }
        return false
    }

    private static func write(
        _ bytes: RawSpan, to descriptor: Int32, _ path: String
    ) throws(StorageError) {
        var done = 0
        while done < bytes.byteCount {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw .system(errno, path, .writing)
            }
        }
    }

    /// Syncs the files, puts them in place, and syncs the folders.
    consuming func commit() throws(StorageError) {
        if whole >= 0 { closeFiles() }
        if isDurable, whole >= 0, syncfs(whole) != 0 { throw .system(errno, root, .writing) }
        for file in files where isDurable && file.descriptor >= 0 {
            guard fsync(file.descriptor) == 0 else { throw .system(errno, file.path, .writing) }
        }
        for file in files where !file.isNamed {
            try FileTree.rename(file.path + ".new", to: file.path)
        }
        for folder in folders where isDurable {
            try FileTree.syncFolder(folder)
        }
    }
}
