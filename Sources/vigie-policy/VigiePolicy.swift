// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The verbs about policies.
struct VigiePolicy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vigie-policy", abstract: "Check, test, lay out and explain policies.",
        subcommands: [
            PolicyCheck.self,
            PolicyTest.self,
            PolicyFormat.self,
            PolicyAuthorize.self,
            PolicyExplain.self,
        ])
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigiePolicy.self) }
}
