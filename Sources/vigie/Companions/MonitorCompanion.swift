// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verb of `vigie-monitor`.
struct MonitorCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "monitor", abstract: "Run a temporal formula over a log.")

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
