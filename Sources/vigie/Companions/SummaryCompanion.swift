// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs of `vigie-summary`.
struct SummaryCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "summary",
            abstract: LocalizedText(
                fr: "Des synthèses pour le CSE, qui ne révèlent personne.",
                en: "Summaries for the works council that reveal nobody."))
    }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
