// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs that check evidence taken from a log.
struct ProveCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Check evidence taken from a log, without the log.")
    static var program: String { "vigie-log" }
    static var group: [String] { ["prove"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
