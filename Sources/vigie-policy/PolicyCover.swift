// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Cedar
import CedarAnalysis
import Conduct
import Diagnostics
import Reporting

/// Says which policies and conditions ever decided, over the cases of a set or over a log.
struct PolicyCover: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "coverage",
            abstract: LocalizedText(
                fr: "Quelles politiques et quelles conditions ont jamais décidé.",
                en: "Which policies and which conditions were ever decisive."),
            discussion: LocalizedText(
                fr: """
                    Une politique ou une condition décide d’une demande si la décision serait l’autre, \
                    elle seule changée. 0\u{202F}: chacune a décidé, vraie et fausse. 1\u{202F}: l’une \
                    jamais.
                    """,
                en: """
                    A policy or a condition is decisive of a request if the decision would be the \
                    other one, had it alone been otherwise. 0: each was, true and false. 1: some never \
                    was.
                    """))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier de l’ensemble de politiques.",
            en: "The folder of the policy set."))
    var folder: String

    @Option(
        help: ArgumentHelp(
            fr: "Un journal\u{202F}: on regarde ses accès et ses actes à la place des cas.",
            en: "A log: its accesses and acts are looked at in place of the cases."))
    var log: String?

    @Option(
        help: ArgumentHelp(
            fr: "La clé de vérification du journal, ou @FICHIER qui la contient.",
            en: "The verification key of the log, or @FILE that holds it."))
    var key: String?

    func validate() throws {
        guard (log == nil) == (key == nil) else {
            throw UsageError.together("--log", "--key")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        let archive = try FolderReader.policyArchive(folder)
        let set = try PolicySetFolder(archive)
        var coverage = PolicyCoverage(set.policySet)
        if let damage = try look(set, archive, &coverage, console) { return damage }
        let report = CoverageReport(coverage: coverage)
        if console.format == .json {
            let members = JSONNode.head(report.status) + report.members
            try console.write(JSONNode.object(members).rendered())
        } else {
            let text = report.text(in: console.language, isVerbose: console.isVerbose)
            try console.write(VisibleText(text, keepsLineFeeds: true).text)
        }
        return Verdict(status: report.status, sentence: report.sentence)
    }

    /// Looks at the cases, or at the log.
    ///
    /// - Returns: The verdict, with the damage published, if the log is not intact.
    private func look(
        _ set: PolicySetFolder, _ archive: PolicyArchive, _ coverage: inout PolicyCoverage,
        _ console: Console
    ) throws -> Verdict? {
        guard let path = log, let key else {
            for test in try PolicyCase.cases(in: archive) {
                coverage.add(test.request, set.entities)
            }
            return nil
        }
        let (log, damage) = try LogUnderAudit.open(path, key, on: console)
        guard let log else { return damage }
        try LoggedRequests.each(of: log, under: set) { coverage.add($0.request, set.entities) }
        return nil
    }
}

/// What was decisive, for people and for programs.
struct CoverageReport {
    let coverage: PolicyCoverage

    /// The conditions of a policy that did not decide with each of their truth values.
    private static func gaps(_ line: PolicyCoverage.Line) -> [PolicyCoverage.Condition] {
        line.conditions.filter { !$0.isCovered }
    }

    private static func isCovered(_ line: PolicyCoverage.Line) -> Bool {
        line.decidedByHolding && gaps(line).isEmpty
    }

    var status: ExitStatus {
        if coverage.requestCount == 0 { return .incomplete }
        return coverage.lines.allSatisfy(Self.isCovered) ? .complete : .findings
    }

    var sentence: LocalizedText {
        let (count, requests) = (coverage.lines.count, coverage.requestCount)
        let policies = coverage.lines.count(where: \.decidedByHolding)
        let conditions = coverage.lines.flatMap(\.conditions)
        let covered = conditions.count(where: \.isCovered)
        return LocalizedText(
            fr:
                "Verdict\u{202F}: sur \(requests) demande(s), \(policies) politique(s) sur \(count) et "
                + "\(covered) condition(s) sur \(conditions.count) ont été décisives.",
            en: "Verdict: over \(requests) request(s), \(policies) of \(count) policies and "
                + "\(covered) of \(conditions.count) conditions were decisive.")
    }

    func text(in language: Language, isVerbose: Bool) -> String {
        let names = PolicyNames(language: language)
        var text = ""
        for line in coverage.lines where isVerbose || !Self.isCovered(line) {
            text += "\(names.place(line.policy))\(names.colon) \(names.effect(line.policy.effect)) "
            text += "\(names.name(line.policy))\(names.colon) \(summary(line, names))\n"
            for condition in isVerbose ? line.conditions : Self.gaps(line) {
                let code = line.policy.text(at: condition.span)
                    .split(whereSeparator: \.isWhitespace).joined(separator: " ")
                text += "  – `\(code)`\(names.colon) \(summary(condition, names))\n"
            }
        }
        return text
    }

    private func summary(_ line: PolicyCoverage.Line, _ names: PolicyNames) -> String {
        if line.decidedByHolding { return names.say("décisive", "decisive") }
        if line.determined {
            return names.say(
                "s’est appliquée, jamais seule à décider", "applied, never alone to decide")
        }
        if line.held {
            return names.say(
                "a tenu, toujours écartée par une interdiction",
                "held, always overruled by a forbid")
        }
        return line.failed
            ? names.say("jamais appliquée, en erreur", "never applied, and failed")
            : names.say("jamais appliquée", "never applied")
    }

    private func summary(_ condition: PolicyCoverage.Condition, _ names: PolicyNames) -> String {
        func word(_ seen: Bool, _ decided: Bool, _ french: String, _ english: String) -> String {
            if decided { return names.say("décisive \(french)", "decisive \(english)") }
            return seen
                ? names.say("jamais décisive \(french)", "never decisive \(english)")
                : names.say("jamais \(french)", "never \(english)")
        }
        return word(condition.wasTrue, condition.decidedTrue, "vraie", "true") + ", "
            + word(condition.wasFalse, condition.decidedFalse, "fausse", "false")
    }

    /// The document's own members.
    var members: [(String, JSONNode)] {
        [
            ("requests", .integer(Int64(coverage.requestCount))),
            ("policies", .array(coverage.lines.map(Self.node))),
        ]
    }

    private static func node(_ line: PolicyCoverage.Line) -> JSONNode {
        let conditions = line.conditions.map { condition -> JSONNode in
            let place = line.policy.source.position(of: condition.span.lower)
            return .object([
                ("text", .string(line.policy.text(at: condition.span))),
                ("line", .integer(Int64(place.line))), ("column", .integer(Int64(place.column))),
                ("was_true", .boolean(condition.wasTrue)),
                ("was_false", .boolean(condition.wasFalse)),
                ("decisive_true", .boolean(condition.decidedTrue)),
                ("decisive_false", .boolean(condition.decidedFalse)),
            ])
        }
        return .object([
            ("policy", .string(line.policy.id)), ("effect", .string(line.policy.effect.rawValue)),
            ("file", .string(line.policy.source.file)), ("held", .boolean(line.held)),
            ("determined", .boolean(line.determined)),
            ("decisive", .boolean(line.decidedByHolding)), ("failed", .boolean(line.failed)),
            ("conditions", .array(conditions)),
        ])
    }
}
