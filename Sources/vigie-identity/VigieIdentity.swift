// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs about persons: their pseudonyms, their rights, and who may know them.
struct VigieIdentity: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "vigie-identity",
            abstract: LocalizedText(
                fr: "Pseudonymes\u{202F}: tirer, réidentifier à deux, effacer.",
                en: "Pseudonyms: draw, re-identify by two, erase."),
            discussion: LocalizedText(
                fr: """
                    Les identifiants sont lus sur l’entrée standard, jamais sur la ligne de commande, \
                    que voient les autres utilisateurs de la machine.
                    """,
                en: """
                    Identifiers are read from standard input, never from the command line, which other \
                    users of the machine can see.
                    """),
            subcommands: [
                IdentityKey.self, IdentityInit.self, IdentityAdd.self, ResolveCommands.self,
                IdentityErase.self, IdentityCheck.self, IdentityBackup.self, IdentityRestore.self,
                IdentityReport.self, IdentityTrail.self,
            ])
    }
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieIdentity.self) }
}
