// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A running `Tests/web/servers.py`, which says what each kind of server does.
final class WebServer {
    let port: UInt16
    private let process = Process()
    private let input = Pipe()
    private let output: URL

    /// Starts a server, whose folder outlives it.
    init(_ arguments: [String], in folder: Folder) throws {
        output = URL(filePath: folder.path("web-\(UUID().uuidString)"))
        try Data().write(to: output)
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [root.appending(path: "web/servers.py").path] + arguments
        process.standardInput = input
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        var text = ""
        for _ in 0..<1_000 where !text.contains("\n") {
            usleep(20_000)
            text = try String(contentsOf: output, encoding: .utf8)
        }
        port = try #require(
            text.split(separator: "\n").first.flatMap { UInt16($0) }, "no server: \(text)")
    }

    deinit { try? input.fileHandleForWriting.close() }

    /// The first lines of the requests that it took.
    func requests() throws -> [String] {
        let lines = try String(contentsOf: output, encoding: .utf8).split(separator: "\n")
        return lines.dropFirst().map { String($0) }
    }
}
