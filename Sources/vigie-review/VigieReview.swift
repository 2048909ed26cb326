// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics

/// What follows an audit: comparing runs, cases, waivers, and whether the machine is fit to audit.
struct VigieReview: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "vigie-review",
            abstract: LocalizedText(
                fr: """
                    Comparer des audits, instruire les constats en dossiers, accorder des dérogations.
                    """,
                en: "Compare audits, review findings in cases, and grant waivers."),
            subcommands: [Diff.self, CaseCommands.self, WaiverCommands.self])
    }
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieReview.self) }
}
