// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// `vigie log cosign …` is `vigie witness cosign …`: it needs a client of HTTP.
struct LogCosign: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "cosign",
            abstract: LocalizedText(
                fr: "Faire cosigner la tête d’un journal par des témoins.",
                en: "Have a log's head cosigned by witnesses."))
    }
    static var program: String { "vigie-witness" }
    static var group: [String] { ["cosign"] }
    static var typed: String { "vigie log" }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
