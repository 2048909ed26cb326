// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import LogStorage
import Reporting
import TransparencyLog

/// Opens a log after a crash, drops what was never acknowledged, and signs what is left.
struct LogRecover: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "recover",
            abstract: LocalizedText(
                fr: "Retirer une fin déchirée après une panne, et signer le journal.",
                en: "Drop a torn tail after a crash, and sign the log."),
            discussion: LocalizedText(
                fr: """
                    Toute commande qui écrit commence par cette reprise. Elle ne retire que des octets dont personne n’a été assuré, les met de \
                    côté dans `.state`, et le consigne au journal. Un journal abîmé en deçà de sa \
                    dernière signature est refusé, et laissé tel quel. Des entrées purgées qui sont \
                    revenues, d’une sauvegarde par exemple, sont retirées de nouveau, si le journal est \
                    intact.
                    """,
                en: """
                    Every command that writes recovers first. It drops \
                    only bytes that nobody was told were kept, sets them aside in `.state`, and \
                    records that in the log. A log that is damaged below its last signature is \
                    refused, and left as it is. Purged entries that came back, from a backup for \
                    instance, are removed again, if the log is intact.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions

    @Flag(
        help: ArgumentHelp(
            fr: """
                Continuer sans des entrées qui étaient signées\u{202F}: une sauvegarde restaurée. Deux \
                personnes décident. Une reprise interrompue s’achève par la même commande.
                """,
            en: """
                Go on without entries that were signed: a restored backup. Two persons decide. One that \
                was cut short is finished by the same command.
                """))
    var afterRestore = false

    @Option(
        help: ArgumentHelp(
            fr: "Avec --after-restore\u{202F}: le fichier de la clé de secours.",
            en: "With --after-restore: the file of the recovery key."))
    var recoveryKey: String?

    @Option(
        help: ArgumentHelp(
            fr: "Avec --after-restore\u{202F}: qui demande, un pseudonyme.",
            en: "With --after-restore: who asks, a pseudonym."))
    var requester: String?

    @Option(
        help: ArgumentHelp(
            fr: "Avec --after-restore\u{202F}: qui approuve, un autre.",
            en: "With --after-restore: who approves, another one."))
    var approver: String?

    @OptionGroup var trial: TrialOptions

    func validate() throws {
        let given = [recoveryKey, requester, approver].compactMap { $0 }.count
        guard given == (afterRestore ? 3 : 0) else {
            throw UsageError(
                fr: "`--after-restore` demande `--recovery-key`, `--requester` et `--approver`",
                en: "`--after-restore` takes `--recovery-key`, `--requester` and `--approver`")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        if let recoveryKey, let requester, let approver {
            guard let key = try SigningKeyFile(recoveryKey).current() else {
                throw CommandError(code: .notFound, place: .file(recoveryKey))
            }
            let request = RestoreRequest(
                recoveryKey: key, requester: requester, approver: approver)
            return try RestorationConclusion(
                lost: trial.dryRun
                    ? try writer.plan(request, on: console)
                    : try writer.restore(request, on: console),
                trial: trial
            ).conclude(on: console)
        }
        return try (trial.dryRun ? foreseen(console) : recovered(console)).conclude(on: console)
    }

    private func recovered(_ console: Console) throws -> RecoveryConclusion {
        let appender = try writer.open(on: console, isThorough: true)
        let size = try appender.sign()
        return RecoveryConclusion(
            torn: appender.tornTail, returned: ReturnedEntries(try appender.removeReturned()),
            size: size, trial: trial)
    }

    private func foreseen(_ console: Console) throws -> RecoveryConclusion {
        let found = try writer.outlook(on: console, isThorough: true)
        return RecoveryConclusion(
            torn: found.tornTail, returned: ReturnedEntries(found.returned, isPlanned: true),
            size: found.openedSize, trial: trial)
    }
}
