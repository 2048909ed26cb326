// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Glibc
import TransparencyLog
import Witnessing

/// Runs a witness until it is stopped.
struct WitnessServe: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "serve",
            abstract: LocalizedText(
                fr: "Faire tourner le témoin jusqu’à ce qu’on l’arrête.",
                en: "Run the witness until it is stopped."),
            discussion: LocalizedText(
                fr: """
                    Il parle C2SP tlog-witness sur HTTP\u{202F}: POST /add-checkpoint, et GET \
                    /<SHA-256 du nom du journal>/checkpoint pour ce qu’il a cosigné en dernier. Les \
                    demandes se prouvent par la signature du journal, aucun mot de passe n’est donc \
                    nécessaire\u{202F}; placez devant lui un mandataire qui parle TLS là où le réseau \
                    n’est pas sûr. Avec `--name` et `--log`, cette seule commande crée aussi le \
                    témoin, la première fois.
                    """,
                en: """
                    It speaks C2SP tlog-witness over HTTP: POST /add-checkpoint, and GET /<SHA-256 of \
                    the log's name>/checkpoint for what it cosigned last. Requests prove themselves by \
                    the log's signature, so no password is needed; put a proxy that speaks TLS in \
                    front of it where the network is not trusted. With `--name` and `--log` this one \
                    command also makes the witness, the first time.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: WitnessOptions

    @Option(
        help: ArgumentHelp(
            fr: "Où écouter, `ADRESSE:PORT`\u{202F}; le port 0 laisse choisir le système.",
            en: "Where to listen, as ADDRESS:PORT; port 0 lets the system choose."))
    var listen = "127.0.0.1:2025"

    @Option(
        help: ArgumentHelp(
            fr: "Le nom du témoin\u{202F}: s’il n’y a pas encore de témoin, il est d’abord créé.",
            en: "The witness's name: where there is no witness yet, it is made first."))
    var name: String?

    @Option(
        help: ArgumentHelp(
            fr: """
                La clé de vérification d’un journal à cosigner, ou @FICHIER qui la contient\u{202F}; \
                plusieurs fois au besoin.
                """,
            en: "The verification key of a log to cosign, or @FILE that holds it; repeatable."))
    var log: [String] = []

    func perform(on console: Console) throws -> Verdict {
        // A witness that lost its key or its memory is not made anew under the same name.
        if let name, !isThere(options.keyPath), !isThere(options.state) {
            try console.write(options.make(named: name).verificationKey.text + "\n")
        }
        let key = try options.signingKey()
        let folder = try WitnessFolder(options.state, for: key.verificationKey)
        try addUnknownLogs(to: folder)
        let listener = try Listener(listen)
        let service = WitnessService(key, folder)
        console.say(
            LocalizedText(
                fr: "Témoin \(key.verificationKey.name) à l’écoute sur le port \(listener.port)",
                en: "Witness \(key.verificationKey.name) listening on port \(listener.port)"))
        listener.run(
            .init(bodyByteCountMax: max(AddCheckpoint.byteCountMax, LogProof.byteCountMax))
        ) { head, body in
            service.answer(head, body)
        }
    }

    /// Adds the logs that the witness does not know.
    ///
    /// One that it knows keeps the keys that it has: the key that was handed over when the log was
    /// opened may have been destroyed since, and must not count again.
    private func addUnknownLogs(to folder: WitnessFolder) throws {
        for text in log {
            let key = try LogOptions.verificationKey(text, of: "--log")
            let identifier = WitnessFolder.identifier(of: key.name)
            guard try !folder.identifiers().contains(identifier) else { continue }
            _ = try folder.add(key)
        }
    }

    private func isThere(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}
