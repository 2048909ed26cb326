// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Glibc
import Identities
import TransparencyLog

/// Copies a vault.
struct IdentityBackup: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "backup",
            abstract: LocalizedText(
                fr: "Copier le coffre\u{202F}; la copie s’ouvre avec les mêmes clés.",
                en: "Copy the vault; the copy opens with the same keys."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: VaultOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Le fichier à écrire, qui ne doit pas exister.",
            en: "The file to write, which must not exist."))
    var copy: String

    func perform(on console: Console) throws -> Verdict {
        guard unsafe access(copy, F_OK) != 0 else { throw VaultError(.exists, copy) }
        try options.open().backUp(to: copy)
        return Verdict(
            status: .complete,
            sentence: LocalizedText(fr: "Copie écrite.", en: "The copy is written."))
    }
}

/// Makes a vault from a copy, and erases again whom the log says was erased since.
struct IdentityRestore: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "restore",
            abstract: LocalizedText(
                fr: """
                    Refaire un coffre à partir d’une copie\u{202F}; les effacements consignés depuis \
                    sont refaits.
                    """,
                en: "Make a vault from a copy; erasures recorded since are done again."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: VaultOptions

    @Argument(
        help: ArgumentHelp(
            fr: "La copie.",
            en: "The copy."))
    var copy: String

    @Option(
        help: ArgumentHelp(
            fr: "Le dossier du journal.",
            en: "The folder of the log."))
    var log: String

    @Option(
        help: ArgumentHelp(
            fr: "La clé de vérification du journal, ou @FICHIER qui la contient.",
            en: "The verification key of the log, or @FILE that holds it."))
    var key: String

    func perform(on console: Console) throws -> Verdict {
        guard unsafe access(options.vault, F_OK) != 0 else {
            throw VaultError(.exists, options.vault)
        }
        var logOptions = LogOptions()
        (logOptions.log, logOptions.key) = (log, key)
        guard let verified = try logOptions.verify(on: console).log else {
            throw IdentityRefusal(.alteredLog, log)
        }
        var source = options
        source.vault = copy
        source.masterKey = options.masterPath
        // Erased in a copy aside, then put in place: nobody comes back, not even for a moment.
        let aside = options.vault + ".restoring"
        _ = unsafe unlink(aside)
        try source.open().backUp(to: aside)
        source.vault = aside
        let restored = try source.open()
        let findings = try VaultFindings(restored, verified)
        for pid in findings.resurrected { try restored.erase(pid) }
        try restored.close()
        guard unsafe link(aside, options.vault) == 0 else {
            throw SystemFailure.writing(options.vault, errno)
        }
        _ = unsafe unlink(aside)
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr:
                    "Coffre restauré\u{202F}; effacements refaits\u{202F}: \(findings.resurrected.count).",
                en: "Vault restored; erasures done again: \(findings.resurrected.count)."))
    }
}
