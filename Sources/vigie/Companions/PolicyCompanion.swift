// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs of `vigie-policy`.
struct PolicyCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "policy",
            abstract: LocalizedText(
                fr: "Contrôler, essayer, mettre en forme et expliquer des politiques.",
                en: "Check, test, lay out and explain policies."))
    }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
