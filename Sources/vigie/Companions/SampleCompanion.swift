// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs of `vigie-sample`.
struct SampleCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Make sample logs, and score an audit against one.")

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
