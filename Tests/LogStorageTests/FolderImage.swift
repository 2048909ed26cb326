// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of a folder, kept in memory so that several tests can start from the same one.
struct FolderImage: Equatable, Sendable {
    private struct File: Equatable {
        var path: String
        var bytes: Data
        var mode: Int
    }

    private var folders: [String] = []
    private var files: [File] = []

    init(of folder: String) throws {
        let manager = FileManager.default
        for path in try manager.subpathsOfDirectory(atPath: folder).sorted() {
            let whole = folder + "/" + path
            let attributes = try manager.attributesOfItem(atPath: whole)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                folders.append(path)
                continue
            }
            let bytes = try Data(contentsOf: URL(filePath: whole))
            let mode = attributes[.posixPermissions] as? Int ?? 0o600
            files.append(File(path: path, bytes: bytes, mode: mode))
        }
    }

    /// Makes the folder, with the same files.
    func write(to folder: String) throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for path in folders {
            try manager.createDirectory(
                atPath: folder + "/" + path, withIntermediateDirectories: true)
        }
        for file in files {
            let whole = folder + "/" + file.path
            try file.bytes.write(to: URL(filePath: whole))
            try manager.setAttributes([.posixPermissions: file.mode], ofItemAtPath: whole)
        }
    }
}
