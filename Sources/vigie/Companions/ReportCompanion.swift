// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The report of a saved run, which the program of the summaries renders.
struct ReportCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Render a saved run of the audit for its reader.")
    static var program: String { "vigie-summary" }
    static var group: [String] { ["report"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
