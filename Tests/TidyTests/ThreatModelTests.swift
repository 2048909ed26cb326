// SPDX-License-Identifier: Apache-2.0

import Testing

/// `docs/threat-model.md`: every claim names tests, and they are there.
@Suite struct ThreatModelTests {
    /// The tests of the repository, as `Suite/function`.
    static let tests: Set<String> = {
        var found: Set<String> = []
        for file in SourceTree.all where file.path.hasPrefix("Tests/") {
            var suite = ""
            var isTest = false
            for line in file.lines {
                let words = line.split { " ({:".contains($0) }
                if let place = words.firstIndex(where: { $0 == "struct" || $0 == "extension" }),
                    place + 1 < words.count,
                    words[place + 1].hasSuffix("Tests")
                {
                    suite = String(words[place + 1])
                }
                // The attribute stands on the function's line, or on those before it.
                if line.trimmingPrefix(while: { $0 == " " }).hasPrefix("@Test") { isTest = true }
                guard let place = words.firstIndex(of: "func"), place + 1 < words.count else {
                    continue
                }
                if isTest { found.insert("\(suite)/\(words[place + 1])") }
                isTest = false
            }
        }
        return found
    }()

    /// The rows of the table of a section, without its head.
    static func rows(_ page: String, of title: String) -> [[Substring]] {
        let section = page.split(separator: "\n## ").first { $0.hasPrefix(title) } ?? ""
        return section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
            .map { $0.split(separator: "|") }
    }

    @Test func theTestsWereFound() {
        #expect(Self.tests.count > 300)
        #expect(Self.tests.contains("ThreatModelTests/theTestsWereFound"))
        #expect(!Self.tests.contains("ThreatModelTests/rows"))
    }

    @Test func everyNamedTestExists() throws {
        let page = try #require(SourceTree.text("docs/threat-model.md"))
        let mechanisms = Self.rows(page, of: "Mechanisms")
        #expect(mechanisms.count >= 20)
        let attacks = Self.rows(page, of: "Attacks")
        #expect(attacks.count >= 11)
        var names = 0
        for row in mechanisms + attacks {
            try #require(row.count == 4, "\(row)")
            let named = row[3].split(separator: "`").filter { $0.contains("/") }
            for name in named {
                names += 1
                #expect(Self.tests.contains(String(name)), "\(name) is not a test")
            }
            // What only a make target shows says so by a dash, and names the target; against everybody
            // at once there is nothing to show.
            #expect(
                !named.isEmpty || row[0].contains("`make ") || row[0].contains("agree to lie"),
                "\(row[0]) names no test")
        }
        #expect(names >= 50)
    }
}
