// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// The verbs about policies.
struct VigiePolicy: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "vigie-policy",
            abstract: LocalizedText(
                fr: "Contrôler, essayer, mettre en forme, expliquer et comparer des politiques.",
                en: "Check, test, lay out, explain and compare policies."),
            subcommands: [
                PolicyCheck.self,
                PolicyTest.self,
                PolicyDoc.self,
                PolicyFormat.self,
                PolicyAuthorize.self,
                PolicyExplain.self,
                PolicyWho.self,
                PolicyWhat.self,
                PolicyCompare.self,
                PolicyCover.self,
            ])
    }
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigiePolicy.self) }
}
