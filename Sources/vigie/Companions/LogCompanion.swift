// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs that write a log.
struct LogCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "log",
            abstract: LocalizedText(
                fr: "Créer un journal, y ajouter, dire où il en est.",
                en: "Make a log, append to it, say how it stands."))
    }
    static var program: String { "vigie-log" }
    static var group: [String] { ["log"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
