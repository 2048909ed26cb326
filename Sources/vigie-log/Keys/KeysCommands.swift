// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import LogStorage
import Reporting
import TransparencyLog

/// The verbs about the keys that sign a log.
struct KeysCommands: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "keys",
            abstract: LocalizedText(
                fr: "Changer la clé qui signe un journal.",
                en: "Change the key that signs a log."),
            subcommands: [KeysRotate.self])
    }
}

/// Ends the epoch of the present key.
struct KeysRotate: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rotate",
            abstract: LocalizedText(
                fr: "Signer désormais d’une nouvelle clé, et détruire l’ancienne.",
                en: "Sign with a new key from now on, and destroy the old one."),
            discussion: LocalizedText(
                fr: """
                    Une entrée annonce la clé suivante, le point de contrôle qui clôt l’époque est \
                    signé et gardé dans `checkpoints/`, puis l’ancienne clé privée est écrasée et \
                    retirée\u{202F}: qui prend la machine demain ne peut pas réécrire hier. À lancer \
                    chaque nuit. Une rotation interrompue par une panne est achevée par la prochaine \
                    commande qui écrit. Une clé qui est un secret de systemd ne peut pas être \
                    changée\u{202F}: le service n’en a qu’une copie.

                    La clé à laquelle les lecteurs se fient reste la première\u{202F}: le journal dit \
                    lui-même quelle clé lui a succédé.
                    """,
                en: """
                    The next key is announced by an entry, the checkpoint that ends the epoch is \
                    signed and kept under `checkpoints/`, and then the old private key is overwritten \
                    and removed: whoever takes the machine tomorrow cannot rewrite yesterday. Run it \
                    every night. A rotation that a crash cut short is finished by the next command \
                    that writes. A key that is a credential of systemd cannot be changed: the service \
                    has a copy of it alone.

                    The key that readers trust is still the first one: the log itself says which key \
                    came after it.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions

    @OptionGroup var trial: TrialOptions

    func perform(on console: Console) throws -> Verdict {
        try writer.requireRotatable(on: console)
        if trial.dryRun {
            let found = try writer.outlook(on: console)
            try writer.requireKeyFolder(on: console)
            return try foresee(found, console)
        }
        let appender = try writer.open(on: console)
        let key = try appender.rotateKey()
        if console.format == .json {
            try console.write(document: [
                trial.member, ("key", .string(key.text)),
                ("size", .integer(Int64(clamping: appender.size))),
            ])
        } else {
            try console.write(key.text + "\n")
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: époque close à la taille \(appender.size), ancienne clé \
                    détruite, nouvelle clé annoncée par l’entrée \(appender.size - 1).
                    """,
                en: """
                    Verdict: epoch closed at size \(appender.size), old key destroyed, new key \
                    announced by entry \(appender.size - 1).
                    """))
    }

    /// The next key is made only when it is needed, so that what is said is which key goes.
    private func foresee(_ found: LogOutlook, _ console: Console) throws -> Verdict {
        let index = found.openedSize
        if console.format == .json {
            try console.write(
                document: [
                    trial.member, ("replaced_key", .string(found.key.text)),
                    ("size", .integer(Int64(clamping: index + 1))),
                ] + found.members)
        } else {
            try console.write(found.key.text + "\n")
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: l’époque serait close à la taille \(index + 1), la clé montrée \
                    détruite, et la suivante annoncée par l’entrée \(index). Rien n’a changé.
                    """,
                en: """
                    Verdict: the epoch would be closed at size \(index + 1), the key printed \
                    destroyed, and the next one announced by entry \(index). Nothing was changed.
                    """))
    }
}
