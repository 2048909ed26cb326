// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verb of `vigie-monitor`.
struct MonitorCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "monitor",
            abstract: LocalizedText(
                fr: "Passer une formule temporelle sur un journal.",
                en: "Run a temporal formula over a log."))
    }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
