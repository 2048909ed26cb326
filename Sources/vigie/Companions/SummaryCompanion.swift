// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs of `vigie-summary`.
struct SummaryCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "Summaries for the works council that reveal nobody.")

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
