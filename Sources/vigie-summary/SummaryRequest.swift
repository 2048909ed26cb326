// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Cedar
import Conduct
import Diagnostics
import Disclosure
import LogStorage
import TransparencyLog

/// Records that a body asks for a summary, if the policies let it ask.
struct SummaryRequest: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "request",
            abstract: LocalizedText(
                fr: "Demander une synthèse\u{202F}; les politiques disent qui le peut.",
                en: "Ask for a summary; the policies say who may."),
            discussion: LocalizedText(
                fr: """
                    La demande et son refus sont l’une et l’autre des entrées du journal. Un CSE \
                    régional peut demander sa région, le CSE central tout\u{202F}: ce sont les \
                    politiques qui le disent, non ce programme.
                    """,
                en: """
                    Both the request and its refusal are entries of the log. A regional council may \
                    ask for its region, the central one for all: the policies say so, not this \
                    program.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions
    @OptionGroup var scope: ScopeOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le pseudonyme du demandeur.",
            en: "The pseudonym of who asks."))
    var requester: String
    @Option(
        help: ArgumentHelp(
            fr: "Son rôle, comme CSE_ELU, CSEC_ELU, CSE_EXPERT ou DPO.",
            en: "Their role, as CSE_ELU, CSEC_ELU, CSE_EXPERT or DPO."))
    var role: String
    @Option(
        help: ArgumentHelp(
            fr: "Les tableaux, séparés par des virgules\u{202F}; tous par défaut.",
            en: "The tables, with commas between; all that there are by default."))
    var tables: String?

    func perform(on console: Console) throws -> Verdict {
        let (perimeter, period) = (try scope.asked(), try scope.when())
        let asked = try RequestRecord.tables(tables, of: perimeter, in: period)
        let folder = try FolderReader.policySet(scope.policies)
        let mandate = try Mandate(
            of: requester, as: role, at: WriterOptions.clock(),
            in: writer.verified(on: console).entries)
        let response = mandate.decide(
            "summary.request", perimeter, by: requester, as: role, folder)
        let appender = try writer.open(on: console)
        let reference = "SUM-\(appender.size)"
        var draft = EventDraft("summary.request")
        draft[.perimeter] = .text(perimeter.text)
        draft[.tableSpec] = .text("\(period.text) \(asked.joined(separator: ","))")
        draft[.requester] = .text(requester)
        draft[.actorPID] = .text(requester)
        draft[.actorRole] = .text(role)
        draft[.reference] = .text(reference)
        draft[.decisionEffect] = .text(response.decision.rawValue)
        draft[.decisionPolicyVersion] = .digest(folder.version)
        try appender.record(draft)
        guard response.decision == .allow else {
            var refusal = EventDraft("summary.refuse")
            refusal[.perimeter] = .text(perimeter.text)
            refusal[.reasonCode] = .text("not-permitted")
            refusal[.reference] = .text(reference)
            try appender.record(refusal)
            _ = try appender.sign()
            return Verdict(
                status: .noPermission,
                sentence: LocalizedText(
                    fr:
                        "Verdict\u{202F}: demande \(reference) refusée\u{202F}: aucune politique ne la permet.",
                    en: "Verdict: request \(reference) refused: no policy permits it."))
        }
        _ = try appender.sign()
        try console.write(reference + "\n")
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: demande \(reference) enregistrée.",
                en: "Verdict: request \(reference) recorded."))
    }
}

/// A request as the log records it.
struct RequestRecord {
    var reference: String
    var requester: String
    var role: String
    var perimeter: Perimeter
    var period: ReportingPeriod
    var tables: [String]
    var isPermitted: Bool

    /// The tables of a list with commas, each one of the menu.
    static func tables(
        _ list: String?, of perimeter: Perimeter, in period: ReportingPeriod
    ) throws(DisclosureError) -> [String] {
        guard let list else { return TableMenu.tables(of: perimeter, in: period) }
        let names = list.split(separator: ",").map(String.init)
        for name in names where !TableMenu.tables.contains(name) {
            throw DisclosureError(.unknownTable, name)
        }
        guard !names.isEmpty else { throw DisclosureError(.unknownTable, list) }
        return TableMenu.tables.filter { names.contains($0) }
    }

    /// Reads the entry that records a request; nil if it is not as this program writes it.
    init?(_ entry: borrowing EntryView) {
        guard let reference = entry.string(.reference), let requester = entry.string(.requester),
            let perimeter = entry.string(.perimeter), let spec = entry.string(.tableSpec)
        else { return nil }
        let words = spec.split(separator: " ").map(String.init)
        guard words.count == 2, let perimeter = try? Perimeter(parsing: perimeter),
            let period = try? ReportingPeriod(parsing: words[0]),
            let tables = try? Self.tables(words[1], of: perimeter, in: period)
        else { return nil }
        self.reference = reference
        self.requester = requester
        role = entry.string(.actorRole) ?? "?"
        self.perimeter = perimeter
        self.period = period
        self.tables = tables
        isPermitted = entry.string(.decisionEffect) == "allow"
    }
}
