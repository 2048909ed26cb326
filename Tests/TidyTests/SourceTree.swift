// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of the repository, as text.
enum SourceTree {
    /// A text file and its lines.
    struct File: Sendable, CustomStringConvertible {
        let path: String
        let lines: [String]
        var description: String { path }
        var name: String { String(path.split(separator: "/").last ?? "") }
        /// The module of a file under `Sources` or `Tests`.
        var module: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    }

    /// The folder of the package.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The text of one file, or nothing.
    static func text(_ path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The Swift files under a folder, sorted by path.
    static func swiftFiles(under folder: String) -> [File] {
        let folderURL = root.appending(path: folder)
        let paths =
            FileManager.default.enumerator(atPath: folderURL.path)?
            .compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            let full = "\(folder)/\(path)"
            return File(
                path: full,
                lines: (text(full) ?? "").split(
                    separator: "\n", omittingEmptySubsequences: false
                ).map(String.init))
        }
    }

    /// All Swift files of the package.
    static let all = swiftFiles(under: "Sources") + swiftFiles(under: "Tests")
    /// The Swift files of the product.
    static let sources = swiftFiles(under: "Sources")
}
