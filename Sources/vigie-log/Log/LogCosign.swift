// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// `vigie log cosign …` is `vigie witness cosign …`: it needs a client of HTTP.
struct LogCosign: Companion {
    static let configuration = CommandConfiguration(
        commandName: "cosign", abstract: "Have a log's head cosigned by witnesses.")
    static var program: String { "vigie-witness" }
    static var group: [String] { ["cosign"] }
    static var typed: String { "vigie log" }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
