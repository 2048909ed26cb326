// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file, closed when it goes.
struct OpenFile: ~Copyable {
    let descriptor: Int32
    let path: String

    /// Opens a file.
    ///
    /// - Throws: ``StorageError`` if the system refuses.
    init(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(StorageError) {
        var descriptor: Int32 = -1
        repeat {
            descriptor = unsafe path.withCString { unsafe open($0, flags | O_CLOEXEC, mode) }
        } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else { throw .system(errno, path: path) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        _ = close(descriptor)
    }

    /// Writes all bytes at the current offset, however often the system stops short.
    func write(_ bytes: [UInt8]) throws(StorageError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.write(
                    descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                throw .system(count == 0 ? EIO : errno, path: path)
            }
        }
    }

    /// All bytes from an offset on.
    ///
    /// The file may grow or shrink meanwhile; what is returned was there when it was read.
    func readAll(from offset: Int = 0) throws(StorageError) -> [UInt8] {
        let size = try byteCount
        guard size > offset else { return [] }
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size - offset) { buffer, filled in
            while filled < buffer.count {
                let count = unsafe pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled,
                    off_t(offset + filled))
                if count > 0 {
                    filled += count
                } else if count < 0, errno == EINTR {
                    continue
                } else {
                    failure = count < 0 ? errno : 0
                    break
                }
            }
        }
        guard failure == 0 else { throw .system(failure, path: path) }
        return bytes
    }

    /// The file's size, in bytes.
    var byteCount: Int {
        get throws(StorageError) {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else {
                throw .system(errno, path: path)
            }
            guard status.st_mode & S_IFMT == S_IFREG else { throw .system(EINVAL, path: path) }
            return Int(status.st_size)
        }
    }

    /// Makes what was written durable; never tried again, since the system may have dropped it.
    func synchronize() throws(StorageError) {
        guard fdatasync(descriptor) == 0 else { throw .system(errno, path: path) }
    }

    /// Cuts the file.
    func truncate(to byteCount: Int) throws(StorageError) {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else {
            throw .system(errno, path: path)
        }
    }
}
