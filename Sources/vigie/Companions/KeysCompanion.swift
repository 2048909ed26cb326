// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs about the keys that sign a log.
struct KeysCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Change the key that signs a log.")
    static var program: String { "vigie-log" }
    static var group: [String] { ["keys"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
