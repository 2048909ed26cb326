// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// The built `vigie`, run as a person would.
enum Program {
    /// The tool built beside the tests.
    static func executable() throws -> URL {
        let running = URL(
            filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let candidates = [
            running.deletingLastPathComponent().appending(path: "vigie"),
            root.appending(path: ".build/debug/vigie"),
        ]
        return try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) },
            "vigie was not built")
    }

    /// The variables of an environment whose clock is set to an instant, in milliseconds since 1970.
    static func clock(at instant: Int64, in folder: Folder) throws -> [String] {
        let source = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Benchmarks/clock_at.c")
        let library = folder.path("clock.so")
        let made = try run(
            ["-O2", "-shared", "-fPIC", "-o", library, source.path], program: "/usr/bin/cc")
        try #require(made.status == 0, "\(made.errors)")
        return ["LD_PRELOAD=\(library)", "CLOCK_AT=\(instant)"]
    }

    /// Runs the tool, or another program, to its end.
    @discardableResult
    static func run(
        _ arguments: [String], program: String? = nil, input: String = ""
    ) throws -> (status: Int32, output: String, errors: String) {
        let folder = try Folder()
        let files = ["in", "out", "err"].map { URL(filePath: folder.path($0)) }
        for file in files { try Data(file == files[0] ? input.utf8 : "".utf8).write(to: file) }
        let process = Process()
        process.executableURL = try program.map { URL(filePath: $0) } ?? executable()
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        process.environment = ["PATH": "/usr/bin:/bin"]
        try process.run()
        let watchdog = Task.detached { [pid = process.processIdentifier] in
            // A program that should have ended must fail its test, not hold all of them up.
            try await Task.sleep(for: .seconds(30))
            kill(pid, SIGKILL)
        }
        process.waitUntilExit()
        watchdog.cancel()
        // A crash must look like one: a signal is not an exit status.
        #expect(process.terminationReason == .exit, "\(arguments)")
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return (process.terminationStatus, texts[1], texts[2])
    }
}

/// A folder that goes away with the value.
final class Folder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "vigie-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }
}
