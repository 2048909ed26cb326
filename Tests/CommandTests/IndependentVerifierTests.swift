// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The second verifier, `Tests/independent/verify_log.py`, against the first, on the sample logs.
@Suite struct IndependentVerifierTests {
    private static let stories = Tool.root.appending(path: "audit-samples")

    private func secondVerifier(_ log: URL, _ key: URL) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", Tool.root.appending(path: "Tests/independent/verify_log.py").path,
            log.path, key.path,
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test(arguments: [
        ("intact", Int32(0)), ("demo", 0), ("torn-tail", 0), ("denied-but-done", 0),
        ("withdrawn-agreement", 0), ("outside-portfolio", 0), ("policy-changed-midway", 0),
        ("over-the-cap", 0), ("altered-payload", 2), ("dropped-entry", 2), ("reordered", 2),
    ])
    func bothVerifiersAgree(_ story: String, _ status: Int32) throws {
        let folder = Self.stories.appending(path: story)
        let (log, key) = (folder.appending(path: "log"), folder.appending(path: "log.vkey"))
        #expect(try secondVerifier(log, key) == status)
        #expect(try Tool.run(["verify", log.path, "--key", "@\(key.path)"]).status == status)
    }

    @Test func everyStoryIsJudged() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.stories.path)
        #expect(names.filter { !$0.contains(".") }.count == 11)
    }

    /// Bytes that the head covers, altered one at a time.
    @Test(arguments: [0, 1, 2, 40, 300, 20_000])
    func bothNoticeAChangedByte(_ offset: Int) throws {
        let folder = try TemporaryFolder()
        let log = folder.url.appending(path: "log")
        let story = Self.stories.appending(path: "intact")
        try FileManager.default.copyItem(at: story.appending(path: "log"), to: log)
        let bundle = log.appending(path: "tile/entries/000")
        var bytes = try Data(contentsOf: bundle)
        bytes[offset] ^= 1
        try FileManager.default.removeItem(at: bundle)
        try bytes.write(to: bundle)
        let key = story.appending(path: "log.vkey")
        #expect(try secondVerifier(log, key) == 2)
        #expect(try Tool.run(["verify", log.path, "--key", "@\(key.path)"]).status == 2)
    }
}
