// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// Comparing two runs, or one log under two policy sets.
struct DiffCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "diff",
            abstract: LocalizedText(
                fr: """
                    Dire ce qui a changé entre deux audits, ou sous un autre ensemble de politiques.
                    """,
                en: "Say what changed between two runs, or under another policy set."))
    }
    static var program: String { "vigie-review" }
    static var group: [String] { ["diff"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
