// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Reporting

/// The command-line tool: the root of its verbs.
struct Vigie: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "vigie",
            abstract: LocalizedText(
                fr: "Vérifier, rejouer et expliquer les accès que consigne un journal d’audit.",
                en: "Verify, replay and explain the accesses that an audit log records."),
            discussion: LocalizedText(
                fr: "`vigie help exit-codes` montre les codes de fin.",
                en: "`vigie help exit-codes` prints the exit codes."),
            version: "\(Product.name) \(Product.version)",
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
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(Vigie.self) }
}
