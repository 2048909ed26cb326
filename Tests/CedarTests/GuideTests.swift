// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("The guide docs/cedar.md")
struct GuideTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    private static func lines(_ url: URL) throws -> [String] {
        String(decoding: try Data(contentsOf: url), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test("its example is the one that is compiled, and prints what it says")
    func example() throws {
        let page = try Self.lines(Self.folder.appending(path: "../../docs/cedar.md"))
        let start = try #require(page.firstIndex(of: "```swift"))
        let end = try #require(page[start...].firstIndex(of: "```"))
        let shown = page[(start + 1)..<end].filter { !$0.isEmpty && $0 != "import Cedar" }
        let source = try Self.lines(Self.folder.appending(path: "GuideExample.swift"))
        let first = try #require(source.firstIndex(of: shown.first ?? ""))
        let compiled = source[first...].filter { !$0.isEmpty }.prefix(shown.count)
        #expect(Array(compiled) == Array(shown))

        let promised = shown.filter { $0.hasPrefix("print(") }.map { line in
            line.split(separator: "  // ").last.map(String.init) ?? ""
        }
        #expect(promised.count == 3)
        #expect(try GuideExample.run() == promised)
    }
}
