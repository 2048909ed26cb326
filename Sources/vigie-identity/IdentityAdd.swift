// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Identities
import TransparencyLog

/// Gives persons their pseudonyms.
struct IdentityAdd: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "add",
            abstract: LocalizedText(
                fr: "Donner leurs pseudonymes à des personnes, une par ligne.",
                en: "Give persons their pseudonyms, one a line."),
            discussion: LocalizedText(
                fr: """
                    L’entrée standard porte sur chaque ligne un identifiant, une tabulation et un nom. \
                    La sortie standard porte les pseudonymes dans le même ordre. Qui en a déjà un le \
                    garde\u{202F}: la commande dit donc aussi sous quel pseudonyme quelqu’un est \
                    connu, et elle le consigne au journal avant de le dire.
                    """,
                en: """
                    Standard input has on each line an identifier, a tab and a name. Standard output \
                    has the pseudonyms in the same order. A person who has one keeps it: so it also \
                    tells under which pseudonym somebody is known, and is an entry of the log before \
                    it tells.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: VaultOptions
    @OptionGroup var journal: JournalOptions

    @Option(
        help: ArgumentHelp(
            fr: "adviser (conseiller) ou jobseeker (demandeur d’emploi).",
            en: "adviser or jobseeker."))
    var kind: PersonKind

    @Option(
        help: ArgumentHelp(
            fr: "Le nom de la période pour laquelle valent les pseudonymes.",
            en: "The label of the period that the pseudonyms are for."))
    var period: String

    @Option(
        help: ArgumentHelp(
            fr: "La référence du lot, de la demande ou de la décision qui les réclame.",
            en: "The reference of the batch, request or decision that asks for them."))
    var reference: String

    func perform(on console: Console) throws -> Verdict {
        let vault = try options.open()
        let text = String(
            decoding: try TextFile.read("/dev/stdin", byteCountMax: 1 << 28), as: UTF8.self)
        var persons: [PersonIdentity] = []
        for (number, line) in text.split(separator: "\n").enumerated() {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard cells.count == 2,
                let person = try? PersonIdentity(
                    identifier: String(cells[0]), name: String(cells[1]))
            else { throw IdentityRefusal(.badLine, "\(number + 1)") }
            persons.append(person)
        }
        let given = try persons.map { try vault.pseudonym(of: $0, kind, period: period) }
        try journal.record(
            .lookup(given, count: persons.count, by: journal.actor, for: reference), on: console)
        try console.write(given.map { $0.text + "\n" }.joined())
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Pseudonymes donnés\u{202F}: \(persons.count).",
                en: "Pseudonyms given: \(persons.count)."),
            outputIsData: true)
    }
}
