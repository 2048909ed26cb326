// SPDX-License-Identifier: Apache-2.0

import Cryptography
import GRDB

/// The one place where pseudonyms and persons meet.
///
/// A person's identity is sealed under a key of its own, which opens with the halves of two
/// custodians (see ``CustodianShare``) under the master key: enrolling takes the custodians'
/// *public* keys only, opening takes both private ones. A stolen file shows pseudonyms and
/// ciphertext.
///
/// The vault keeps no times and no reasons: those are entries of the log, which the caller appends
/// before it asks the vault to act.
public struct IdentityVault: Sendable {
    let file: VaultFile
    let master: MasterKey

    /// The custodians' public keys.
    public let custodians: CustodianKeys

    /// Makes a vault.
    ///
    /// - Throws: ``VaultError``; a file that is there is never written over.
    public init(
        creating path: String, master: MasterKey, custodians: CustodianKeys
    ) throws(VaultError) {
        file = try VaultFile(creating: path)
        self.master = master
        self.custodians = custodians
        let context = Self.context(custodians)
        try file.write { database in
            let seal = try SealedBox.seal([], context: context, key: master.wrapping)
            let values = [
                "check": master.check, "custodian.dpo": custodians.officer,
                "custodian.cse": custodians.delegate, "custodian.seal": seal,
            ]
            for (name, value) in values {
                try database.execute(
                    sql: "INSERT INTO vault (name, value) VALUES (?, ?)",
                    arguments: [name, Blob(value)])
            }
        }
    }

    /// Opens a vault.
    ///
    /// - Throws: ``VaultError/Code/wrongMasterKey``, or ``VaultError/Code/altered`` if the
    ///   custodians' keys are not those that the vault was made with.
    public init(opening path: String, master: MasterKey) throws(VaultError) {
        file = try VaultFile(opening: path)
        self.master = master
        let values = try file.read { database in
            try Row.fetchAll(database, sql: "SELECT name, value FROM vault").reduce(
                into: [String: [UInt8]]()
            ) { $0[$1[0] as String? ?? ""] = ($1[1] as Blob?)?.bytes ?? [] }
        }
        guard values["check"] == master.check else { throw VaultError(.wrongMasterKey) }
        custodians = try CustodianKeys(
            officer: values["custodian.dpo"] ?? [], delegate: values["custodian.cse"] ?? [])
        let seal = values["custodian.seal"] ?? []
        let context = Self.context(custodians)
        guard SealedBox.open(seal, context: context, key: master.wrapping) != nil else {
            throw VaultError(.altered, "custodians")
        }
    }

    private static func context(_ custodians: CustodianKeys) -> [UInt8] {
        Array("custodians".utf8) + custodians.officer + custodians.delegate
    }

    /// The pseudonym of a person in a period, drawn when it is asked for the first time.
    ///
    /// - Parameters:
    ///   - identity: Who it is.
    ///   - kind: An employee or a job seeker.
    ///   - period: The label of the period; another period gives another pseudonym.
    /// - Returns: The pseudonym, the same at every call.
    /// - Throws: ``VaultError/Code/storage``.
    public func pseudonym(
        of identity: PersonIdentity, _ kind: PersonKind, period: String
    ) throws(VaultError) -> Pseudonym {
        let place = master.place(of: identity.identifier, kind: kind, period: period)
        return try file.write { database in
            if let known = try Self.pseudonym(at: place, in: database) { return known }
            var drawn = try Pseudonym.draw(kind)
            while let pid = drawn, try PersonRecord(pid, in: database) != nil {
                drawn = try Pseudonym.draw(kind)
            }
            guard let pid = drawn else { throw VaultError(.storage, "pseudonym") }
            let record = try PersonRecord(sealing: identity, as: pid, for: custodians, master)
            try database.execute(
                sql: """
                    INSERT INTO person (pid, place, record_key, wrapped_key, record)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    pid.text, Blob(place), Blob(record.recordKey), Blob(record.wrappedKey),
                    Blob(record.record),
                ])
            return pid
        }
    }

    /// The pseudonym of an identifier in a period; nil if the person was never enrolled, or was
    /// erased.
    public func knownPseudonym(
        of identifier: String, _ kind: PersonKind, period: String
    ) throws(VaultError) -> Pseudonym? {
        let place = master.place(of: identifier, kind: kind, period: period)
        return try file.read { try Self.pseudonym(at: place, in: $0) }
    }

    /// Every pseudonym that has a record.
    public func pseudonyms() throws(VaultError) -> Set<Pseudonym> {
        try file.read { database in
            Set(
                try String.fetchAll(database, sql: "SELECT pid FROM person")
                    .compactMap(Pseudonym.init))
        }
    }

    private static func pseudonym(
        at place: [UInt8], in database: Database
    ) throws -> Pseudonym? {
        try String.fetchOne(
            database, sql: "SELECT pid FROM person WHERE place = ?", arguments: [Blob(place)]
        ).flatMap(Pseudonym.init)
    }

    /// Destroys a person's key and record, in the file, its write-ahead log and its free pages.
    ///
    /// This is GDPR article 17. Erasing twice is no error.
    ///
    /// - Returns: Whether there was something to erase.
    @discardableResult
    public func erase(_ pid: Pseudonym) throws(VaultError) -> Bool {
        let count = try file.write { database in
            try database.execute(
                sql: "DELETE FROM resolution WHERE pid = ?", arguments: [pid.text])
            try database.execute(sql: "DELETE FROM person WHERE pid = ?", arguments: [pid.text])
            return database.changesCount
        }
        try file.forget()
        return count > 0
    }

    /// Closes the file: its write-ahead log goes into it, and away.
    ///
    /// The vault is of no more use then.
    ///
    /// - Throws: ``VaultError/Code/storage``.
    public func close() throws(VaultError) {
        do {
            try file.queue.close()
        } catch {
            throw VaultFile.failure(error)
        }
    }

    /// Writes a copy of the vault, which opens with the same master key.
    ///
    /// - Throws: ``VaultError/Code/storage`` if the file cannot be written.
    public func backUp(to path: String) throws(VaultError) {
        do {
            try file.queue.writeWithoutTransaction { database in
                try database.execute(sql: "VACUUM INTO ?", arguments: [path])
            }
        } catch {
            throw VaultFile.failure(error)
        }
    }
}
