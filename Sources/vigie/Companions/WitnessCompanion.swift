// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs of `vigie-witness`.
struct WitnessCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "witness",
            abstract: LocalizedText(
                fr: "Être témoin de journaux, et garder ce qui en accuse un.",
                en: "Witness logs, and keep what speaks against one."))
    }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
