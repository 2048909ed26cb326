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

    /// Who reads, and why, where a log is signed.
    static let reader = ["--as", "A00000000000f", "--case", "CASE-1"]

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
        _ arguments: [String], input: Data = Data(), environment: [String: String] = [:],
        in directory: URL = root
    ) throws -> Outcome {
        try run(executable(), arguments, input: input, environment: environment, in: directory)
    }

    /// Runs the tool as an account that permissions hold for: as nobody, where the tests run as
    /// root.
    ///
    /// Nobody may not be let into the folder of the build, so the program is copied.
    static func runUnprivileged(_ arguments: [String]) throws -> Outcome {
        guard getuid() == 0 else { return try run(arguments) }
        let folder = try TemporaryFolder()
        let files = FileManager.default
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
        let built = try executable().deletingLastPathComponent()
        for name in try files.contentsOfDirectory(atPath: built.path)
        where name == "vigie" || (name == "vigie-log" && ["log", "keys"].contains(arguments.first))
        {
            let (from, to) = (built.appending(path: name), folder.url.appending(path: name))
            // A link costs nothing, where both are on one file system.
            do { try files.linkItem(at: from, to: to) } catch {
                try files.copyItem(at: from, to: to)
            }
        }
        let dropped = ["--reuid=65534", "--regid=65534", "--clear-groups"]
        return try run(
            URL(filePath: "/usr/bin/setpriv"),
            dropped + [folder.url.appending(path: "vigie").path] + arguments)
    }

    private static func run(
        _ program: URL, _ arguments: [String], input: Data = Data(),
        environment: [String: String] = [:], in directory: URL = root
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = directory
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
