// SPDX-License-Identifier: Apache-2.0

import Cryptography
import GRDB

/// One person's row: all of it is ciphertext, but the pseudonym.
struct PersonRecord {
    let pid: Pseudonym
    /// The public key that both custodians' keys agree with.
    let recordKey: [UInt8]
    /// The person's key, under the custodians' two halves, and under the master key over that.
    let wrappedKey: [UInt8]
    /// The identity, under the person's key.
    let record: [UInt8]

    /// Seals an identity under a key of its own, drawn at random.
    init(
        sealing identity: PersonIdentity, as pid: Pseudonym, for custodians: CustodianKeys,
        _ master: MasterKey
    ) throws {
        let record = try AgreementKey(.random(count: AgreementKey.byteCount))
        guard let officer = CustodianShare(record, .officer, custodians, pid: pid),
            let delegate = CustodianShare(record, .delegate, custodians, pid: pid)
        else { throw CryptographyError.invalidKey }
        let person = try SecretBytes.random(count: SealedBox.keyByteCount)
        let context = Array(pid.text.utf8)
        let inner = try SealedBox.seal(
            person.bytes, context: context,
            key: CustodianShare.key(officer: officer, delegate: delegate, pid: pid))
        self.pid = pid
        recordKey = record.publicKey
        wrappedKey = try SealedBox.seal(inner, context: context, key: master.wrapping)
        self.record = try SealedBox.seal(identity.bytes, context: context, key: person)
    }

    /// The record of a pseudonym; nil if there is none.
    init?(_ pid: Pseudonym, in database: Database) throws {
        let row = try Row.fetchOne(
            database, sql: "SELECT record_key, wrapped_key, record FROM person WHERE pid = ?",
            arguments: [pid.text])
        guard let row else { return nil }
        self.pid = pid
        recordKey = Self.bytes(row, 0)
        wrappedKey = Self.bytes(row, 1)
        record = Self.bytes(row, 2)
    }

    private static func bytes(_ row: Row, _ column: Int) -> [UInt8] {
        (row[column] as Blob?)?.bytes ?? []
    }

    /// Opens the record with both halves.
    ///
    /// - Throws: ``VaultError/Code/altered`` if anything is not what was sealed.
    func open(
        officer: CustodianShare, delegate: CustodianShare, _ master: MasterKey
    ) throws(VaultError) -> PersonIdentity {
        let context = Array(pid.text.utf8)
        let halves = CustodianShare.key(officer: officer, delegate: delegate, pid: pid)
        guard let inner = SealedBox.open(wrappedKey, context: context, key: master.wrapping),
            let person = SealedBox.open(inner.bytes, context: context, key: halves),
            let opened = SealedBox.open(record, context: context, key: person),
            let identity = PersonIdentity(opened.bytes)
        else { throw VaultError(.altered, pid.text) }
        return identity
    }
}
