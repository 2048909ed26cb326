// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// How others are asked.
struct ExchangeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: "Combien de secondes une réponse entière peut prendre.",
            en: "How many seconds a whole answer may take."))
    var timeout = 30

    func validate() throws {
        guard (1...3_600).contains(timeout) else {
            throw UsageError(
                fr: "`--timeout` demande un nombre de 1 à 3600",
                en: "`--timeout` takes a number from 1 to 3600")
        }
    }

    /// The way to ask.
    func exchange(on console: Console) -> Exchange {
        // The name that OpenSSL has for it.
        Exchange(
            seconds: timeout,
            roots: console.surroundings.variables["SSL_CERT_FILE"]
                .flatMap { $0.isEmpty ? nil : $0 })
    }
}
