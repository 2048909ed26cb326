// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sampling
import Testing

/// `audit-samples/`: remade byte for byte, and audited with the result that is kept there.
@Suite("Sample stories", .serialized)
struct SampleStoriesTests {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What the audit of each story must find: rules, one name for each finding.
    static let findings: [(story: String, rules: [String])] = [
        ("intact", []),
        ("demo", ["R02", "R03", "R03", "R05", "R06", "R08", "R11", "R14", "R15"]),
        ("outside-portfolio", ["R15", "R15"]),
        ("denied-but-done", ["R02", "R08"]),
        ("withdrawn-agreement", ["R14"]),
        ("policy-changed-midway", ["R09"]),
        ("over-the-cap", ["R30"]),
        ("torn-tail", []),
    ]

    @Test("the folder is what one command makes of it")
    func remade() throws {
        let records = ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1"
        let process = Process()
        process.executableURL = try Self.executable()
        process.arguments = ["sample", "stories"] + (records ? [] : ["--check"])
        process.currentDirectoryURL = Self.root
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        if records { Issue.record("recorded: run again without RECORD_GOLDEN") }
    }

    @Test("the audit finds what the story tells, and nothing else", arguments: findings)
    func found(story: String, rules: [String]) throws {
        let folder = SampleFolder(Self.root.path + "/audit-samples/" + story)
        let claims = try ClaimReader.claims(folder.read("expected.json"))
        #expect(claims.map(\.rule).sorted() == rules)
    }

    @Test("there are eleven stories, each explained and at most 5 MB together")
    func folders() throws {
        #expect(SampleStory.all.count == 11)
        var byteCount = 0
        for story in SampleStory.all {
            let folder = SampleFolder(Self.root.path + "/audit-samples/" + story.name)
            for name in try folder.files() { byteCount += try folder.read(name).count }
            let text = String(decoding: try folder.read("README.md"), as: UTF8.self)
            #expect(text.contains("inventés") && text.contains("invented"))
        }
        #expect(byteCount < 5_000_000)
    }

    private static func executable() throws -> URL {
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
}
