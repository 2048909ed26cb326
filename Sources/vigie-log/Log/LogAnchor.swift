// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// `vigie log anchor …` is `vigie witness anchor …`: it needs a client of HTTP.
struct LogAnchor: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "anchor",
            abstract: LocalizedText(
                fr: "Faire horodater un point de contrôle par une autorité d’horodatage.",
                en: "Have a checkpoint stamped by a time-stamping authority."))
    }
    static var program: String { "vigie-witness" }
    static var group: [String] { ["anchor"] }
    static var typed: String { "vigie log" }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
