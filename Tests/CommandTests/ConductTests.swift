// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct ConductTests {
    /// The scripts are what each shell reads without complaint.
    @Test func shellsGetTheirCompletions() throws {
        let words = ["bash": "complete -o", "zsh": "#compdef vigie", "fish": "complete"]
        for (shell, word) in words {
            let outcome = try Tool.run(["completion", shell])
            #expect(outcome.status == 0 && outcome.output.contains(word), "\(shell)")
        }
        #expect(try Tool.run(["completion", "tcsh"]).status == 64)
    }

    @Test func helpGoesToOutputAndSucceeds() throws {
        let outcome = try Tool.run(["--help"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("USAGE: vigie"))
        #expect(outcome.errors.isEmpty)
    }

    @Test func exitCodesAreAPageOfHelp() throws {
        let outcome = try Tool.run(["help", "exit-codes", "--lang", "en"])
        #expect(outcome.status == 0)
        for code in ["0 ", "1 ", "2 ", "3 ", "4 ", "64 ", "65 ", "70 ", "141 "] {
            #expect(outcome.output.contains("\n\(code)") || outcome.output.hasPrefix(code))
        }
        #expect(outcome.output.hasSuffix("precedence: 2, then 3, then 4, then 1, then 0\n"))
    }

    @Test(arguments: [
        ["nonsense"], ["--nonsense"], ["exit-codes", "--lang", "de"],
        ["exit-codes", "--format", "yaml"], ["exit-codes", "-q", "-v"],
        ["exit-codes", "--plain", "-f", "json"], ["exit-codes", "surplus"],
        ["exit-codes", "--color", "\u{1B}[31m"],
    ])
    func absurdOptionsAreUsageErrors(arguments: [String]) throws {
        let outcome = try Tool.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("error CLI102: "))
        #expect(outcome.errors.contains("remedy: "))
        #expect(!outcome.errors.contains("\u{1B}"))
    }

    @Test func languageComesFromTheLocale() throws {
        let french = try Tool.run(["nonsense"], environment: ["LANG": "fr_FR.UTF-8"])
        #expect(french.errors.contains("erreur CLI102\u{202F}: "))
        let stronger = try Tool.run(
            ["nonsense"], environment: ["LANG": "fr_FR.UTF-8", "LC_ALL": "C"])
        #expect(stronger.errors.contains("error CLI102: "))
        let asked = try Tool.run(
            ["exit-codes", "--lang", "fr"], environment: ["LC_ALL": "en_GB.UTF-8"])
        #expect(asked.output.contains("priorité"))
    }

    @Test(arguments: [["--format", "json"], ["-f", "json"], ["--format=json"]])
    func failuresAreJSONWhenJSONWasAsked(option: [String]) throws {
        let outcome = try Tool.run(["exit-codes", "--lang", "de"] + option)
        #expect(outcome.status == 64)
        let document = try #require(
            JSONSerialization.jsonObject(with: outcome.outputBytes) as? [String: Any])
        #expect(document["exit_code"] as? Int == 64)
        #expect(document["complete"] as? Bool == false)
        #expect(document["schema_version"] as? Int == 1)
        #expect((document["errors"] as? [[String: Any]])?.first?["code"] as? String == "CLI102")
    }
}
