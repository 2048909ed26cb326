// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// `vigie log anchor …` is `vigie witness anchor …`: it needs a client of HTTP.
struct LogAnchor: Companion {
    static let configuration = CommandConfiguration(
        commandName: "anchor", abstract: "Have a checkpoint stamped by a time-stamping authority.")
    static var program: String { "vigie-witness" }
    static var group: [String] { ["anchor"] }
    static var typed: String { "vigie log" }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
