// SPDX-License-Identifier: Apache-2.0

public import Cryptography
import Diagnostics

/// The files that say which time-stamping authorities a reader trusts.
public enum RootsFile {
    /// Reads such a file: certificates in PEM.
    ///
    /// - Throws: ``CommandError`` that names the file.
    public static func read(_ path: String) throws -> TimestampRoots {
        let bytes = try TextFile.read(path, byteCountMax: 1 << 24)
        do throws(TimestampFailure) {
            return try TimestampRoots(pem: bytes)
        } catch {
            throw CommandError(code: .notCertificates, place: .file(path))
        }
    }
}
