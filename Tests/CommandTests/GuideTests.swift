// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The commands of the guides, run by a shell as a reader would type them.
@Suite struct GuideTests {
    /// The lines of a guide that are indented as code.
    static func commands(_ guide: String) throws -> [String] {
        let text = try String(contentsOf: Tool.root.appending(path: guide), encoding: .utf8)
        let joined = text.replacing("\\\n", with: "")
        return joined.split(separator: "\n").filter { $0.hasPrefix("    ") }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test(arguments: ["docs/guide-dpo.fr.md", "docs/guide-dpo.en.md"])
    func everyCommandWorksOnTheSample(guide: String) throws {
        let folder = try TemporaryFolder()
        let files = FileManager.default
        for name in ["audit-samples", "policies"] {
            try files.createSymbolicLink(
                at: folder.url.appending(path: name),
                withDestinationURL: Tool.root.appending(path: name))
        }
        let commands = try Self.commands(guide)
        let settings = commands.filter { !$0.hasPrefix("vigie ") }
        let runs = commands.filter { $0.hasPrefix("vigie ") }
        #expect(settings.count == 3)
        #expect(runs.count == 6)
        // The sample has findings, and an entry is evidence after it was written.
        let expected: [Int32] = [0, 1, 1, 0, 0, 0]
        for (run, status) in zip(runs, expected) {
            let found = try shell((settings + [run]).joined(separator: "\n"), in: folder.url)
            #expect(found == status, "\(run)")
        }
        #expect(files.fileExists(atPath: folder.url.appending(path: "audit.html").path))
    }

    private func shell(_ script: String, in folder: URL) throws -> Int32 {
        let built = try Tool.executable().deletingLastPathComponent().path
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = folder
        process.environment = ["PATH": "\(built):/usr/bin:/bin"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit, "\(script)")
        return process.terminationStatus
    }
}
