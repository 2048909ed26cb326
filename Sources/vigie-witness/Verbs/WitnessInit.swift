// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import Glibc
import LogStorage
import Reporting
import TransparencyLog

/// The memory of a witness, and the key that it belongs to.
struct WitnessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: "Le dossier de la mémoire du témoin.",
            en: "The folder of the witness's memory."), completion: .directory)
    var state: String

    @Option(
        help: ArgumentHelp(
            fr: "Le fichier de la clé privée du témoin\u{202F}; MÉMOIRE.key par défaut.",
            en: "The file of the witness's private key; STATE.key by default."))
    var key: String?

    var keyPath: String { key ?? WriterOptions.trimmed(state) + ".key" }

    /// Checks that a witness can be made, and makes none.
    func check(name: String) throws {
        _ = try newKey(name)
        try KeyFile.requireFree(keyPath)
        try WitnessFolder.requireRoom(at: state)
    }

    private func newKey(_ name: String) throws -> WitnessSigningKey {
        let secret = try SigningKey.generate()
        guard let key = try? WitnessSigningKey(name: name, key: secret) else {
            throw WitnessFault(.badName, name)
        }
        return key
    }

    /// Makes a witness: its key, and an empty memory.
    func make(named name: String) throws -> WitnessFolder {
        let key = try newKey(name)
        // The key first: a memory whose key could not be kept would be of no use.
        try KeyFile.write(key.privateText, to: keyPath, isPrivate: true)
        do {
            return try WitnessFolder(making: state, for: key.verificationKey)
        } catch {
            // Without a memory it is nobody's key; what could not be made may be a memory all the same.
            if (try? WitnessFolder.owner(of: state)) != key.verificationKey {
                _ = unsafe unlink(keyPath)
            }
            throw error
        }
    }

    /// Reads the key.
    func signingKey() throws -> WitnessSigningKey {
        let text = try KeyFile.readPrivate(keyPath)
        do throws(NoteError) {
            return try WitnessSigningKey(parsing: text)
        } catch {
            throw PlacedError(error, .file(keyPath))
        }
    }
}

/// Makes a witness: its key, and an empty memory.
struct WitnessInit: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "init",
            abstract: LocalizedText(
                fr: "Créer un témoin\u{202F}: sa clé, et une mémoire vide.",
                en: "Make a witness: its key, and an empty memory."),
            discussion: LocalizedText(
                fr: """
                    La ligne montrée est la clé publique du témoin\u{202F}: donnez-la à qui tient et \
                    lit les journaux. Mémoire et clé vont ensemble\u{202F}: un témoin qui a perdu sa \
                    mémoire ne doit pas être relancé, créez-en un autre.
                    """,
                en: """
                    The line printed is the witness's public key: give it to those who run and read \
                    the logs. The memory and the key belong together: a witness that lost its memory \
                    must not be started again, make another one.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: WitnessOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le nom du témoin, par exemple `cse.example/temoin`.",
            en: "The witness's name, for example `cse.example/temoin`."))
    var name: String

    @OptionGroup var trial: TrialOptions

    func validate() throws {
        guard !options.state.isEmpty,
            !(options.keyPath + "/").hasPrefix(WriterOptions.trimmed(options.state) + "/")
        else {
            throw UsageError(
                fr:
                    "la mémoire et la clé du témoin vont dans deux endroits, la clé hors de la mémoire",
                en: "the witness's memory and its key go to two places, the key outside the memory")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        if trial.dryRun { return try foresee(console) }
        let folder = try options.make(named: name)
        if console.format == .json {
            try console.write(document: [
                trial.member, ("key", .string(folder.verificationKey.text)),
            ])
        } else {
            try console.write(folder.verificationKey.text + "\n")
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: témoin créé\u{202F}; sa clé privée est \(options.keyPath).",
                en: "Verdict: witness made; its private key is \(options.keyPath)."),
            outputIsData: true)
    }

    /// Names the files that would be made; the key is made only when it is kept.
    private func foresee(_ console: Console) throws -> Verdict {
        try options.check(name: name)
        if console.format == .json {
            try console.write(document: [
                trial.member, ("state", .string(options.state)),
                ("key_files", .array([.string(options.keyPath)])),
            ])
        } else {
            try console.write(options.state + "\n" + options.keyPath + "\n")
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: le témoin \(name) serait créé\u{202F}; sa clé privée serait \
                    \(options.keyPath). Rien n’a changé.
                    """,
                en: """
                    Verdict: the witness \(name) would be made; its private key would be \
                    \(options.keyPath). Nothing was changed.
                    """),
            outputIsData: true)
    }
}

/// Lets a witness cosign a log.
struct WitnessAddLog: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "add-log",
            abstract: LocalizedText(
                fr: "Faire cosigner un journal par le témoin.",
                en: "Let the witness cosign a log."),
            discussion: LocalizedText(
                fr: """
                    Donnez la clé que `vigie log init` a montrée. Un journal déjà ajouté peut recevoir \
                    une clé de plus.
                    """,
                en: """
                    Give the key that `vigie log init` printed. A log that was added already may be \
                    given one more key.
                    """))
    }

    @OptionGroup var conduct: ConductOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le dossier de la mémoire du témoin.",
            en: "The folder of the witness's memory."), completion: .directory)
    var state: String

    @Argument(
        help: ArgumentHelp(
            fr: "La clé de vérification du journal, ou @FICHIER qui la contient.",
            en: "The verification key of the log, or @FILE that holds it."))
    var log: String

    @OptionGroup var trial: TrialOptions

    func perform(on console: Console) throws -> Verdict {
        let key = try LogOptions.verificationKey(log, of: "<log>")
        let isNew = try trial.dryRun ? wouldAdd(key) : WitnessFolder(state).add(key)
        if console.format == .json {
            try console.write(
                document: [
                    trial.member, ("origin", .string(key.name)), ("key", .string(key.text)),
                    ("added", .boolean(isNew)),
                ])
        }
        return Verdict(status: .complete, sentence: sentence(key.name, isNew))
    }

    private func wouldAdd(_ key: LogVerificationKey) throws -> Bool {
        try HeldFolder.check(state, "logs")
        return try !WitnessFolder(reading: state).keys(of: key.name).contains(key)
    }

    private func sentence(_ name: String, _ isNew: Bool) -> LocalizedText {
        guard isNew else {
            return LocalizedText(
                fr: "Verdict\u{202F}: le témoin connaissait déjà cette clé de \(name).",
                en: "Verdict: the witness knew this key of \(name) already.")
        }
        guard !trial.dryRun else {
            return LocalizedText(
                fr: "Verdict\u{202F}: le témoin connaîtrait \(name). Rien n’a changé.",
                en: "Verdict: the witness would know \(name). Nothing was changed.")
        }
        return LocalizedText(
            fr: "Verdict\u{202F}: le témoin connaît \(name).",
            en: "Verdict: the witness knows \(name).")
    }
}
