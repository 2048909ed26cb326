// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs of `vigie-policy`.
struct PolicyCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Check, test, lay out and explain policies.")

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
