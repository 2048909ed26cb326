// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// The command-line tool: the root of its verbs.
struct Vigie: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vigie",
        abstract: "Verify, replay and explain the accesses that an audit log records.",
        discussion: "`vigie help exit-codes` prints the exit codes.",
        subcommands: [
            Verify.self, Audit.self, Explain.self,
            LogCommands.self, PolicyCommands.self, SampleCommands.self, ExitCodes.self,
        ])
}

/// The process: it reads its surroundings once, runs, and exits.
@main
enum Program {
    static func main() {
        // A reader that goes away is an error of `write`, not the death of the process.
        signal(SIGPIPE, SIG_IGN)
        // So is a file that may not grow any more.
        signal(SIGXFSZ, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(Runner.run(arguments, .ofProcess()).rawValue)
    }
}
