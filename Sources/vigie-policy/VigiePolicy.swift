// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs about policies.
struct VigiePolicy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vigie-policy", abstract: "Check and test a policy set.",
        subcommands: [PolicyCheck.self, PolicyTest.self])
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigiePolicy.self) }
}
