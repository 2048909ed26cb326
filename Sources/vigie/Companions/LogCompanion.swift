// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs that write a log.
struct LogCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Make a log, append to it, say how it stands.")
    static var program: String { "vigie-log" }
    static var group: [String] { ["log"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
