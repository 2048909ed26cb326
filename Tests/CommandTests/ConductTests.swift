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

    /// What the parser says in English, in French; what a verb refuses; and the command that helps.
    @Test(arguments: [
        (["audit"], "il manque `<log>`", "Missing expected argument '<log>'", "vigie audit"),
        (
            ["verify", "L", "--key"], "il manque la valeur de `--key <key>`",
            "Missing value for '--key <key>'", "vigie verify"
        ),
        (
            ["verify", "L", "--key", "k", "--kez", "x"],
            "option inconnue `--kez`\u{202F}; vouliez-vous dire `--key`\u{202F}?",
            "Unknown option '--kez'. Did you mean '--key'?", "vigie verify"
        ),
        (
            ["verify", "L", "--key", "k", "--nonsense-of-all"],
            "option inconnue `--nonsense-of-all`",
            "Unknown option '--nonsense-of-all'", "vigie verify"
        ),
        (
            ["verify", "L", "--key", "k", "-f", "yaml"],
            """
            la valeur `yaml` ne convient pas à `-f <format>`\u{202F}; donnez `table`, `plain`, `json` ou \
            `html`
            """,
            """
            The value 'yaml' is invalid for '-f <format>'. Please provide one of 'table', 'plain', 'json' \
            or 'html'.
            """, "vigie verify"
        ),
        (
            ["verify", "L", "--key", "k", "--workers", "two"],
            "la valeur `two` ne convient pas à `--workers <workers>`",
            "The value 'two' is invalid for '--workers <workers>'", "vigie verify"
        ),
        (
            ["verify", "L", "surplus", "--key", "k"], "argument de trop `surplus`",
            "Unexpected argument 'surplus'", "vigie verify"
        ),
        (
            ["verify", "L", "b", "c", "--key", "k"], "2 arguments de trop\u{202F}: `b`, `c`",
            "2 unexpected arguments: 'b', 'c'", "vigie verify"
        ),
        (
            ["verify", "L", "--key", "k", "--quiet=3"],
            "l’option `--quiet` ne prend pas de valeur, et `3` est donnée",
            "The option '--quiet' does not take any value, but '3' was specified.", "vigie verify"
        ),
        (
            ["verify", "L", "--key", "k", "-q", "-v"], "`--quiet` et `--verbose` s’excluent",
            "`--quiet` and `--verbose` exclude each other", "vigie verify"
        ),
    ])
    func usageErrorsAreSaidInBothLanguages(
        _ arguments: [String], french: String, english: String, command: String
    ) throws {
        for (language, word, text) in [
            ("fr", "erreur CLI102\u{202F}: ", french), ("en", "error CLI102: ", english),
        ] {
            let outcome = try Tool.run(arguments + ["--lang=\(language)"])
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains(word + text + "\n"), "\(outcome.errors)")
            #expect(outcome.errors.contains("`\(command) --help`"), "\(outcome.errors)")
        }
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
