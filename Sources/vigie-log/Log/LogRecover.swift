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
            return try Self.restored(try writer.restore(request, on: console), on: console)
        }
        let appender = try writer.open(on: console, isThorough: true)
        let size = try appender.sign()
        let torn = appender.tornTail
        let returned = ReturnedEntries(try appender.removeReturned())
        if console.format == .json {
            try console.write(document: members(torn, size, returned))
        } else {
            if let torn {
                let text = LocalizedText(
                    fr: "octets mis de côté\u{202F}: \(torn.byteCount), dans \(torn.path)\n",
                    en: "bytes set aside: \(torn.byteCount), in \(torn.path)\n")
                try console.write(text[console.language])
            }
            try returned.say(on: console)
        }
        return Verdict(status: .complete, sentence: Self.sentence(torn, returned, size))
    }

    private static func restored(_ lost: Range<UInt64>, on console: Console) throws -> Verdict {
        if console.format == .json {
            try console.write(
                document: [
                    ("lost", .integer(Int64(lost.count))),
                    ("first_lost", .integer(Int64(clamping: lost.lowerBound))),
                ], status: .findings)
        }
        return Verdict(status: .findings, sentence: sentence(lost))
    }

    private static func sentence(_ lost: Range<UInt64>) -> LocalizedText {
        guard lost.isEmpty else {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: journal repris, \(lost.count) entrées signées sont perdues à partir \
                    de \(lost.lowerBound), et c’est inscrit. Prévenez qui garde des points de contrôle.
                    """,
                en: """
                    Verdict: log resumed, \(lost.count) signed entries are lost from \
                    \(lost.lowerBound) on, and that is recorded. Tell whoever keeps checkpoints.
                    """)
        }
        return LocalizedText(
            fr: """
                Verdict\u{202F}: journal repris, des entrées signées sont perdues à partir de \
                \(lost.lowerBound), en nombre inconnu, et c’est inscrit. Prévenez qui garde des points \
                de contrôle.
                """,
            en: """
                Verdict: log resumed, an unknown number of signed entries is lost from \
                \(lost.lowerBound) on, and that is recorded. Tell whoever keeps checkpoints.
                """)
    }

    private func members(
        _ torn: TornTail?, _ size: UInt64, _ returned: ReturnedEntries
    ) -> [(String, JSONNode)] {
        var members: [(String, JSONNode)] = [
            ("size", .integer(Int64(clamping: size))),
            ("torn_bytes", .integer(Int64(torn?.byteCount ?? 0))), returned.member,
        ]
        if let torn {
            members.append(("torn_index", .integer(Int64(clamping: torn.first))))
            members.append(("torn_file", .string(torn.path)))
        }
        return members
    }

    private static func sentence(
        _ torn: TornTail?, _ returned: ReturnedEntries, _ size: UInt64
    ) -> LocalizedText {
        guard let torn else {
            guard returned.count == 0 else {
                return LocalizedText(
                    fr: """
                        Verdict\u{202F}: \(returned.count) entrées purgées étaient revenues, et sont \
                        retirées de nouveau. Entrées\u{202F}: \(size).
                        """,
                    en: """
                        Verdict: \(returned.count) purged entries were back, and are removed again. \
                        Entries: \(size).
                        """)
            }
            return LocalizedText(
                fr: "Verdict\u{202F}: rien à réparer. Entrées\u{202F}: \(size).",
                en: "Verdict: nothing to repair. Entries: \(size).")
        }
        return LocalizedText(
            fr: """
                Verdict\u{202F}: fin déchirée retirée à l’entrée \(torn.first), et c’est inscrit au \
                journal. Entrées\u{202F}: \(size).
                """,
            en: """
                Verdict: torn tail dropped at entry \(torn.first), and recorded in the log. \
                Entries: \(size).
                """)
    }
}
