// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// What follows an audit: comparing runs, cases, waivers, and whether the machine is fit to audit.
struct VigieReview: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vigie-review",
        abstract: "Compare audits, review findings in cases, and grant waivers.",
        subcommands: [Diff.self, CaseCommands.self, WaiverCommands.self])
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieReview.self) }
}
