// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Glibc

/// The system's own error numbers, turned into the tool's errors.
public enum SystemFailure {
    /// The system's name for an error number, which is the same in every locale.
    public static func name(_ number: Int32) -> String {
        switch number {
        case ENOENT: "ENOENT"
        case EACCES: "EACCES"
        case EPERM: "EPERM"
        case EISDIR: "EISDIR"
        case ENOTDIR: "ENOTDIR"
        case EEXIST: "EEXIST"
        case ENOSPC: "ENOSPC"
        case EROFS: "EROFS"
        case EBADF: "EBADF"
        case EIO: "EIO"
        case ELOOP: "ELOOP"
        case ENAMETOOLONG: "ENAMETOOLONG"
        default: "errno \(number)"
        }
    }

    /// The error of a failed read of `path`.
    public static func reading(_ path: String, _ number: Int32) -> CommandError {
        switch number {
        case ENOENT: CommandError(code: .notFound, place: .file(path))
        case ENOTDIR: CommandError(code: .notAFolder, place: .file(path))
        case EISDIR: CommandError(code: .notAFile, place: .file(path))
        case EACCES, EPERM: CommandError(code: .notPermitted, place: .file(path))
        default: CommandError(code: .inputOutput, place: .file(path), fact: name(number))
        }
    }

    /// The error of a failed write of `path`.
    public static func writing(_ path: String, _ number: Int32) -> CommandError {
        CommandError(code: .cannotCreate, place: .file(path), fact: name(number))
    }
}
