// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Glibc

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
                throw CommandError(code: .inputOutput, place: .file(path), fact: "EFBIG")
            }
        }
    }

    /// Writes a file aside, then puts it in place, so that a reader never sees half of it.
    public static func write(_ text: String, to path: String) throws {
        let aside = path + ".\(getpid()).part"
        let descriptor = unsafe open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemFailure.writing(path, errno) }
        let bytes = Array(text.utf8)
        var start = 0
        var failure: Int32 = 0
        while start < bytes.count, failure == 0 {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress.map { unsafe $0 + start }, bytes.count - start)
            }
            if written >= 0 {
                start += written
            } else if errno != EINTR {
                failure = errno
            }
        }
        if close(descriptor) != 0, failure == 0 { failure = errno }
        if failure == 0, unsafe rename(aside, path) != 0 { failure = errno }
        guard failure == 0 else {
            _ = unsafe unlink(aside)
            throw SystemFailure.writing(path, failure)
        }
    }
}
