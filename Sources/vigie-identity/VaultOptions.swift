// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditEvents
import Conduct
import Cryptography
import Diagnostics
import Glibc
import Identities
import LogStorage
import TransparencyLog

/// A vault, and the key that opens it.
struct VaultOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            fr: "Le fichier du coffre.",
            en: "The file of the vault."))
    var vault: String

    @Option(
        help: ArgumentHelp(
            fr: """
                Le fichier de la clé maîtresse\u{202F}; COFFRE.key, ou un secret de systemd, par \
                défaut.
                """,
            en: "The master key's file; VAULT.key, or a systemd credential, by default."))
    var masterKey: String?

    /// Opens the vault.
    func open() throws -> IdentityVault {
        try IdentityVault(opening: vault, master: MasterKeyFile(masterPath).read())
    }

    /// Where the master key is: where it was said to be, among systemd's credentials, or beside.
    var masterPath: String {
        if let masterKey { return masterKey }
        if let folder = unsafe getenv("CREDENTIALS_DIRECTORY") {
            let path = unsafe String(cString: folder) + "/vigie-master.key"
            if unsafe access(path, R_OK) == 0 { return path }
        }
        return vault + ".key"
    }
}

/// The log that every act on the vault is recorded in.
struct JournalOptions: ParsableArguments {
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

    @Option(
        help: ArgumentHelp(
            fr: "Le fichier de la clé qui signe le journal\u{202F}; JOURNAL.key par défaut.",
            en: "The file of the key that signs the log; LOG.key by default."))
    var signingKey: String?

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            fr: "Le pseudonyme de qui agit.",
            en: "The pseudonym of who acts."))
    var actor: String

    func validate() throws {
        guard Pseudonym(actor)?.kind == .adviser else {
            throw UsageError.readerPseudonym
        }
    }

    /// The log as verified now, with the state that it tells.
    func verified(on console: Console) throws -> Journal {
        var options = LogOptions()
        (options.log, options.key) = (log, key)
        let verification = try options.verify(on: console)
        guard let verified = verification.log else {
            throw IdentityRefusal(.alteredLog, log)
        }
        var builder = RegistryBuilder()
        try verified.replay { builder.record($0) }
        return Journal(log: verified, registry: builder.build())
    }

    /// Records an act, on the disk and under a checkpoint, before it is done.
    func record(_ draft: EventDraft, on console: Console) throws {
        var options = WriterOptions()
        (options.log, options.key, options.notDurable) = (log, signingKey, false)
        let appender = try options.open(on: console)
        try appender.record(draft)
        try appender.sign()
    }
}

/// A log that was found intact, and what it says of the world at its end.
struct Journal {
    let log: VerifiedLog
    let registry: Registry

    /// The state that the whole log tells.
    var now: AsOf { AsOf(Moment(time: .max, index: .max)) }

    /// - Throws: ``IdentityRefusal`` unless nominative control is allowed (rule R21).
    func requireNominativeControl() throws {
        guard registry.allowsNominativeControl(now) else { throw IdentityRefusal(.locked) }
    }

    /// The number of a text in the registry.
    func find(_ text: String) -> InternedID? {
        let bytes = Array(text.utf8)
        return unsafe registry.find(bytes.span.bytes)
    }
}
