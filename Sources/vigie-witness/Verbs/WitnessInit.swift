// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import LogStorage
import TransparencyLog

/// The memory of a witness, and the key that it belongs to.
struct WitnessOptions: ParsableArguments {
    @Option(help: "The folder of the witness's memory.", completion: .directory)
    var state: String

    @Option(help: "The file of the witness's private key; STATE.key by default.")
    var key: String?

    var keyPath: String {
        var path = state
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return key ?? path + ".key"
    }

    /// Makes a witness: its key, and an empty memory.
    func make(named name: String) throws -> WitnessFolder {
        let key = try WitnessSigningKey(name: name, key: .generate())
        // The key first: a memory whose key could not be kept would be of no use.
        try KeyFile.write(key.privateText, to: keyPath, isPrivate: true)
        return try WitnessFolder(making: state, for: key.verificationKey)
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
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a witness: its key, and an empty memory.",
        discussion: """
            The line printed is the witness's public key: give it to those who run and read the \
            logs. The memory and the key belong together: a witness that lost its memory must not \
            be started again, make another one.
            """)

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: WitnessOptions

    @Option(help: "The witness's name, for example `cse.example/temoin`.")
    var name: String

    func perform(on console: Console) throws -> Verdict {
        let folder = try options.make(named: name)
        try console.write(folder.verificationKey.text + "\n")
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: témoin créé\u{202F}; sa clé privée est \(options.keyPath).",
                en: "Verdict: witness made; its private key is \(options.keyPath)."),
            outputIsData: true)
    }
}

/// Lets a witness cosign a log.
struct WitnessAddLog: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add-log", abstract: "Let the witness cosign a log.",
        discussion: """
            Give the key that `vigie log init` printed. A log that was added already may be given \
            one more key.
            """)

    @OptionGroup var conduct: ConductOptions

    @Option(help: "The folder of the witness's memory.", completion: .directory)
    var state: String

    @Argument(help: "The verification key of the log, or @FILE that holds it.")
    var log: String

    func perform(on console: Console) throws -> Verdict {
        let key = try LogOptions.verificationKey(log, of: "<log>")
        let isNew = try WitnessFolder(state).add(key)
        return Verdict(
            status: .complete,
            sentence: isNew
                ? LocalizedText(
                    fr: "Verdict\u{202F}: le témoin connaît \(key.name).",
                    en: "Verdict: the witness knows \(key.name).")
                : LocalizedText(
                    fr: "Verdict\u{202F}: le témoin connaissait déjà cette clé de \(key.name).",
                    en: "Verdict: the witness knew this key of \(key.name) already."))
    }
}
