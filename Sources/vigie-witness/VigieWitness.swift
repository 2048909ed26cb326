// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs of a witness, and those that ask one.
struct VigieWitness: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "vigie-witness",
            abstract: LocalizedText(
                fr: """
                    Être témoin de journaux\u{202F}: signer qu’ils ne font que croître, et garder ce \
                    qui montre le contraire.
                    """,
                en: "Witness logs: sign that they only grow, and keep what shows otherwise."),
            subcommands: [
                WitnessInit.self, WitnessAddLog.self, WitnessServe.self, WitnessStatus.self,
                WitnessCosign.self, WitnessAnchor.self,
            ])
    }
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieWitness.self) }
}
