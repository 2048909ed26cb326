// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The nightly audit, as its configuration says.
struct NightlyCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "nightly",
            abstract: LocalizedText(
                fr: "Lancer l’audit que décrit la configuration.",
                en: "Run the audit that the configuration describes."))
    }
    static var program: String { "vigie-nightly" }
    static var group: [String] { ["nightly"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
