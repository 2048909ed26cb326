// SPDX-License-Identifier: Apache-2.0

public import Auditing
import Diagnostics
import Glibc

/// Reads a folder of small files whole, in the order of their paths.
public enum FolderReader {
    private static let depthMax = 8
    private static let fileCountMax = 4_096

    /// The files of a policy set's folder.
    ///
    /// - Throws: ``CommandError`` if the folder or one of its files cannot be read.
    public static func policyArchive(_ path: String) throws -> PolicyArchive {
        var files: [PolicyArchive.File] = []
        try collect(path, prefix: "", depth: 0, into: &files)
        return PolicyArchive(files)
    }

    /// The policy set in a folder.
    ///
    /// - Throws: ``CommandError`` if a file cannot be read, `PolicySetErrors` if the set is not one.
    public static func policySet(_ path: String) throws -> PolicySetFolder {
        let archive = try policyArchive(path)
        do throws(PolicySetErrors) {
            return try PolicySetFolder(archive)
        } catch {
            throw error.inside(path)
        }
    }

    /// The cases of the policy set in a folder.
    ///
    /// - Throws: ``CommandError`` if a file cannot be read, `PolicySetErrors` if a case is not one.
    public static func policyCases(_ path: String) throws -> [PolicyCase] {
        let archive = try policyArchive(path)
        do throws(PolicySetErrors) {
            return try PolicyCase.cases(in: archive)
        } catch {
            throw error.inside(path)
        }
    }

    private static func collect(
        _ folder: String, prefix: String, depth: Int, into files: inout [PolicyArchive.File]
    ) throws {
        for name in try names(in: folder) {
            let path = "\(folder)/\(name)"
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { throw SystemFailure.reading(path, errno) }
            if status.st_mode & S_IFMT == S_IFDIR {
                guard depth < depthMax else {
                    throw CommandError(code: .badPolicies, place: .file(path), fact: "ELOOP")
                }
                try collect(path, prefix: "\(prefix)\(name)/", depth: depth + 1, into: &files)
            } else if status.st_mode & S_IFMT == S_IFREG {
                guard files.count < fileCountMax else {
                    throw CommandError(code: .badPolicies, place: .file(path), fact: "EMFILE")
                }
                let bytes = try TextFile.read(path, byteCountMax: 1 << 24)
                files.append(PolicyArchive.File(path: prefix + name, bytes: bytes))
            }
        }
    }

    /// The names in a folder, without those that begin with a dot, in the order of their bytes.
    public static func names(in folder: String) throws -> [String] {
        guard let directory = unsafe opendir(folder) else {
            throw SystemFailure.reading(folder, errno)
        }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { characters in
                    unsafe String(cString: characters)
                }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
