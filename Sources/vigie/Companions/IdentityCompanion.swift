// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs of `vigie-identity`.
struct IdentityCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "identity", abstract: "Pseudonyms: draw, re-identify by two, erase.")

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
