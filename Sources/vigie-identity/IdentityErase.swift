// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Identities
import TransparencyLog

/// Erases a person (GDPR article 17).
struct IdentityErase: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "erase",
            abstract: LocalizedText(
                fr: "Détruire la clé et la fiche d’une personne, et le consigner au journal.",
                en: "Destroy a person's key and record, and say so in the log."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: VaultOptions
    @OptionGroup var journal: JournalOptions
    @OptionGroup var person: PersonOptions

    @Option(
        help: ArgumentHelp(
            fr: "La référence de la demande ou de la décision.",
            en: "The reference of the request or decision."))
    var reference: String

    @Flag(
        help: ArgumentHelp(
            fr: "Dire qui serait effacé, et n’effacer personne.",
            en: "Say whom it would erase, and erase nobody."))
    var dryRun = false

    func perform(on console: Console) throws -> Verdict {
        let vault = try options.open()
        let pseudonyms = try person.pseudonyms(
            in: vault, for: reference, recordedIn: journal, on: console)
        if dryRun {
            for pid in pseudonyms { try console.write(pid.text + "\n") }
            return Verdict(
                status: .complete,
                sentence: LocalizedText(
                    fr: "Rien n’a été effacé (essai).", en: "Nothing was erased (dry run)."),
                outputIsData: true)
        }
        // The entries first: a record that outlives its entry is found, and erased, by a later run;
        // a record that is gone without an entry would look like a theft.
        for pid in pseudonyms {
            try journal.record(
                EventDraft(
                    "erasure.perform",
                    [
                        .subjectPID: .text(pid.text), .reference: .text(reference),
                        .actorPID: .text(journal.actor),
                    ]), on: console)
        }
        for pid in pseudonyms { try vault.erase(pid) }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Effacement consigné et fait\u{202F}: \(pseudonyms.count) pseudonymes.",
                en: "Erased, and recorded: \(pseudonyms.count) pseudonyms."))
    }
}
