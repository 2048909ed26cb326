// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs about cases.
struct CaseCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "case",
            abstract: LocalizedText(
                fr: """
                    Instruire les constats\u{202F}: chaque étape d’un dossier est une entrée du \
                    journal.
                    """,
                en: "Review findings in cases: each step is an entry of the log.")
        )
    }
    static var program: String { "vigie-review" }
    static var group: [String] { ["case"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
