// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// The files of a policy set, and the one sequence of bytes that they stand for.
///
/// The version of a policy set is SHA-256 over its canonical archive, so that `policy.activate`
/// names its content. The archive is this text, with the files in the order of the bytes of their
/// paths:
///
///     vigie policy archive 1\n
///     <path>\0<byte count in decimal>\n<bytes>      for each file
///
/// Paths are relative, with `/` between parts. Every file of the folder belongs to it, except
/// those whose path has a part that starts with a dot.
public struct PolicyArchive: Hashable, Sendable {
    /// One file.
    public struct File: Hashable, Sendable {
        /// The path, relative to the folder.
        public let path: String
        /// The content.
        public let bytes: [UInt8]

        /// Pairs a path with its content.
        public init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// The files, by the bytes of their paths.
    public let files: [File]
    /// The version: SHA-256 of the canonical archive.
    public let version: SHA256Digest

    /// Makes an archive; files with a dotted part in their path are left out, and of two files
    /// with the same path the last stays.
    public init(_ files: [File]) {
        var byPath: [[UInt8]: File] = [:]
        for file in files where !Self.isHidden(file.path) { byPath[Array(file.path.utf8)] = file }
        let sorted = byPath.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        self.files = sorted
        version = SHA256Hasher().hash(Self.canonicalBytes(sorted))
    }

    /// Makes the archive under which a log keeps a retention policy, beside policy sets.
    public init(retentionPolicy bytes: [UInt8]) {
        self.init([File(path: Self.retentionPath, bytes: bytes)])
    }

    /// Whether it is a retention policy, and no policy set.
    public var isRetentionPolicy: Bool {
        files.count == 1 && files[0].path.utf8.elementsEqual(Self.retentionPath.utf8)
    }

    private static let retentionPath = "retention.policy"

    /// The canonical archive.
    public var canonicalBytes: [UInt8] { Self.canonicalBytes(files) }

    /// The content of a file.
    public subscript(path: String) -> [UInt8]? {
        files.first { $0.path.utf8.elementsEqual(path.utf8) }?.bytes
    }

    private static func isHidden(_ path: String) -> Bool {
        path.utf8.split(separator: UInt8(ascii: "/")).contains { $0.first == UInt8(ascii: ".") }
    }

    private static func canonicalBytes(_ files: [File]) -> [UInt8] {
        var bytes = [UInt8]("vigie policy archive 1\n".utf8)
        for file in files {
            bytes += file.path.utf8
            bytes.append(0)
            bytes += String(file.bytes.count).utf8
            bytes.append(UInt8(ascii: "\n"))
            bytes += file.bytes
        }
        return bytes
    }
}
