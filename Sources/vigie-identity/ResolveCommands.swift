// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditEvents
import Conduct
import Cryptography
import Diagnostics
import Identities
import TransparencyLog

/// The three steps of a re-identification.
struct ResolveCommands: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "resolve",
            abstract: LocalizedText(
                fr: "Réidentifier\u{202F}: l’un demande, l’autre approuve, l’un ouvre.",
                en: "Re-identify: one asks, the other approves, one opens."),
            subcommands: [ResolveRequest.self, ResolveApprove.self, ResolveOpen.self])
    }
}

/// The custodian who acts, the case, and the reference of the request.
struct CaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: "Le dossier qui le justifie\u{202F}: CASE-…",
            en: "The case that justifies it: CASE-…"))
    var `case`: String

    @Option(
        help: ArgumentHelp(
            fr: "La référence de la demande, nouvelle à chaque fois.",
            en: "The reference of the request, new for each."))
    var reference: String

    @Option(
        help: ArgumentHelp(
            fr: "Le dépositaire qui agit\u{202F}: dpo ou cse.",
            en: "The custodian who acts: dpo or cse."))
    var custodian: CustodianSeat

    @Option(
        help: ArgumentHelp(
            fr: "Le fichier de la clé privée du dépositaire.",
            en: "The file of the custodian's private key."))
    var custodianKey: String

    /// The custodian, with the key.
    func present() throws -> Custodian {
        Custodian(
            custodian, key: try AgreementKey(try KeyText.custodian.read(custodianKey)))
    }

    /// An event of a type about this request.
    func draft(_ type: EventType) -> EventDraft {
        EventDraft(type.name, [.caseRef: .text(`case`), .reference: .text(reference)])
    }
}

/// Asks.
struct ResolveRequest: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "request",
            abstract: LocalizedText(
                fr: "Demander l’ouverture d’un pseudonyme, dans un dossier.",
                en: "Ask for a pseudonym to be opened, in a case."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var vault: VaultOptions
    @OptionGroup var journal: JournalOptions
    @OptionGroup var options: CaseOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le pseudonyme.",
            en: "The pseudonym."))
    var pid: String

    func perform(on console: Console) throws -> Verdict {
        guard let pseudonym = Pseudonym(pid) else { throw VaultError(.unknownPerson, pid) }
        let opened = try vault.open()
        let custodian = try options.present()
        try journal.verified(on: console).requireNominativeControl()
        try opened.request(pseudonym, reference: options.reference, by: custodian)
        var draft = options.draft(.pseudonymRequest)
        draft[.requester] = .text(journal.actor)
        try journal.record(draft, on: console)
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Demande consignée\u{202F}: l’autre dépositaire doit approuver.",
                en: "The request is recorded: the other custodian has to approve."))
    }
}

/// Approves.
struct ResolveApprove: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "approve",
            abstract: LocalizedText(
                fr: "Approuver la demande de l’autre dépositaire.",
                en: "Approve the other custodian's request."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var vault: VaultOptions
    @OptionGroup var journal: JournalOptions
    @OptionGroup var options: CaseOptions

    func perform(on console: Console) throws -> Verdict {
        let opened = try vault.open()
        let custodian = try options.present()
        let journal = try journal.verified(on: console)
        try journal.requireNominativeControl()
        let asked = journal.registry.pseudonymRequest(
            journal.find(options.reference), inCase: journal.find(options.case), journal.now)
        guard let asked else { throw IdentityRefusal(.notInLog, options.reference) }
        guard asked.party != journal.find(self.journal.actor) else {
            throw IdentityRefusal(.sameActor)
        }
        // The entry first: what is approved in the vault is in the log.
        var draft = options.draft(.pseudonymApprove)
        draft[.approver] = .text(self.journal.actor)
        _ = try opened.requested(options.reference)
        try self.journal.record(draft, on: console)
        try opened.approve(options.reference, by: custodian)
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Accord consigné\u{202F}: il vaut 72 heures.",
                en: "The approval is recorded: it is good for 72 hours."))
    }
}

/// Opens.
struct ResolveOpen: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "open",
            abstract: LocalizedText(
                fr: "Ouvrir le pseudonyme, dans les 72 heures de l’approbation.",
                en: "Open the pseudonym, within 72 hours of the approval."))
    }

    /// How long an approval is good for.
    static let milliseconds: Int64 = 72 * 3_600_000

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var vault: VaultOptions
    @OptionGroup var journal: JournalOptions
    @OptionGroup var options: CaseOptions

    func perform(on console: Console) throws -> Verdict {
        let opened = try vault.open()
        let custodian = try options.present()
        let journal = try journal.verified(on: console)
        try journal.requireNominativeControl()
        let reference = journal.find(options.reference)
        let caseID = journal.find(options.case)
        guard
            journal.registry.pseudonymRequest(reference, inCase: caseID, journal.now) != nil,
            let approval = journal.registry.pseudonymApproval(
                reference, inCase: caseID, journal.now)
        else { throw IdentityRefusal(.notInLog, options.reference) }
        guard WriterOptions.clock() - approval.moment.time <= Self.milliseconds else {
            throw IdentityRefusal(.tooLate, options.reference)
        }
        let (pid, identity) = try opened.open(options.reference, by: custodian) { _ in
            var draft = options.draft(.pseudonymResolve)
            draft[.actorPID] = .text(self.journal.actor)
            try self.journal.record(draft, on: console)
        }
        try console.write("\(pid.text)\t\(identity.identifier)\t\(identity.name)\n")
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Pseudonyme levé\u{202F}; l’acte est au journal.",
                en: "The pseudonym is opened; the act is in the log."),
            outputIsData: true)
    }
}
