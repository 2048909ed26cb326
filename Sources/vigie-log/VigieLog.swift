// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs that write a log, or take evidence from it: `vigie log …`, `vigie keys …`,
/// `vigie prove …`.
struct VigieLog: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vigie", abstract: "Write a log, and take evidence from it.",
        subcommands: [LogCommands.self, KeysCommands.self, ProveCommands.self])
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieLog.self) }
}
