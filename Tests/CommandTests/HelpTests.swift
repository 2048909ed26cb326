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
}
