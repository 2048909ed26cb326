// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// What the machine runs by itself: the nightly audit, as its configuration says, and the check
/// that it can.
struct VigieNightly: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vigie-nightly",
        abstract: "Run the audit that the configuration describes, and check the machine.",
        subcommands: [Nightly.self, Doctor.self])
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieNightly.self) }
}
