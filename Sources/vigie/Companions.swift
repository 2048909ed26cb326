// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs of `vigie-policy`.
struct PolicyCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Check and test a policy set.")

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

/// The verbs of `vigie-sample`.
struct SampleCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Make sample logs, and score an audit against one.")

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

/// The verbs that write a log.
struct LogCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Make a log, append to it, say how it stands.")
    static var program: String { "vigie-log" }
    static var group: [String] { ["log"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

/// The verbs about the keys that sign a log.
struct KeysCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Change the key that signs a log.")
    static var program: String { "vigie-log" }
    static var group: [String] { ["keys"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

/// The verbs that check evidence taken from a log.
struct ProveCompanion: Companion {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Check evidence taken from a log, without the log.")
    static var program: String { "vigie-log" }
    static var group: [String] { ["prove"] }

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
