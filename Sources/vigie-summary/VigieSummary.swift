// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Disclosure

/// The verbs about summaries.
struct VigieSummary: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "vigie-summary",
            abstract: LocalizedText(
                fr: "Des synthèses pour le CSE, qui ne révèlent personne.",
                en: "Summaries for the works council that reveal nobody."),
            subcommands: [
                SummaryMenu.self,
                SummaryRequest.self,
                SummaryCompute.self,
                SummaryRelease.self,
                SummaryCorrect.self,
                SummaryRefuse.self,
                SummaryRows.self,
                SummaryVerify.self,
                OfficerReport.self,
            ])
    }
}

/// Says what may be asked.
struct SummaryMenu: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "menu",
            abstract: LocalizedText(
                fr: "Dire quels tableaux, périodes et périmètres il y a.",
                en: "Say which tables, periods and perimeters there are."))
    }

    @OptionGroup var conduct: ConductOptions

    func perform(on console: Console) throws -> Verdict {
        let menu = TableMenu(
            try Perimeter(parsing: "all"), try ReportingPeriod(parsing: "2026-Q4"), places: [])
        for id in TableMenu.tables {
            try console.write("\(id): \(menu.table(id).title[console.language])\n")
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: """
                    Périodes\u{202F}: 2026-10, 2026-W41, 2026-Q4, 2026-10..2027-03. Périmètres\u{202F}: \
                    `all`, `region:CODE`.
                    """,
                en: """
                    Periods: 2026-10, 2026-W41, 2026-Q4, 2026-10..2027-03. Perimeters: `all`, \
                    `region:CODE`.
                    """))
    }
}

/// The process.
@main
enum Program {
    static func main() { Runner.main(VigieSummary.self) }
}
