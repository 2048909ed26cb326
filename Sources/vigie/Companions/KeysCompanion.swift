// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs about the keys that sign a log.
struct KeysCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "keys",
            abstract: LocalizedText(
                fr: "Changer la clé qui signe un journal.",
                en: "Change the key that signs a log."))
    }
    static var program: String { "vigie-log" }
    static var group: [String] { ["keys"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
