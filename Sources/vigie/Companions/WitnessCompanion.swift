// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs of `vigie-witness`.
struct WitnessCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "witness", abstract: "Witness logs, and keep what speaks against one.")

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
