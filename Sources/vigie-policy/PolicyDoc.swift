// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Diagnostics

/// Writes the rules of a policy set as a page that a lawyer can read.
struct PolicyDoc: Verb {
    static var forms: Set<OutputFormat> { [.table, .html] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "doc",
            abstract: LocalizedText(
                fr: "Écrire les règles d’un ensemble de politiques en une page pour tous.",
                en: "Write the rules of a policy set as a page for people."),
            discussion: LocalizedText(
                fr: "La page est en HTML, dans la langue de --lang, et ne charge rien.",
                en: "The page is HTML, in the language of --lang, and loads nothing."))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier de l’ensemble de politiques.",
            en: "The folder of the policy set."))
    var folder: String

    func perform(on console: Console) throws -> Verdict {
        let set = try FolderReader.policySet(folder)
        try console.write(RuleBook(set: set, language: console.language).html)
        let count = set.rules.count
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: page écrite, règles\u{202F}: \(count).",
                en: "Verdict: page written, rules: \(count)."),
            outputIsData: true)
    }
}
