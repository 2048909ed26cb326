// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What the README shows is what a reader gets.
@Suite struct ReadmeTests {
    /// A command that the README shows, with the lines under it.
    struct Shown {
        var command: String
        var lines: [String]
    }

    static let width = "100"

    static func text(_ path: String) throws -> String {
        try String(contentsOf: Tool.root.appending(path: path), encoding: .utf8)
    }

    /// The commands of the `console` blocks.
    static func shown() throws -> [Shown] {
        var result: [Shown] = []
        var isInside = false
        for line in try text("README.md").split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            if line == "```console" {
                isInside = true
            } else if line == "```" {
                isInside = false
            } else if isInside, line.hasPrefix("$ ") {
                result.append(Shown(command: String(line.dropFirst(2)), lines: []))
            } else if isInside, !result.isEmpty {
                result[result.count - 1].lines.append(String(line))
            }
        }
        return result
    }

    @Test func isShort() throws {
        #expect(try Self.text("README.md").split(separator: "\n").count <= 120)
    }

    @Test func itsCommandsAreTargetsOfTheMakefile() throws {
        let makefile = try Self.text("Makefile")
        let shown = try Self.shown()
        #expect(shown.map(\.command).prefix(2) == ["make demo", "make test"])
        for command in shown.map(\.command) where command.hasPrefix("make ") {
            let target = command.dropFirst("make ".count)
            #expect(makefile.contains("\n\(target):"), "\(command)")
        }
    }

    static let hasSamples = FileManager.default.fileExists(
        atPath: Tool.root.appending(path: "audit-samples").path)

    @Test(.enabled(if: hasSamples, "audit-samples/ is not there"))
    func theDemoPrintsWhatIsShown() throws {
        let shown = try #require(Self.shown().first { $0.command == "make demo" })
        let outcome = try Tool.run(
            DemoCommand.arguments(), environment: ["COLUMNS": Self.width])
        #expect(outcome.status == 1)
        // A sample is a copy of a log: that its reading is recorded nowhere is said, and no more.
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
        #expect(outcome.errors.hasPrefix("lecture d’une copie"))
        let printed = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        #expect(shown.lines.contains { $0.contains("Verdict") })
        var next = 0
        for line in shown.lines where line != "…" && !line.isEmpty {
            guard !line.hasPrefix("reports: ") else { continue }
            let found = printed[next...].firstIndex(of: line)
            #expect(found != nil, "the demo does not print: \(line)")
            next = found.map { $0 + 1 } ?? next
        }
    }

    @Test func theFilesItNamesExist() throws {
        let text = try Self.text("README.md")
        for match in text.matches(of: /`((?:docs|policies)\/[^`]*|CONTRIBUTING\.md)`/) {
            let path = Tool.root.appending(path: String(match.output.1)).path
            #expect(FileManager.default.fileExists(atPath: path), "\(match.output.1)")
        }
    }
}

/// The command of the Makefile's `demo`, without the files it writes.
enum DemoCommand {
    static func variables() throws -> [String: String] {
        var variables: [String: String] = [:]
        for line in try ReadmeTests.text("Makefile").split(separator: "\n") {
            guard let match = line.wholeMatch(of: /([A-Z_]+) \??:?= (.*)/) else { continue }
            variables[String(match.output.1)] = String(match.output.2)
        }
        return variables
    }

    static func arguments() throws -> [String] {
        let variables = try variables()
        let story = try #require(variables["STORY"])
        let policies = try #require(variables["POLICIES"])
        let language = try #require(variables["REPORT_LANG"])
        return [
            "audit", "audit-samples/\(story)/log", "--policies", policies, "--key",
            "@audit-samples/\(story)/log.vkey", "--lang", language,
        ]
    }
}
