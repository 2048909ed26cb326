// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs about waivers.
struct WaiverCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "waiver", abstract: "Grant, revoke, close and list waivers.")
    static var program: String { "vigie-review" }
    static var group: [String] { ["waiver"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
