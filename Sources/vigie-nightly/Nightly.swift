// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// Runs `vigie audit` as the configuration says.
struct Nightly: Verb {
    static var forms: Set<OutputFormat> { Set(OutputFormat.allCases) }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "nightly",
            abstract: LocalizedText(
                fr: """
                    Lancer l’audit que décrit la configuration\u{202F}: la commande du service de \
                    nuit.
                    """,
                en: """
                    Run the audit that the configuration describes: the command of the nightly unit.
                    """),
            discussion: LocalizedText(
                fr: """
                    La configuration est un fichier YAML\u{202F}: celui de --config, sinon \
                    $XDG_CONFIG_HOME/vigie/vigie.yaml, sinon /etc/vigie/vigie.yaml. Une variable \
                    VIGIE_… l’emporte sur le fichier, et une option sur les deux. Une clé inconnue est \
                    refusée.

                    La commande devient `vigie audit`, et finit donc par les mêmes codes.
                    """,
                en: """
                    The configuration is a file of YAML: the one of --config, else \
                    $XDG_CONFIG_HOME/vigie/vigie.yaml, else /etc/vigie/vigie.yaml. A variable VIGIE_… \
                    wins over the file, and an option over both. A key that is not known is refused.

                    It becomes `vigie audit`, and so ends in the same exit codes.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var settings: SettingsOptions

    @Flag(
        help: ArgumentHelp(
            fr: "Tout relire, quoi que contienne l’état gardé.",
            en: "Read everything again, whatever the saved state holds."))
    var full = false

    @Flag(
        help: ArgumentHelp(
            fr: "Montrer la commande qui serait lancée, un mot par ligne, et ne rien lancer.",
            en: "Print the command that would run, a word a line, and run nothing."))
    var dryRun = false

    func perform(on console: Console) throws -> Verdict {
        let settings = try settings.load(console)
        var words = settings.auditArguments(full: full)
        if let lang = conduct.lang { words += ["--lang", lang.rawValue] }
        words += ["--format", (conduct.plain ? .plain : conduct.format).rawValue]
        words += ["--color", conduct.color.rawValue]
        if conduct.quiet { words.append("--quiet") }
        if conduct.verbose { words.append("--verbose") }
        // A path may begin as an option does.
        words += ["--", settings.log]
        guard dryRun else { throw try Neighbour.become("vigie", as: "vigie", arguments: words) }
        for word in ["vigie"] + words { try console.write(word + "\n") }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: configuration lue, rien n’est lancé.",
                en: "Verdict: configuration read, nothing is run."),
            outputIsData: true)
    }
}
