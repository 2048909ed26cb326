// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs that check evidence taken from a log.
struct ProveCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "prove",
            abstract: LocalizedText(
                fr: "Vérifier une preuve tirée d’un journal, sans le journal.",
                en: "Check evidence taken from a log, without the log."))
    }
    static var program: String { "vigie-log" }
    static var group: [String] { ["prove"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
