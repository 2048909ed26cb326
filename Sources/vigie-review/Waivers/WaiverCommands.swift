// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Diagnostics
import LogStorage
import Reporting
import Reviewing
import TransparencyLog

/// The verbs about waivers.
struct WaiverCommands: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "waiver",
            abstract: LocalizedText(
                fr: """
                    Accorder, révoquer, clore et lister les dérogations, qui sont toutes des entrées \
                    du journal.
                    """,
                en: "Grant, revoke, close and list waivers: entries of the log, all of them."),
            discussion: LocalizedText(
                fr: """
                    Une dérogation ne supprime rien\u{202F}: un constat couvert reste dans tout \
                    rapport, marqué. Elle a une portée, un motif, un responsable, un autre \
                    approbateur, et un terme dans les 90 jours.
                    """,
                en: """
                    A waiver deletes nothing: a covered finding stays in every report, marked. It has \
                    a scope, a reason, an owner, another approver, and an end within 90 days.
                    """),
            subcommands: [
                WaiverGrant.self, WaiverRevoke.self, WaiverExpire.self, WaiverList.self,
            ])
    }
}

/// Grants a waiver.
struct WaiverGrant: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "grant",
            abstract: LocalizedText(
                fr: "Accorder une dérogation pour certains constats d’une règle.",
                en: "Grant a waiver for some findings of one rule."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions

    @Option(
        help: ArgumentHelp(
            fr: "La règle, comme R15.",
            en: "The rule, as R15."))
    var rule: String
    @Option(
        help: ArgumentHelp(
            fr: """
                Ce qu’elle couvre de la règle, plusieurs fois au besoin\u{202F}: `region:75`, \
                `adviser:A…`, `person:P…`, `policy:R07-contact`, `finding:R15-1042`.
                """,
            en: """
                What of the rule it covers, several times if need be: region:75, adviser:A…, \
                person:P…, policy:R07-contact, finding:R15-1042.
                """))
    var scope: [String] = []
    @Option(
        help: ArgumentHelp(
            fr: "Le motif, un code.",
            en: "The reason, a code."))
    var reason: String
    @Option(
        help: ArgumentHelp(
            fr: "Le pseudonyme de qui en répond.",
            en: "The pseudonym of who answers for it."))
    var owner: String
    @Option(
        help: ArgumentHelp(
            fr: "Le pseudonyme de qui l’accorde\u{202F}; non le responsable.",
            en: "The pseudonym of who grants it; not the owner."))
    var approver: String
    @Option(
        help: ArgumentHelp(
            fr: "Le premier jour ou instant\u{202F}; maintenant par défaut.",
            en: "The first day or instant; now by default."))
    var from: String?
    @Option(
        help: ArgumentHelp(
            fr: "Le jour ou l’instant où elle prend fin, dans les 90 jours.",
            en: "The day or instant that ends it, within 90 days."))
    var until: String

    @Option(
        help: ArgumentHelp(
            fr: """
                Un dossier de politiques qui a la règle, à côté des copies que garde le \
                journal\u{202F}; plusieurs fois au besoin.
                """,
            en: """
                A folder of policies that has the rule, beside the copies that the log keeps; may \
                be given several times.
                """))
    var policies: [String] = []

    @Flag(
        help: ArgumentHelp(
            fr: "Contrôler la dérogation, et ne rien consigner.",
            en: "Check the waiver, and record nothing."))
    var dryRun = false

    func perform(on console: Console) throws -> Verdict {
        let now = WriterOptions.clock()
        try requireRule()
        let waiver = Waiver(
            rule: rule, scope: scope, reason: reason, owner: owner, approver: approver,
            validFrom: try from.map { try ReportOptions.instant($0, of: "--from") } ?? now,
            validUntil: try ReportOptions.instant(until, of: "--until"))
        try check(waiver, now)
        var draft = EventDraft("waiver.grant")
        draft[.rule] = .text(rule)
        draft[.scope] = .texts(scope)
        draft[.reasonCode] = .text(reason)
        draft[.owner] = .text(owner)
        draft[.approver] = .text(approver)
        draft[.validFrom] = .instant(waiver.validFrom)
        draft[.validUntil] = .instant(waiver.validUntil)
        return try WaiverWriter(writer, dryRun).record(draft, about: rule, on: console)
    }

    /// Refuses a rule that no policy set has: nothing would ever be covered.
    private func requireRule() throws {
        let sets = try ReviewPolicies.folders(policies, keptBy: WriterOptions.trimmed(writer.log))
        let rules = RuleNames(of: sets)
        guard !rules.contains(rule) else { return }
        let nearest = rules.nearest(to: rule).joined(separator: ", ")
        throw ReviewError(
            .noSuchRule, rule,
            sets.isEmpty
                ? LocalizedText(
                    fr: "le journal ne garde copie d’aucun jeu de règles",
                    en: "the log keeps a copy of no policy set")
                : LocalizedText(fr: "les plus proches sont \(nearest)", en: "nearest: \(nearest)"))
    }

    /// Refuses what would cover nothing, or everything.
    private func check(_ waiver: Waiver, _ now: Int64) throws {
        var faults = waiver.faults.map(\.text)
        if scope.isEmpty {
            faults.append(
                LocalizedText(fr: "la règle entière, sans portée", en: "the whole rule, no scope"))
        }
        if waiver.validUntil <= now {
            faults.append(LocalizedText(fr: "déjà à son terme", en: "over already"))
        }
        guard !faults.isEmpty else { return }
        throw ReviewError(
            .invalidWaiver, rule,
            LocalizedText(
                fr: faults.map(\.french).joined(separator: ", "),
                en: faults.map(\.english).joined(separator: ", ")))
    }
}

/// Revokes a waiver before its end.
struct WaiverRevoke: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "revoke",
            abstract: LocalizedText(
                fr: "Mettre fin à une dérogation maintenant.",
                en: "End a waiver now."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions
    @Argument(
        help: ArgumentHelp(
            fr: "La dérogation, telle que `vigie waiver list` la nomme.",
            en: "The waiver, as `vigie waiver list` names it."))
    var waiver: String
    @Option(
        help: ArgumentHelp(
            fr: "Le motif, un code.",
            en: "The reason, a code."))
    var reason: String
    @Flag(
        help: ArgumentHelp(
            fr: "Contrôler la dérogation, et ne rien consigner.",
            en: "Check the waiver, and record nothing."))
    var dryRun = false

    func perform(on console: Console) throws -> Verdict {
        let key = try writer.verificationKey(on: console)
        let log = try ReviewedLog.verified(WriterOptions.trimmed(writer.log), key: key)
        let found = try Waiver.granted(in: log.entries).first {
            $0.id.utf8.elementsEqual(waiver.utf8) && !$0.isClosed
        }
        guard let found else { throw ReviewError(.noSuchWaiver, waiver) }
        var draft = EventDraft("waiver.revoke")
        draft[.rule] = .text(found.rule)
        draft[.correlates] = .text(found.id)
        draft[.reasonCode] = .text(reason)
        return try WaiverWriter(writer, dryRun).record(draft, about: found.id, on: console)
    }
}

/// Closes the waivers that have come to their end.
struct WaiverExpire: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "expire",
            abstract: LocalizedText(
                fr: "Consigner que les dérogations venues à leur terme sont closes.",
                en: "Record that the waivers whose end has come are closed."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions
    @Flag(
        help: ArgumentHelp(
            fr: "Dire lesquelles, et ne rien consigner.",
            en: "Say which they are, and record nothing."))
    var dryRun = false

    func perform(on console: Console) throws -> Verdict {
        let key = try writer.verificationKey(on: console)
        let log = try ReviewedLog.verified(WriterOptions.trimmed(writer.log), key: key)
        let now = WriterOptions.clock()
        let over = try Waiver.granted(in: log.entries).filter {
            !$0.isClosed && $0.period.upperBound <= now
        }
        let recorder = EntryRecorder(writer, isDryRun: dryRun, console)
        _ = try recorder.append(
            over.map { waiver in
                var draft = EventDraft("waiver.expire")
                draft[.rule] = .text(waiver.rule)
                draft[.correlates] = .text(waiver.id)
                return draft
            })
        try recorder.publish([("expired", .array(over.map { .string($0.id) }))])
        if console.format != .json {
            for waiver in over { try console.write(VisibleText(waiver.id).text + "\n") }
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: dérogations à leur terme\u{202F}: \(over.count).",
                en: "Verdict: waivers at their end: \(over.count)."))
    }
}

/// Records one entry about a waiver.
struct WaiverWriter {
    let writer: WriterOptions
    let isDryRun: Bool

    init(_ writer: WriterOptions, _ isDryRun: Bool) {
        (self.writer, self.isDryRun) = (writer, isDryRun)
    }

    /// Records it, and says under which identifier.
    func record(
        _ draft: EventDraft, about subject: String, on console: Console
    ) throws -> Verdict {
        let recorder = EntryRecorder(writer, isDryRun: isDryRun, console)
        let index = try recorder.append([draft])
        try recorder.publish([
            ("type", .string(draft.type)), ("entry_index", EntryRecorder.node(index)),
        ])
        let entry = EntryRecorder.text(index)
        let said =
            draft.type == "waiver.grant"
            ? LocalizedText(
                fr: "dérogation à la règle \(subject) accordée", en: "waiver of \(subject) granted")
            : LocalizedText(
                fr: "dérogation \(subject) révoquée", en: "waiver \(subject) revoked")
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: \(said.french), entrée \(entry).",
                en: "Verdict: \(said.english), entry \(entry)."))
    }
}
