// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs about cases.
struct CaseCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "case", abstract: "Review findings in cases: each step is an entry of the log."
    )
    static var program: String { "vigie-review" }
    static var group: [String] { ["case"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
