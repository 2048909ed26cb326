// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// Prints the script that lets a shell complete the verbs and options of `vigie`.
struct Completion: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: LocalizedText(
                fr: "Montrer le script de complétion d’un interpréteur de commandes.",
                en: "Print the completion script of a shell."),
            discussion: LocalizedText(
                fr: """
                    bash\u{202F}: `vigie completion bash > \
                    ~/.local/share/bash-completion/completions/vigie`
                    """,
                en: """
                    bash: `vigie completion bash > ~/.local/share/bash-completion/completions/vigie`
                    """))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "bash, zsh ou fish.",
            en: "bash, zsh or fish."))
    var shell: String

    func validate() throws {
        guard CompletionShell(rawValue: shell) != nil else {
            throw UsageError.unknownShell
        }
    }

    func perform(on console: Console) throws -> Verdict {
        guard let shell = CompletionShell(rawValue: shell) else {
            throw UsageError.unknownShell
        }
        try console.write(Vigie.completionScript(for: shell) + "\n")
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: script écrit.", en: "Verdict: script written."),
            outputIsData: true)
    }
}
