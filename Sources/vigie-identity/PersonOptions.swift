// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditEvents
import Conduct
import Cryptography
import Identities
import TransparencyLog

/// The job seeker or employee that a command is about.
struct PersonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: "Le pseudonyme\u{202F}; sinon l’identifiant est lu sur l’entrée standard.",
            en: "The pseudonym; else the identifier is read from standard input."))
    var pid: String?

    @Option(
        help: ArgumentHelp(
            fr: "Avec un identifiant\u{202F}: adviser ou jobseeker.",
            en: "With an identifier: adviser or jobseeker."))
    var kind: PersonKind = .jobSeeker

    @Option(
        help: ArgumentHelp(
            fr: """
                Avec un identifiant\u{202F}: les périodes où chercher\u{202F}; plusieurs fois au \
                besoin.
                """,
            en: "With an identifier: the periods to look in; may be given several times."))
    var period: [String] = []

    /// The person's pseudonyms, one at least.
    ///
    /// Whether an identifier is known, and under which pseudonym, is told once the log holds that it
    /// was asked: of a person who is unknown too.
    ///
    /// - Throws: ``IdentityRefusal``, or ``Identities/VaultError/Code/unknownPerson``.
    func pseudonyms(
        in vault: IdentityVault, for reference: String, recordedIn journal: JournalOptions,
        on console: Console
    ) throws -> [Pseudonym] {
        if let pid {
            guard let pseudonym = Pseudonym(pid) else { throw VaultError(.unknownPerson, pid) }
            return [pseudonym]
        }
        let text = String(
            decoding: try TextFile.read("/dev/stdin", byteCountMax: 1 << 12), as: UTF8.self)
        guard let identifier = text.split(whereSeparator: \.isNewline).first, !period.isEmpty
        else { throw IdentityRefusal(.nobody) }
        // The same trimming as when the person was enrolled.
        let name = try PersonIdentity(identifier: String(identifier), name: "-").identifier
        let found = try period.compactMap {
            try vault.knownPseudonym(of: name, kind, period: $0)
        }
        try journal.record(.lookup(found, count: 1, by: journal.actor, for: reference), on: console)
        guard !found.isEmpty else { throw VaultError(.unknownPerson) }
        return found
    }
}

extension EventDraft {
    /// An entry that says that identifiers were looked up.
    ///
    /// It never names an identifier. A single pseudonym is named, so that what was asked about somebody
    /// can be found; of more it holds the hash, which only fits the answer that was given.
    ///
    /// - Parameters:
    ///   - answer: The pseudonyms that are to be told, in their order.
    ///   - count: How many identifiers were asked for.
    ///   - actor: Who asks.
    ///   - reference: Why: a request, a decision or a batch.
    /// - Returns: The entry, to be recorded.
    static func lookup(
        _ answer: [Pseudonym], count: Int, by actor: String, for reference: String
    ) -> EventDraft {
        let lines = answer.map { $0.text + "\n" }.joined()
        var draft = EventDraft(EventType.pseudonymLookup.name)
        draft[.actorPID] = .text(actor)
        draft[.reference] = .text(reference)
        draft[.count] = .integer(Int64(count))
        draft[.documentHash] = .digest(SHA256Hasher().hash(Array(lines.utf8)))
        if answer.count == 1 { draft[.subjectPID] = .text(answer[0].text) }
        return draft
    }
}
