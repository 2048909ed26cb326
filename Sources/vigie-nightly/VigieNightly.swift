// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// What the machine runs by itself: the nightly audit, as its configuration says, and the check
/// that it can.
struct VigieNightly: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "vigie-nightly",
            abstract: LocalizedText(
                fr: "Lancer l’audit que décrit la configuration, et contrôler la machine.",
                en: "Run the audit that the configuration describes, and check the machine."),
            subcommands: [Nightly.self, Doctor.self])
    }
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieNightly.self) }
}
