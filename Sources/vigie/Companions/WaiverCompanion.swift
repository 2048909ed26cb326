// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs about waivers.
struct WaiverCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "waiver",
            abstract: LocalizedText(
                fr: "Accorder, révoquer, clore et lister les dérogations.",
                en: "Grant, revoke, close and list waivers."))
    }
    static var program: String { "vigie-review" }
    static var group: [String] { ["waiver"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
