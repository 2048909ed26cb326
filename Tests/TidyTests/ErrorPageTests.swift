// SPDX-License-Identifier: Apache-2.0

import Testing

/// `docs/errors.md` against the codes in the sources, both ways.
@Suite struct ErrorPageTests {
    /// Every raw value of a code in the sources: `case name = "ABC123"`.
    static var codesInSources: Set<String> {
        var codes: Set<String> = []
        for file in SourceTree.sources {
            let isDeclaration = { (line: String) in
                line.contains(" = \"") && (line.contains("case ") || line.contains("let code"))
            }
            for line in file.lines where isDeclaration(line) {
                guard let quoted = line.split(separator: "\"").dropFirst().first else { continue }
                if isCode(quoted) { codes.insert(String(quoted)) }
            }
        }
        return codes
    }

    static func isCode(_ text: Substring) -> Bool {
        text.count == 6 && text.prefix(3).allSatisfy { $0.isASCII && $0.isUppercase }
            && text.suffix(3).allSatisfy { $0.isASCII && $0.isNumber }
    }

    @Test func everyCodeIsOnThePageAndNoOther() throws {
        let page = try #require(SourceTree.text("docs/errors.md"))
        var onPage: [String] = []
        for line in page.split(separator: "\n") where line.hasPrefix("| `") {
            guard let code = line.split(separator: "`").dropFirst().first else { continue }
            let cells = line.split(separator: "|").map { $0.filter { $0 != " " } }
            #expect(cells.count == 3 && cells.allSatisfy { !$0.isEmpty }, "\(line)")
            onPage.append(String(code))
        }
        #expect(Set(onPage).count == onPage.count, "a code is listed twice")
        let missing = Self.codesInSources.subtracting(onPage).sorted()
        let surplus = Set(onPage).subtracting(Self.codesInSources).sorted()
        #expect(missing.isEmpty, "codes missing from docs/errors.md: \(missing)")
        #expect(surplus.isEmpty, "codes only in docs/errors.md: \(surplus)")
    }
}
