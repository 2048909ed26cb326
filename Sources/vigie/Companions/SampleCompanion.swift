// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs of `vigie-sample`.
struct SampleCompanion: Companion {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "sample",
            abstract: LocalizedText(
                fr: "Créer des journaux d’exemple, et noter un audit par l’un d’eux.",
                en: "Make sample logs, and score an audit against one."))
    }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
