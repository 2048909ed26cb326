// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import Glibc

/// Small files that a command reads or writes whole.
public enum TextFile {
    /// The bytes of a file of at most `byteCountMax` bytes.
    public static func read(_ path: String, byteCountMax: Int = 1 << 26) throws -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFailure.reading(path, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe Glibc.read(descriptor, space.baseAddress, space.count)
            }
            if count < 0 {
                guard errno == EINTR else { throw SystemFailure.reading(path, errno) }
                continue
            }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= byteCountMax else {
                throw CommandError(
                    code: .tooLarge, place: .file(path), fact: "\(byteCountMax)")
            }
        }
    }

    /// Writes a file aside, then puts it in place, so that a reader never sees half of it.
    public static func write(_ text: String, to path: String) throws {
        try write(to: path) { try $0(text) }
    }

    /// Writes a file piece by piece, aside, then puts it in place.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - mode: Who may read it.
    ///   - body: Gives the pieces; if it throws, the file is left as it was.
    /// - Throws: What `body` throws, and ``CommandError`` if the file cannot be written.
    public static func write(
        to path: String, mode: mode_t = 0o644,
        _ body: (@escaping (String) throws -> Void) throws -> Void
    ) throws {
        try write(bytesTo: path, mode: mode) { sink in try body { try sink(Array($0.utf8)) } }
    }

    /// Writes a file of bytes piece by piece, aside, then puts it in place.
    public static func write(
        bytesTo path: String, mode: mode_t = 0o644,
        _ body: (@escaping ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let aside = path + ".\(getpid()).part"
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        let descriptor = unsafe open(aside, flags, mode)
        guard descriptor >= 0 else { throw SystemFailure.writing(path, errno) }
        do {
            try body { try write($0, to: descriptor, path) }
        } catch {
            close(descriptor)
            _ = unsafe unlink(aside)
            throw error
        }
        guard close(descriptor) == 0, unsafe rename(aside, path) == 0 else {
            let failure = errno
            _ = unsafe unlink(aside)
            throw SystemFailure.writing(path, failure)
        }
    }

    /// Checks that a file can be written, as far as its folder's permissions tell.
    ///
    /// - Throws: ``CommandError``, as writing it would.
    public static func requireWritable(_ path: String) throws {
        var status = stat()
        if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw SystemFailure.writing(path, EISDIR)
        }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        let place = folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
        guard unsafe access(place + "/.", W_OK | X_OK) == 0 else {
            throw SystemFailure.writing(path, errno)
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress.map { unsafe $0 + start }, bytes.count - start)
            }
            if written >= 0 {
                start += written
            } else if errno != EINTR {
                throw SystemFailure.writing(path, errno)
            }
        }
    }
}
