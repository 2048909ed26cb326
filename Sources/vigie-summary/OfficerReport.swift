// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Diagnostics
import SummaryPages

/// Whom a report is for.
enum Audience: String, CaseIterable, ExpressibleByArgument {
    /// The data-protection officer.
    case dpo
    /// The works council: its figures are protected, which takes the log.
    case cse
}

/// Renders a saved run for the officer, computing nothing anew.
struct OfficerReport: Verb {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Render a saved run of the audit for its reader.",
        discussion: """
            The officer's report is a check list, with the rules that prove each line, the cases, \
            and the days. What the works council reads is protected figures: `vigie summary`.
            """)

    @OptionGroup var conduct: ConductOptions

    @Argument(help: "What `vigie audit --format json` wrote.") var run: String
    @Option(help: "Whom it is for: dpo; the council has `vigie summary`.")
    var audience: Audience = .dpo
    @Option(help: "The folder of policies, which says what rules were looked at.")
    var policies: String

    func perform(on console: Console) throws -> Verdict {
        guard audience == .dpo else {
            throw CommandError(
                code: .usage, fact: "the council's figures come from `vigie summary release`")
        }
        let bytes = try TextFile.read(run, byteCountMax: RunRecord.byteCountMax)
        guard let text = String(validating: bytes, as: UTF8.self),
            let record = RunRecord(parsing: text)
        else { throw CommandError(code: .notAReport, place: .file(run)) }
        let folder = try FolderReader.policySet(policies)
        let page = OfficerPage(record, rules: Set(folder.rules.keys), console.language)
        try console.write(console.format == .html ? page.html : page.text)
        let broken = page.brokenCount
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: points avec constats\u{202F}: \(broken) sur 32.",
                en: "Verdict: points with findings: \(broken) of 32."),
            outputIsData: console.format == .html)
    }
}
