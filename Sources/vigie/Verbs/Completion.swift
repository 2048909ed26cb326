// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// Prints the script that lets a shell complete the verbs and options of `vigie`.
struct Completion: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Print the completion script of a shell.",
        discussion:
            "bash: `vigie completion bash > ~/.local/share/bash-completion/completions/vigie`")

    @OptionGroup var conduct: ConductOptions

    @Argument(help: "bash, zsh or fish.")
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
