// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file: closed when it is dropped; interrupted calls are repeated, short ones completed.
struct OpenFile: ~Copyable {
    let descriptor: Int32
    let path: String
    private var isLocked = false

    /// Opens a file; never through a symbolic link in its last component.
    init(
        _ path: String, _ flags: Int32, mode: mode_t = 0o644, act: StorageError.Act = .reading
    ) throws(StorageError) {
        var result: Int32
        repeat {
            result = unsafe Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode)
        } while result < 0 && errno == EINTR
        guard result >= 0 else { throw .system(errno, path, act) }
        descriptor = result
        self.path = path
    }

    deinit {
        // A process that was forked meanwhile, and has not begun its program yet, shares the lock; closing
        // the file here would leave it held there.
        if isLocked { _ = flock(descriptor, LOCK_UN) }
        close(descriptor)
    }

    /// Opens a file for reading.
    static func reading(_ path: String) throws(StorageError) -> OpenFile {
        try OpenFile(path, O_RDONLY | O_NONBLOCK)
    }

    /// Whether a path leads to the file.
    func isNamed(_ path: String) throws(StorageError) -> Bool {
        var named = stat()
        guard unsafe lstat(path, &named) == 0 else {
            if errno == ENOENT { return false }
            throw .system(errno, path, .reading)
        }
        let status = try status()
        return (status.st_dev, status.st_ino) == (named.st_dev, named.st_ino)
    }

    /// Opens a file for reading; nil if there is none.
    static func readingIfPresent(_ path: String) throws(StorageError) -> OpenFile? {
        do throws(StorageError) {
            return try reading(path)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Makes a new file, which must not be there, with exactly these permissions.
    static func creating(_ path: String, mode: mode_t) throws(StorageError) -> OpenFile {
        let file = try OpenFile(path, O_RDWR | O_CREAT | O_EXCL, mode: mode, act: .creating)
        guard fchmod(file.descriptor, mode) == 0 else { throw .system(errno, path, .creating) }
        return file
    }

    /// What the system says of the file.
    func status() throws(StorageError) -> stat {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system(errno, path, .reading) }
        return status
    }

    /// The size of a plain file, in bytes.
    func byteCount() throws(StorageError) -> Int {
        let status = try status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw StorageError(.notAFile, path) }
        return Int(status.st_size)
    }

    /// Reads into `buffer` from an offset on, until it is full or the file ends.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError)
        -> Int
    {
        guard let base = buffer.baseAddress else { return 0 }
        var done = 0
        while done < buffer.count {
            let count = unsafe pread(descriptor, base + done, buffer.count - done, offset + done)
            if count > 0 {
                done += count
            } else if count == 0 {
                break
            } else if errno != EINTR {
                throw .system(errno, path, .reading)
            }
        }
        return done
    }

    /// Reads up to `count` bytes to the start of a buffer that has room for them.
    ///
    /// - Returns: The number of bytes read.
    func read(into buffer: inout [UInt8], at offset: Int, count: Int) throws(StorageError) -> Int {
        var (done, failure): (Int, StorageError?) = (0, nil)
        unsafe buffer.withUnsafeMutableBytes { space in
            do throws(StorageError) {
                done = try unsafe read(
                    into: UnsafeMutableRawBufferPointer(rebasing: space[..<count]), at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return done
    }

    /// Up to `count` bytes from an offset on.
    func bytes(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        guard count > 0 else { return [] }
        var failure: StorageError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            do throws(StorageError) {
                let room = unsafe UnsafeMutableRawBufferPointer(
                    start: buffer.baseAddress, count: count)
                done = try unsafe read(into: room, at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all bytes at an offset.
    func write(_ bytes: borrowing [UInt8], at offset: Int = 0) throws(StorageError) {
        var failure: StorageError?
        unsafe bytes.withUnsafeBytes { buffer in
            do throws(StorageError) {
                try unsafe write(buffer, at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Writes all bytes at an offset.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
        try unsafe Self.write(bytes, to: descriptor, path, at: offset)
    }

    /// Writes all bytes at an offset of an open file.
    static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String, at offset: Int
    ) throws(StorageError) {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let count = unsafe pwrite(descriptor, base + done, bytes.count - done, offset + done)
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw .system(errno, path, .writing)
            }
        }
    }

    /// Makes the bytes durable.
    ///
    /// A failure is final: the system may have dropped the bytes.
    func syncData() throws(StorageError) { try Self.syncData(descriptor, path) }

    /// Makes the bytes of an open file durable.
    static func syncData(_ descriptor: Int32, _ path: String) throws(StorageError) {
        guard fdatasync(descriptor) == 0 else { throw .system(errno, path, .writing) }
    }

    /// All bytes of a plain file.
    func readAll(byteCountMax: Int = .max) throws(StorageError) -> [UInt8] {
        let count = try byteCount()
        guard count <= byteCountMax else {
            var error = StorageError(.tooLarge, path: path)
            error.byteCountMax = byteCountMax
            throw error
        }
        return try bytes(at: 0, count: count)
    }

    /// Makes bytes and attributes durable.
    func synchronize() throws(StorageError) {
        guard fsync(descriptor) == 0 else { throw .system(errno, path, .writing) }
    }

    /// Cuts the file.
    func truncate(to byteCount: Int) throws(StorageError) {
        guard ftruncate(descriptor, byteCount) == 0 else {
            throw .system(errno, path, .writing)
        }
    }

    /// Takes the lock of a log's one writer.
    static func lock(of directory: LogDirectory) throws(StorageError) -> OpenFile {
        try FileTree.makeFolder(directory.state, mode: 0o700)
        var lock = try OpenFile(directory.lock, O_RDWR | O_CREAT, mode: 0o600, act: .creating)
        try lock.lock()
        return lock
    }

    /// Takes that lock together with others who only read; nil if no writer ever took it.
    static func sharedLock(of directory: LogDirectory) throws(StorageError) -> OpenFile? {
        guard var lock = try readingIfPresent(directory.lock) else { return nil }
        try lock.lock(LOCK_SH)
        return lock
    }

    /// Takes the lock on the file; it is held until the file is dropped.
    ///
    /// - Throws: ``StorageError/Code/locked`` if another process, or another opening, holds it.
    mutating func lock(_ kind: Int32 = LOCK_EX) throws(StorageError) {
        guard flock(descriptor, kind | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { throw StorageError(.locked, path) }
            throw .system(errno, path, .writing)
        }
        isLocked = true
    }
}
