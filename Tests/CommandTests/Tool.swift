// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The built `vigie`, run as a person would.
struct Tool {
    /// What a run left behind.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
        var outputBytes: Data
    }

    /// The folder of the package.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The tool built beside the tests.
    static func executable() throws -> URL {
        let running = URL(
            filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let candidates = [
            running.deletingLastPathComponent().appending(path: "vigie"),
            root.appending(path: ".build/debug/vigie"),
        ]
        return try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) },
            "vigie was not built")
    }

    /// Runs the tool to its end.
    @discardableResult
    static func run(
        _ arguments: [String], input: Data = Data(), environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = try executable()
        process.arguments = arguments
        process.currentDirectoryURL = root
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        let folder = try TemporaryFolder()
        let files = ["in", "out", "err"].map { folder.url.appending(path: $0) }
        try input.write(to: files[0])
        try Data().write(to: files[1])
        try Data().write(to: files[2])
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        let output = try Data(contentsOf: files[1])
        let errors = try Data(contentsOf: files[2])
        // A crash must look like one: a signal is not an exit status.
        #expect(
            process.terminationReason == .exit,
            "\(arguments) died of signal \(process.terminationStatus)")
        return Outcome(
            status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
            errors: String(decoding: errors, as: UTF8.self), outputBytes: output)
    }
}

/// A folder that goes away with the value.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "vigie-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
