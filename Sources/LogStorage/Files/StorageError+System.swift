// SPDX-License-Identifier: Apache-2.0

import Glibc

extension StorageError {
    /// What was being done when the system reported an error.
    enum Act { case reading, writing, creating }

    /// What a system error number means for a log.
    static func code(of number: Int32) -> Code {
        switch number {
        case ENOENT, ENOTDIR: .notFound
        case EACCES, EPERM, EROFS: .permission
        case ENOSPC, EDQUOT, EFBIG: .full
        case EWOULDBLOCK: .locked
        case EEXIST, ENOTEMPTY: .exists
        case EISDIR: .notAFile
        default: .inputOutput
        }
    }

    /// The error of a system call that failed.
    static func system(_ number: Int32, _ path: String, _ act: Act) -> StorageError {
        system(number, path: path)
    }

    /// An error that the system did not report.
    init(_ code: Code, _ path: String) {
        self.init(code, path: path)
    }
}
