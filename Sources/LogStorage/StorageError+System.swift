// SPDX-License-Identifier: Apache-2.0

import Glibc

extension StorageError {
    /// What a system error number means for a log.
    static func code(of number: Int32) -> Code {
        switch number {
        case ENOENT, ENOTDIR: .notFound
        case EACCES, EPERM, EROFS: .permission
        case ENOSPC, EDQUOT, EFBIG: .full
        case EWOULDBLOCK: .locked
        case EEXIST, ENOTEMPTY: .exists
        default: .inputOutput
        }
    }
}
