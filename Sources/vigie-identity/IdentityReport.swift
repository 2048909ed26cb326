// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Identities
import TransparencyLog

/// Tells a job seeker who consulted their data (GDPR article 15).
struct IdentityReport: Verb {
    static var forms: Set<OutputFormat> { Set(OutputFormat.allCases) }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "report",
            abstract: LocalizedText(
                fr: "Dire à une personne qui a consulté ses données.",
                en: "Tell a person who consulted their data."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: VaultOptions
    @OptionGroup var journal: JournalOptions
    @OptionGroup var person: PersonOptions

    @Option(
        help: ArgumentHelp(
            fr: "La référence de la demande de la personne.",
            en: "The reference of the person's request."))
    var reference: String

    @OptionGroup var proofs: ProofOptions

    func perform(on console: Console) throws -> Verdict {
        let pseudonyms = try person.pseudonyms(
            in: options.open(), for: reference, recordedIn: journal, on: console)
        guard pseudonyms.allSatisfy({ $0.kind == .jobSeeker }) else {
            throw VaultError(.unknownPerson, pseudonyms[0].text)
        }
        return try console.publish(
            .jobSeeker, of: pseudonyms, case: reference, recordedIn: journal, proofs)
    }
}

/// Tells an employee what the log holds of their own accesses.
struct IdentityTrail: Verb {
    static var forms: Set<OutputFormat> { Set(OutputFormat.allCases) }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "trail",
            abstract: LocalizedText(
                fr: "Dire à un salarié ses propres accès, demandeurs d’emploi masqués.",
                en: "Tell an employee their own accesses, job seekers masked."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var journal: JournalOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le pseudonyme du salarié.",
            en: "The employee's pseudonym."))
    var pid: String

    @Option(
        help: ArgumentHelp(
            fr: "La référence de la demande du salarié.",
            en: "The reference of the employee's request."))
    var reference: String

    @OptionGroup var proofs: ProofOptions

    func perform(on console: Console) throws -> Verdict {
        guard let pseudonym = Pseudonym(pid), pseudonym.kind == .adviser else {
            throw VaultError(.unknownPerson, pid)
        }
        return try console.publish(
            .employee, of: [pseudonym], case: reference, recordedIn: journal, proofs)
    }
}

extension Console {
    /// Writes a trail, once its reading is in the log.
    fileprivate func publish(
        _ reader: AccessTrail.Reader, of pseudonyms: [Pseudonym], case reference: String,
        recordedIn options: JournalOptions, _ proofs: ProofOptions
    ) throws -> Verdict {
        let journal = try options.verified(on: self)
        var trail = try AccessTrail(
            of: Set(pseudonyms.map(\.text)), for: reader, in: journal.log)
        trail.hasProofs = proofs.proofs != nil
        // The entry first: nobody reads the log without a trace (CNIL 2021-122, rule R37).
        try options.record(
            EventDraft(
                "log.read",
                [.actorPID: .text(options.actor), .caseRef: .text(reference)]), on: self)
        try proofs.write(for: trail, of: options.log)
        switch format {
        case .json: try write(trail.json())
        case .html: try write(trail.html(in: language))
        case .table, .plain: try write(trail.text(in: language))
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "La lecture est au journal.", en: "The reading is in the log."),
            outputIsData: true)
    }
}
