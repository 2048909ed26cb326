// SPDX-License-Identifier: Apache-2.0

import Testing

/// Rules of `CONTRIBUTING.md` that a machine can hold.
@Suite struct TidinessTests {
    static let forbiddenEndings = [
        "Util", "Utils", "Utilities", "Helper", "Helpers", "Manager", "Misc", "Common",
        "Extensions", "Impl", "Base", "Info", "2",
    ]

    @Test func theTreeWasFound() {
        #expect(SourceTree.sources.count > 40)
    }

    @Test(arguments: SourceTree.all)
    func sizeNameAndLicence(file: SourceTree.File) {
        let limit = file.path.hasPrefix("Tests/") ? 800 : 500
        #expect(file.lines.count <= limit, "\(file.path) has \(file.lines.count) lines")
        let stem = file.name.dropLast(".swift".count)
        for ending in Self.forbiddenEndings {
            #expect(!stem.hasSuffix(ending), "\(file.path) ends in \(ending)")
        }
        #expect(!file.path.contains(" "))
        #expect(
            file.lines.prefix(2).contains("// SPDX-License-Identifier: Apache-2.0"),
            "\(file.path) lacks the licence line")
    }

    @Test(arguments: SourceTree.sources)
    func functionsAreShort(file: SourceTree.File) {
        for function in FunctionLengths.measure(file.lines) {
            #expect(
                function.lineCount <= 60,
                "\(file.path):\(function.line) \(function.name) has \(function.lineCount) lines")
        }
    }

    /// Help is for people: a literal in its place would be in one language alone.
    @Test(arguments: SourceTree.sources)
    func helpIsInBothLanguages(file: SourceTree.File) {
        let commands = file.module == "Conduct" || file.module.hasPrefix("vigie")
        for (number, line) in file.lines.enumerated() where commands {
            for label in ["help: \"", "abstract: \"", "discussion: \"", "ArgumentHelp(\""] {
                #expect(!line.contains(label), "\(file.path):\(number + 1) has \(label)")
            }
        }
    }

    @Test(arguments: SourceTree.sources)
    func noUnsafeShortCuts(file: SourceTree.File) {
        let words = ["try!", "as!", "@unchecked Sendable", "nonisolated(unsafe)", "fatalError("]
        for (number, line) in file.lines.enumerated() {
            guard !line.trimmingPrefix(while: { $0 == " " }).hasPrefix("//") else { continue }
            let before = file.lines[max(0, number - 6)...number]
            let isExplained = before.contains { $0.contains("// SAFETY:") }
            for word in words where line.contains(word) {
                #expect(isExplained, "\(file.path):\(number + 1) has \(word)")
            }
        }
    }

    @Test(arguments: SourceTree.sources.filter { $0.path.hasPrefix("Sources/vigie") })
    func verbsAreRunByTheRunnerOnly(file: SourceTree.File) {
        #expect(
            !file.lines.contains { $0.contains("func run()") },
            "\(file.path): a verb has `perform`, so that its errors are mapped")
    }

    @Test func functionLengthsAreMeasured() {
        let text = """
            struct A {
                func short() { 1 }
                init() {
                    one
                    two
                }
            }
            """
        let measured = FunctionLengths.measure(text.split(separator: "\n").map(String.init))
        #expect(measured.map(\.name) == ["init() {"])
        #expect(measured.map(\.lineCount) == [2])
    }
}

/// Measures the bodies of functions by their indentation, which the formatter keeps regular.
enum FunctionLengths {
    struct Function {
        var name: String
        var line: Int
        var lineCount: Int
    }

    static func measure(_ lines: [String]) -> [Function] {
        lines.enumerated().compactMap { number, line in
            let indentation = line.prefix { $0 == " " }.count
            let words = line.split(separator: " ")
            let isFunction = words.contains("func") || words.contains { $0.hasPrefix("init(") }
            guard isFunction, !line.contains("//"), !line.hasSuffix("}") else { return nil }
            let brace = String(repeating: " ", count: indentation)
            guard
                let start = lines[number...].prefix(12).firstIndex(where: { $0.hasSuffix("{") }),
                let end = lines[(start + 1)...].firstIndex(of: brace + "}")
            else { return nil }
            return Function(
                name: String(line.dropFirst(indentation)), line: number + 1,
                lineCount: end - start - 1)
        }
    }
}
