// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// One run writes every form, and the readers of others understand them.
@Suite struct ExchangeFormatTests {
    /// The readers that `make formats-check` installs.
    private static let python = Tool.root.appending(path: "out/venv/formats/bin/python")

    private static let promtool = Tool.root.appending(path: "out/promtool")

    private static let formats = ["json", "csv", "junit", "sarif", "ocsf", "prometheus"]

    /// The reports of a story's log, by form.
    private func reports(of story: String, in folder: URL) throws -> [String] {
        let log = Tool.root.appending(path: "audit-samples/\(story)")
        var arguments = [
            "audit", log.appending(path: "log").path, "--policies",
            Tool.root.appending(path: "policies/pilote-linkedin").path,
            "--key", "@\(log.appending(path: "log.vkey").path)", "-q",
        ]
        let paths = Self.formats.map { folder.appending(path: "audit.\($0)").path }
        for (format, path) in zip(Self.formats, paths) {
            arguments += ["--report", "\(format)=\(path)"]
        }
        #expect(try Tool.run(arguments).status <= 2)
        return paths
    }

    @Test func onePassWritesEveryForm() throws {
        let folder = try TemporaryFolder()
        for path in try reports(of: "demo", in: folder.url) {
            #expect(try !Data(contentsOf: URL(filePath: path)).isEmpty)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(names.count == Self.formats.count)
    }

    @Test(
        .enabled(
            if: [python, promtool].allSatisfy {
                FileManager.default.isExecutableFile(atPath: $0.path)
            },
            "run `make formats-check` to install the readers"),
        arguments: ["demo", "altered-payload"])
    func readersOfOthersAgree(_ story: String) throws {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = Self.python
        process.arguments =
            [Tool.root.appending(path: "Tests/oracles/formats_check.py").path, Self.promtool.path]
            + (try reports(of: story, in: folder.url))
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
