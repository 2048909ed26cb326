// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Reporting
import Reviewing

/// The verbs about cases.
struct CaseCommands: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "case",
            abstract: LocalizedText(
                fr: """
                    Instruire les constats\u{202F}: chaque étape d’un dossier est une entrée du \
                    journal.
                    """,
                en: "Review findings: each step of a case is an entry of the log."),
            discussion: LocalizedText(
                fr: """
                    Un dossier réunit les constats d’un acteur, d’une semaine et d’une famille de \
                    règles. Il passe de nouveau à expliqué, ou à instruire, affecté, conseiller \
                    entendu, confirmé ou écarté, corrigé, clos.
                    """,
                en: """
                    A case groups the findings of one actor, one week and one family of rules. It goes \
                    from new to explained, or to review, assigned, adviser heard, confirmed or \
                    dismissed, corrected, closed.
                    """),
            subcommands: [
                CaseList.self, CaseShow.self, CaseRaise.self, CaseExplain.self, CaseAssign.self,
                CaseHear.self, CaseConfirm.self, CaseDismiss.self, CaseCorrect.self, CaseClose.self,
            ])
    }
}

/// Lists the cases of a log.
struct CaseList: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: LocalizedText(
                fr: "Lister les dossiers, et la précision de chaque règle.",
                en: "List the cases, and the precision of each rule."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: LogOptions
    @OptionGroup var policies: ReviewPolicies
    @OptionGroup var reading: ReadingOptions

    @Option(
        help: ArgumentHelp(
            fr: """
                Seulement les dossiers dans cet état, plusieurs fois au besoin\u{202F}: new, \
                to_review, explained, assigned, heard, confirmed, dismissed, corrected, closed.
                """,
            en: """
                Only cases in this state, several times if need be: new, to_review, explained, \
                assigned, heard, confirmed, dismissed, corrected, closed.
                """),
        transform: { text in
            guard let state = CaseState(rawValue: text) else {
                throw UsageError(fr: "état inconnu `\(text)`", en: "no such state: \(text)")
            }
            return state
        })
    var state: [CaseState] = []

    func perform(on console: Console) throws -> Verdict {
        let reviewed = try ReviewedLog(options, policies, readBy: reading, on: console)
        let states = Set(state.isEmpty ? CaseState.allCases : state)
        if console.format == .json {
            try console.write(reviewed.register.json(states).rendered())
        } else {
            try console.write(reviewed.register.table(states, in: console.language))
        }
        let cases = reviewed.register.cases
        let count = cases.count
        let open = cases.count { $0.state != .closed }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: dossiers \(count), dont ouverts \(open).",
                en: "Verdict: cases \(count), of which open \(open)."))
    }
}

/// Shows one case.
struct CaseShow: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show",
            abstract: LocalizedText(
                fr: "Montrer un dossier\u{202F}: ses constats et ses étapes.",
                en: "Show one case: its findings and its steps."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: LogOptions
    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier, tel que `vigie case list` le nomme.",
            en: "The case, as `vigie case list` names it."))
    var caseID: String
    @OptionGroup var policies: ReviewPolicies
    @OptionGroup var reading: ReadingOptions

    func perform(on console: Console) throws -> Verdict {
        let reviewed = try ReviewedLog(options, policies, readBy: reading, on: console)
        let item = try reviewed.register.find(caseID)
        if console.format == .json {
            try console.write(JSONNode(item).rendered())
        } else {
            try console.write(item.page(in: console.language))
        }
        let state = item.state.text
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: dossier \(item.id), \(state.french).",
                en: "Verdict: case \(item.id), \(state.english)."))
    }
}
