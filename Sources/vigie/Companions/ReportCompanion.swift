// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The report of a saved run, which the program of the summaries renders.
struct ReportCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "report",
            abstract: LocalizedText(
                fr: "Mettre en page, pour son lecteur, un audit gardé.",
                en: "Render a saved run of the audit for its reader."))
    }
    static var program: String { "vigie-summary" }
    static var group: [String] { ["report"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
