// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// Comparing two runs, or one log under two policy sets.
struct DiffCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what changed between two runs, or under another policy set.")
    static var program: String { "vigie-review" }
    static var group: [String] { ["diff"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
