// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs that write a log, or take evidence from it: `vigie log …`, `vigie keys …`,
/// `vigie prove …`.
struct VigieLog: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "vigie",
            abstract: LocalizedText(
                fr: "Écrire un journal, et en tirer des preuves.",
                en: "Write a log, and take evidence from it."),
            subcommands: [LogCommands.self, KeysCommands.self, ProveCommands.self])
    }
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieLog.self) }
}
