// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs of a witness, and those that ask one.
struct VigieWitness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vigie-witness",
        abstract: "Witness logs: sign that they only grow, and keep what shows otherwise.",
        subcommands: [
            WitnessInit.self, WitnessAddLog.self, WitnessServe.self, WitnessStatus.self,
            WitnessCosign.self, WitnessAnchor.self,
        ])
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieWitness.self) }
}
