// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Cedar
import CedarAnalysis
import Conduct
import Diagnostics
import Reporting

/// Says who could do something to a resource.
struct PolicyWho: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "who",
            abstract: LocalizedText(
                fr: """
                    Qui pourrait voir les données de cette personne\u{202F}: une réponse pour chacun \
                    de ceux qu’on connaît.
                    """,
                en: "Who could see this person's data: an answer for each who is known."),
            discussion: LocalizedText(
                fr: """
                    Ce qui n’est pas donné reste ouvert, et la réponse dit alors de quoi elle dépend. \
                    Avec un journal, les conseillers et l’état des choses sont ceux de ses entrées.
                    """,
                en: """
                    What is not given stays open, and the answer then says on what it depends. With a \
                    log, the advisers and how things stood are those of the log's entries.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: EntitlementOptions

    @Option(
        help: ArgumentHelp(
            fr: """
                De quoi, comme `Photo::\"1\"`\u{202F}; avec un journal, le pseudonyme de la personne, \
                seul ou ainsi.
                """,
            en: "Of what, as in 'Photo::\"1\"'; with a log, the person's pseudonym, alone or so."))
    var resource: String

    func perform(on console: Console) throws -> Verdict {
        let (log, damage) = try LogOutlook.open(options, on: console)
        if let damage { return damage }
        if let log {
            let person = LogOutlook.pseudonym(resource, of: "Person")
            let isKnown = log.knows(person: person)
            var report = EntitlementReport(
                isKnown ? log.actors(for: person) : [], by: .principal,
                log.input.policies, ConditionWords(glossary: FactGlossary.terms))
            report.masksActors = !log.outlook.namesActors
            return try console.publish(
                report, log, whereEmpty: isKnown ? .nothingSelected : .unknownPerson(person))
        }
        let setting = try options.setting()
        let uid = try DecisionOptions.entity(resource, of: "--resource")
        let answers = setting.entitlements.principals(for: uid, actions: setting.actions)
        return try console.publish(setting.report(answers, by: .principal), nil)
    }
}

/// Says what a principal could do, and to what.
struct PolicyWhat: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "what",
            abstract: LocalizedText(
                fr: """
                    Ce que ce conseiller pourrait voir\u{202F}: une réponse pour chaque chose qu’on \
                    connaît.
                    """,
                en: "What could this adviser see: an answer for each thing that is known."),
            discussion: LocalizedText(
                fr: """
                    Ce qui n’est pas donné reste ouvert, et la réponse dit alors de quoi elle dépend. \
                    Avec un journal, les personnes et l’état des choses sont ceux de ses entrées.
                    """,
                en: """
                    What is not given stays open, and the answer then says on what it depends. With a \
                    log, the persons and how things stood are those of the log's entries.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: EntitlementOptions

    @Option(
        help: ArgumentHelp(
            fr: """
                Qui, comme `User::\"alice\"`\u{202F}; avec un journal, le pseudonyme du conseiller, \
                seul ou ainsi.
                """,
            en: "Who, as in 'User::\"alice\"'; with a log, the adviser's pseudonym, alone or so."))
    var principal: String

    func perform(on console: Console) throws -> Verdict {
        let (log, damage) = try LogOutlook.open(options, on: console)
        if let damage { return damage }
        if let log {
            guard log.outlook.namesActors else { throw CommandError(code: .nominativeControl) }
            let pid = LogOutlook.pseudonym(principal, of: "Agent")
            let actor = log.outlook.actors.first { $0.pid.utf8.elementsEqual(pid.utf8) }
            let report = EntitlementReport(
                actor.map(log.persons) ?? [], by: .resource, log.input.policies,
                ConditionWords(glossary: FactGlossary.terms))
            return try console.publish(
                report, log, whereEmpty: actor == nil ? .unknownAgent(pid) : .nothingSelected)
        }
        let setting = try options.setting()
        let uid = try DecisionOptions.entity(principal, of: "--principal")
        let answers = setting.entitlements.resources(for: uid, actions: setting.actions)
        return try console.publish(setting.report(answers, by: .resource), nil)
    }
}

extension Verdict {
    /// There was nothing to answer: that is no answer "no".
    static let nothingSelected = Verdict(
        status: .incomplete,
        sentence: LocalizedText(
            fr: "Verdict\u{202F}: rien à répondre, aucune action ne s’applique à ces types.",
            en: "Verdict: nothing to answer, no action applies to these types."))

    /// Nobody of whom the log tells nothing is answered for: what is unknown is no "no".
    static func unknownPerson(_ pid: String) -> Verdict {
        let shown = VisibleText(pid).text
        return Verdict(
            status: .incomplete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: à cette date, le journal ne connaît aucune personne "
                    + "`\(shown)`\u{202F}: rien n’est répondu.",
                en: "Verdict: at that date the log knows no person `\(shown)`: nothing is answered."
            ))
    }

    static func unknownAgent(_ pid: String) -> Verdict {
        let shown = VisibleText(pid).text
        return Verdict(
            status: .incomplete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: à cette date, le journal ne connaît aucun agent "
                    + "`\(shown)`\u{202F}: rien n’est répondu.",
                en: "Verdict: at that date the log knows no agent `\(shown)`: nothing is answered.")
        )
    }
}

extension EntitlementOptions.Setting {
    /// The answers with equal ones together.
    func report(
        _ answers: [Entitlements.Answer], by subject: EntitlementReport.Subject
    ) -> EntitlementReport {
        // The terms are those of the facts that an audit gives to a policy set.
        let glossary = input.folder == nil ? [:] : FactGlossary.terms
        return EntitlementReport(
            answers, by: subject, input.policies, ConditionWords(glossary: glossary))
    }
}

extension Console {
    /// Writes the answers, and says how many there are of each sort.
    func publish(
        _ report: EntitlementReport, _ log: LogOutlook?, whereEmpty: Verdict = .nothingSelected
    ) throws -> Verdict {
        let status: ExitStatus = report.groups.isEmpty ? .incomplete : .complete
        if format == .json {
            let members = JSONNode.head(status) + (log?.members ?? []) + report.members
            try write(JSONNode.object(members).rendered())
        } else {
            let page = EntitlementPage(
                report: report, names: PolicyNames(language: language), isVerbose: isVerbose,
                showsPseudonyms: log != nil)
            let head = log.map { $0.premises[language] + "\n" } ?? ""
            try write(VisibleText(head + page.text, keepsLineFeeds: true).text)
        }
        guard !report.groups.isEmpty else { return whereEmpty }
        func count(_ decision: Decision?) -> Int {
            report.groups.filter { $0.response.decision == decision }
                .reduce(0) { $0 + $1.parties.count * $1.actions.count }
        }
        let (yes, open, no) = (count(.allow), count(nil), count(.deny))
        return Verdict(
            status: status,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: \(yes) oui, \(open) selon conditions, \(no) non.",
                en: "Verdict: \(yes) yes, \(open) depending on conditions, \(no) no."))
    }
}
