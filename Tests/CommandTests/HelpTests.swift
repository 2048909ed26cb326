// SPDX-License-Identifier: Apache-2.0

import Testing

/// Help names what the user typed, whichever program gives it.
@Suite struct HelpTests {
    private static let verbs = [
        ["case"], ["case", "close"], ["diff"], ["doctor"], ["identity"], ["keys", "rotate"],
        ["log"], ["log", "anchor"], ["log", "append"], ["log", "cosign"], ["nightly"], ["policy"],
        ["policy", "check"],
        ["prove", "verify"], ["report"], ["sample"], ["summary"], ["verify"], ["waiver"],
        ["witness", "serve"],
    ]

    @Test(arguments: verbs) func theUsageIsWhatIsTyped(words: [String]) throws {
        let typed = "USAGE: vigie " + words.joined(separator: " ")
        for arguments in [words + ["--help"], ["help"] + words] {
            let shown = try Tool.run(arguments)
            #expect(shown.status == 0, "\(shown.errors)")
            let usage = shown.output.split(separator: "\n").first { $0.hasPrefix("USAGE:") } ?? ""
            #expect(usage.hasPrefix(typed), "\(arguments): \(usage)")
            // A group that another program performs is more than words to be passed on.
            #expect(!shown.output.contains("<arguments>"))
            #expect(!shown.output.contains("vigie-"), "\(shown.output)")
        }
    }

    @Test(arguments: verbs) func frenchHelpHasNoEnglishLine(words: [String]) throws {
        let french = try Tool.run(words + ["--help", "--lang", "fr"])
        let english = try Tool.run(words + ["--help"])
        #expect(french.status == 0, "\(french.errors)")
        let lines = Set(english.output.split(separator: "\n").filter(Self.isSentence))
        #expect(!lines.isEmpty)
        for line in french.output.split(separator: "\n") {
            #expect(!lines.contains(line), "\(words): \(line)")
        }
        for word in ["OVERVIEW", "SUBCOMMANDS", "<subcommand>", "(values", "default:", "Show "] {
            #expect(!french.output.contains(word), "\(words): \(word)")
        }
        #expect(french.output.hasPrefix("OBJET\u{202F}: "), "\(french.output)")
    }

    @Test func theVersionIsToldAndNothingElse() throws {
        for words in [["--version"], ["--version", "--lang", "fr"], ["verify", "--version"]] {
            let told = try Tool.run(words)
            #expect(told.status == 0 && told.errors.isEmpty)
            #expect(told.output.wholeMatch(of: /Vigie \d+\.\d+\.\d+\n/) != nil, "\(told.output)")
        }
    }

    @Test func helpFollowsTheLocaleUnlessItIsAsked() throws {
        let locale = ["LANG": "fr_FR.UTF-8"]
        let french = try Tool.run(["verify", "--help"], environment: locale)
        #expect(french.output.hasPrefix("OBJET"))
        let asked = try Tool.run(["verify", "--help", "--lang", "en"], environment: locale)
        #expect(asked.output.hasPrefix("OVERVIEW"))
        let performed = try Tool.run(["log", "append", "--help"], environment: locale)
        #expect(performed.output.hasPrefix("OBJET"), "\(performed.output)")
    }

    /// Text that is to be translated: not a name, a usage line, a list of values or an address.
    private static func isSentence(_ line: Substring) -> Bool {
        let text = line.drop { $0 == " " }
        guard !text.hasPrefix("USAGE"), !text.hasPrefix("vigie "), !text.hasPrefix("-") else {
            return false
        }
        return text.split(separator: " ").filter { $0.allSatisfy(\.isLetter) }.count >= 3
    }
}
