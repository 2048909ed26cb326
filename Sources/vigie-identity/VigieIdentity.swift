// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs about persons: their pseudonyms, their rights, and who may know them.
struct VigieIdentity: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vigie-identity", abstract: "Pseudonyms: draw, re-identify by two, erase.",
        discussion: """
            Identifiers are read from standard input, never from the command line, which other \
            users of the machine can see.
            """,
        subcommands: [
            IdentityKey.self, IdentityInit.self, IdentityAdd.self, ResolveCommands.self,
            IdentityErase.self, IdentityCheck.self, IdentityBackup.self, IdentityRestore.self,
            IdentityReport.self, IdentityTrail.self,
        ])
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieIdentity.self) }
}
