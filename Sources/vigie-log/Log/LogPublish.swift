// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import LogStorage
import Reporting
import TransparencyLog

/// Mirrors a log to a folder for readers.
struct LogPublish: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "publish",
            abstract: LocalizedText(
                fr: """
                    Recopier un journal dans un dossier que tout serveur de fichiers peut servir.
                    """,
                en: "Mirror a log to a folder that any file server may serve."),
            discussion: LocalizedText(
                fr: """
                    Le dossier devient un préfixe `tlog-tiles` de C2SP. Seul ce qui y manque est \
                    copié, et le point de contrôle en dernier\u{202F}: aucun lecteur ne voit une tête \
                    sans ses tuiles. Ce qui est purgé du journal l’est aussi de la copie. Une copie \
                    qui contient un autre journal est laissée telle quelle.
                    """,
                en: """
                    The folder becomes a C2SP `tlog-tiles` prefix. Only what it lacks is copied, and \
                    the checkpoint last, so that no reader sees a head without its tiles. What was \
                    purged from the log goes from the mirror too. A mirror that holds another log is \
                    left as it is.
                    """))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier du journal.",
            en: "The folder of the log."))
    var log: String

    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier de la copie.",
            en: "The folder of the mirror."))
    var destination: String

    @OptionGroup var trial: TrialOptions

    func validate() throws {
        guard !log.isEmpty, !destination.isEmpty else {
            throw UsageError(
                fr: "un chemin vide ne nomme aucun dossier", en: "an empty path names no folder")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        let outcome = try LogPublisher(
            from: log, to: destination, isDryRun: trial.dryRun
        ).publish()
        let size = outcome.head.treeSize
        if console.format == .json {
            try console.write(document: [
                trial.member, ("size", .integer(Int64(clamping: size))),
                ("written", .integer(Int64(outcome.writtenCount))),
                ("removed", .integer(Int64(outcome.removedCount))),
            ])
        }
        return Verdict(status: .complete, sentence: sentence(outcome))
    }

    private func sentence(_ outcome: LogPublisher.Outcome) -> LocalizedText {
        let (size, written, removed) = (
            outcome.head.treeSize, outcome.writtenCount, outcome.removedCount
        )
        guard !trial.dryRun else {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: le miroir serait à \(size) entrées\u{202F}; fichiers à \
                    écrire\u{202F}: \(written), à retirer\u{202F}: \(removed). Rien n’a changé.
                    """,
                en: """
                    Verdict: the mirror would be at \(size) entries; files to write: \(written), to \
                    remove: \(removed). Nothing was changed.
                    """)
        }
        return LocalizedText(
            fr: """
                Verdict\u{202F}: miroir à \(size) entrées\u{202F}; fichiers écrits\u{202F}: \
                \(written), retirés\u{202F}: \(removed).
                """,
            en: """
                Verdict: mirror at \(size) entries; files written: \(written), removed: \(removed).
                """)
    }
}
