// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct

/// The command-line tool: the root of its verbs.
struct Vigie: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vigie",
        abstract: "Verify, replay and explain the accesses that an audit log records.",
        discussion: "`vigie help exit-codes` prints the exit codes.",
        subcommands: [
            Verify.self,
            Audit.self,
            Explain.self,
            PolicyCompanion.self,
            SampleCompanion.self,
            LogCompanion.self,
            KeysCompanion.self,
            ProveCompanion.self,
            IdentityCompanion.self,
            WitnessCompanion.self,
            MonitorCompanion.self,
            SummaryCompanion.self,
            CaseCompanion.self,
            WaiverCompanion.self,
            DiffCompanion.self,
            NightlyCompanion.self,
            DoctorCompanion.self,
            ReportCompanion.self,
            Completion.self,
            ExitCodes.self,
        ])
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(Vigie.self) }
}
