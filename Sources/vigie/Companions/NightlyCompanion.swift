// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The nightly audit, as its configuration says.
struct NightlyCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "nightly", abstract: "Run the audit that the configuration describes.")
    static var program: String { "vigie-nightly" }
    static var group: [String] { ["nightly"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
