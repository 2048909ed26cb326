// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Temporal

/// Runs one formula over a log in MonPoly's format, and prints what MonPoly prints.
struct Monitor: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "vigie-monitor",
            abstract: LocalizedText(
                fr: """
                    Passer une formule temporelle sur un journal, avec les fichiers et la sortie de \
                    MonPoly.
                    """,
                en: "Run a temporal formula over a log, with MonPoly's files and output."))
    }

    @OptionGroup var conduct: ConductOptions

    @Option(
        help: ArgumentHelp(
            fr: "La signature\u{202F}: une relation par ligne.",
            en: "The signature: a relation a line."))
    var sig: String

    @Option(
        help: ArgumentHelp(
            fr: "La formule.",
            en: "The formula."))
    var formula: String

    @Option(
        help: ArgumentHelp(
            fr: "Le journal\u{202F}; aucun pour ne contrôler que la formule.",
            en: "The log; none to check the formula only."))
    var log: String?

    @Flag(
        help: ArgumentHelp(
            fr: "Surveiller la négation de la formule.",
            en: "Monitor the negation of the formula."))
    var negate = false

    @Flag(
        help: ArgumentHelp(
            fr: "Dire si la formule peut être surveillée, et s’arrêter.",
            en: "Say whether the formula can be monitored, and stop."))
    var check = false

    @Flag(
        help: ArgumentHelp(
            fr: "Prendre la formule telle quelle\u{202F}: ni forme normale, ni réécriture.",
            en: "Take the formula as it is: no normal form, no rewriting."))
    var verbatim = false

    @Flag(
        help: ArgumentHelp(
            fr: "Laisser ouvert ce qui l’est à la fin du journal.",
            en: "Leave what is open at the end of the log open."))
    var leaveOpen = false

    @Flag(
        help: ArgumentHelp(
            fr: "Garder les instants que la formule ne peut pas sentir.",
            en: "Keep time points that the formula cannot feel."))
    var keepEmptyPoints = false

    func perform(on console: Console) throws -> Verdict {
        var options = MonitorTranscript.Options()
        options.isVerbose = conduct.verbose
        options.checksOnly = check || log == nil
        options.isVerbatim = verbatim
        options.isNegated = negate
        options.endsTime = !leaveOpen
        options.dropsEmptyPoints = !keepEmptyPoints
        let transcript = MonitorTranscript(
            signature: try TextFile.read(sig), formula: try TextFile.read(formula),
            log: try log.map { try TextFile.read($0) }, options: options)
        try console.write(transcript.output)
        guard var failure = transcript.failure else {
            return Verdict(
                status: .complete,
                sentence: LocalizedText(
                    fr: "Verdict\u{202F}: journal parcouru.", en: "Verdict: the log was read."),
                outputIsData: true)
        }
        let file =
            switch transcript.failingInput {
            case .signature: sig
            case .formula: formula
            case .log: log ?? ""
            }
        if case .text(_, let line, let column) = failure.place {
            failure.place = .text(file: file, line: line, column: column)
        } else {
            failure.place = .file(file)
        }
        console.diagnose(failure)
        return Verdict(
            status: ExitStatus(diagnosticCode: failure.code),
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: formule ou journal REFUSÉS.",
                en: "Verdict: the formula or the log was REFUSED."),
            outputIsData: true)
    }
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(Monitor.self) }
}
