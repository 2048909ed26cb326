// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import TransparencyLog
import Witnessing

/// Runs a witness until it is stopped.
struct WitnessServe: Verb {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the witness until it is stopped.",
        discussion: """
            It speaks C2SP tlog-witness over HTTP: POST /add-checkpoint, and GET \
            /<SHA-256 of the log's name>/checkpoint for what it cosigned last. Requests prove \
            themselves by the log's signature, so no password is needed; put a proxy that speaks \
            TLS in front of it where the network is not trusted.
            """)

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: WitnessOptions

    @Option(help: "Where to listen, as ADDRESS:PORT; port 0 lets the system choose.")
    var listen = "127.0.0.1:2025"

    func perform(on console: Console) throws -> Verdict {
        let key = try options.signingKey()
        let folder = try WitnessFolder(options.state, for: key.verificationKey)
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
}
