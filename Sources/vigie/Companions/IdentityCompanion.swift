// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs of `vigie-identity`.
struct IdentityCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "identity",
            abstract: LocalizedText(
                fr: "Pseudonymes\u{202F}: tirer, réidentifier à deux, effacer.",
                en: "Pseudonyms: draw, re-identify by two, erase."))
    }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
