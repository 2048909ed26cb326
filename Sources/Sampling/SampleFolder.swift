// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file or folder that a sample could not be read from or written to.
public struct SampleFolderError: Error, Hashable, Sendable {
    /// The path.
    public var path: String
    /// The system's number of the error.
    public var systemError: Int32
}

/// A folder that samples are written to.
public struct SampleFolder: Hashable, Sendable {
    /// The path.
    public let path: String

    /// Names a folder, which may not exist yet.
    public init(_ path: String) {
        self.path = path
    }

    /// A folder inside this one.
    public func folder(_ name: String) -> SampleFolder {
        SampleFolder(path + "/" + name)
    }

    /// Whether a file or folder of that name is in the folder.
    public func contains(_ name: String) -> Bool {
        unsafe access(path + "/" + name, F_OK) == 0
    }

    /// Writes a file, making the folders on the way.
    ///
    /// - Throws: ``SampleFolderError``.
    public func write(_ bytes: [UInt8], to name: String) throws(SampleFolderError) {
        let file = path + "/" + name
        try Self.makeFolders(above: file)
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(file) }
        defer { close(descriptor) }
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: start), bytes.count - start)
            }
            guard written > 0 else { throw failure(file) }
            start += written
        }
    }

    /// Writes a text file.
    ///
    /// - Throws: ``SampleFolderError``.
    public func write(_ text: String, to name: String) throws(SampleFolderError) {
        try write(Array(text.utf8), to: name)
    }

    /// Makes a file writable that the log's writer has closed for ever.
    func unlock(_ name: String) throws(SampleFolderError) {
        guard unsafe chmod(path + "/" + name, 0o644) == 0 else { throw failure(name) }
    }

    /// The bytes of a file.
    ///
    /// - Throws: ``SampleFolderError``.
    public func read(_ name: String) throws(SampleFolderError) -> [UInt8] {
        let file = path + "/" + name
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(file) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe Glibc.read(descriptor, space.baseAddress, space.count)
            }
            guard count >= 0 else { throw failure(file) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// The paths of the files in the folder and below it, relative to it, in order.
    ///
    /// - Throws: ``SampleFolderError``.
    public func files() throws(SampleFolderError) -> [String] {
        var found: [String] = []
        try collect("", into: &found)
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The files that are not the same in another folder, or in one of the two only.
    ///
    /// - Throws: ``SampleFolderError``.
    public func differences(from other: SampleFolder) throws(SampleFolderError) -> [String] {
        let (mine, theirs) = (try files(), try other.files())
        var different = Set(mine).symmetricDifference(theirs)
        for name in mine where !different.contains(name) {
            if try read(name) != other.read(name) { different.insert(name) }
        }
        return different.sorted()
    }

    private func collect(_ prefix: String, into found: inout [String]) throws(SampleFolderError) {
        guard let directory = unsafe opendir(path) else { throw failure(path) }
        defer { unsafe closedir(directory) }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            guard name != ".", name != ".." else { continue }
            var status = stat()
            guard unsafe stat(path + "/" + name, &status) == 0 else { throw failure(name) }
            if status.st_mode & S_IFMT == S_IFDIR {
                try folder(name).collect(prefix + name + "/", into: &found)
            } else {
                found.append(prefix + name)
            }
        }
    }

    /// Removes the folder and everything below it; it is no error if it does not exist.
    ///
    /// - Throws: ``SampleFolderError``.
    public func remove() throws(SampleFolderError) {
        guard unsafe access(path, F_OK) == 0 else { return }
        let names = try files()
        for name in names {
            _ = unsafe chmod(path + "/" + name, 0o644)
            _ = unsafe unlink(path + "/" + name)
        }
        var folders: Set<String> = [""]
        for name in names {
            var parts = name.split(separator: "/").dropLast()
            while !parts.isEmpty {
                folders.insert(parts.joined(separator: "/"))
                parts = parts.dropLast()
            }
        }
        for name in folders.sorted(by: { $0.utf8.count > $1.utf8.count }) {
            _ = unsafe rmdir(name.isEmpty ? path : path + "/" + name)
        }
    }

    private static func makeFolders(above file: String) throws(SampleFolderError) {
        let parts = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        var folder = ""
        for (place, part) in parts.enumerated() {
            folder += (place == 0 ? "" : "/") + part
            guard !folder.isEmpty else { continue }
            guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                throw SampleFolderError(path: folder, systemError: errno)
            }
        }
    }

    private func failure(_ path: String) -> SampleFolderError {
        SampleFolderError(path: path, systemError: errno)
    }
}
