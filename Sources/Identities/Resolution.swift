// SPDX-License-Identifier: Apache-2.0

import Cryptography
import GRDB

/// Opening a pseudonym: asked by one custodian, approved by the other, opened by the first.
///
/// The approval is a half of the key, made for that pseudonym alone and sealed to the one who
/// asked. No command and no edit of the file replaces it: without the other's private key it
/// cannot be computed.
extension IdentityVault {
    /// Records that a custodian asks for a pseudonym to be opened.
    ///
    /// - Throws: ``VaultError/Code/wrongCustodian``, ``VaultError/Code/unknownPerson`` or
    ///   ``VaultError/Code/referenceTaken``.
    public func request(
        _ pid: Pseudonym, reference: String, by custodian: Custodian
    ) throws(VaultError) {
        try check(custodian)
        try file.write { database in
            guard try PersonRecord(pid, in: database) != nil else {
                throw VaultError(.unknownPerson, pid.text)
            }
            guard try Self.request(reference, in: database) == nil else {
                throw VaultError(.referenceTaken, reference)
            }
            try database.execute(
                sql: "INSERT INTO resolution (reference, pid, requester) VALUES (?, ?, ?)",
                arguments: [reference, pid.text, custodian.seat.rawValue])
        }
    }

    /// The pseudonym that a reference asks for: what the other custodian reads before approving.
    ///
    /// - Throws: ``VaultError/Code/unknownReference``.
    public func requested(_ reference: String) throws(VaultError) -> Pseudonym {
        try file.read { try Self.known(reference, in: $0).pid }
    }

    /// Gives the other custodian's half for that request.
    ///
    /// - Throws: ``VaultError/Code/wrongCustodian``, ``VaultError/Code/unknownReference``,
    ///   ``VaultError/Code/samePerson`` or ``VaultError/Code/unknownPerson``.
    public func approve(_ reference: String, by custodian: Custodian) throws(VaultError) {
        try check(custodian)
        try file.write { database in
            let request = try Self.known(reference, in: database)
            guard request.requester != custodian.seat else { throw VaultError(.samePerson) }
            guard let record = try PersonRecord(request.pid, in: database),
                let share = CustodianShare(
                    custodian, recordKey: record.recordKey, pid: request.pid)
            else { throw VaultError(.unknownPerson, request.pid.text) }
            let answer = try AgreementKey(.random(count: AgreementKey.byteCount))
            guard let agreed = answer.secret(with: custodians[request.requester]) else {
                throw CryptographyError.invalidKey
            }
            let box = try SealedBox.seal(
                share.secret.bytes, context: request.context,
                key: Self.answerKey(agreed))
            try database.execute(
                sql: "UPDATE resolution SET answer_key = ?, share = ? WHERE reference = ?",
                arguments: [Blob(answer.publicKey), Blob(box), reference])
        }
    }

    /// Opens the pseudonym for the custodian who asked, and forgets the request: it opens once.
    ///
    /// - Parameters:
    ///   - reference: The request's reference.
    ///   - custodian: Who asked.
    ///   - record: Records the act where it cannot be denied; nobody is named unless it succeeds.
    /// - Returns: The pseudonym, and who it is.
    /// - Throws: What `record` throws, ``VaultError/Code/wrongCustodian``, ``VaultError/Code/unknownReference``,
    ///   ``VaultError/Code/notApproved``, ``VaultError/Code/unknownPerson`` or
    ///   ``VaultError/Code/altered``.
    public func open(
        _ reference: String, by custodian: Custodian, recording record: (Pseudonym) throws -> Void
    ) throws -> (pid: Pseudonym, identity: PersonIdentity) {
        try check(custodian)
        let (pid, identity) = try file.read { try resolve(reference, for: custodian, in: $0) }
        try record(pid)
        try file.write { database in
            try database.execute(
                sql: "DELETE FROM resolution WHERE reference = ?", arguments: [reference])
        }
        try file.forget()
        return (pid, identity)
    }

    private func resolve(
        _ reference: String, for custodian: Custodian, in database: Database
    ) throws -> (Pseudonym, PersonIdentity) {
        let request = try Self.known(reference, in: database)
        guard request.requester == custodian.seat else {
            throw VaultError(.wrongCustodian, request.requester.rawValue)
        }
        guard let answerKey = request.answerKey, let box = request.share else {
            throw VaultError(.notApproved, reference)
        }
        guard let person = try PersonRecord(request.pid, in: database) else {
            throw VaultError(.unknownPerson, request.pid.text)
        }
        guard let agreed = custodian.key.secret(with: answerKey),
            let received = SealedBox.open(
                box, context: request.context, key: Self.answerKey(agreed)),
            let own = CustodianShare(custodian, recordKey: person.recordKey, pid: request.pid)
        else { throw VaultError(.altered, request.pid.text) }
        let other = CustodianShare(received: received)
        let isOfficer = custodian.seat == .officer
        return (
            request.pid,
            try person.open(
                officer: isOfficer ? own : other, delegate: isOfficer ? other : own, master)
        )
    }

    private func check(_ custodian: Custodian) throws(VaultError) {
        guard custodian.key.publicKey == custodians[custodian.seat] else {
            throw VaultError(.wrongCustodian, custodian.seat.rawValue)
        }
    }

    private static func answerKey(_ agreed: SecretBytes) -> SecretBytes {
        KeyDerivation.key(from: agreed, info: Array("vigie/answer/1".utf8))
    }
}

/// A row of the table of requests.
private struct ResolutionRequest {
    let reference: String
    let pid: Pseudonym
    let requester: CustodianSeat
    let answerKey: [UInt8]?
    let share: [UInt8]?

    /// What the approval is bound to.
    var context: [UInt8] { Array("\(reference)\u{0}\(pid.text)".utf8) }
}

extension IdentityVault {
    private static func request(
        _ reference: String, in database: Database
    ) throws -> ResolutionRequest? {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT pid, requester, answer_key, share FROM resolution WHERE reference = ?",
            arguments: [reference])
        guard let row else { return nil }
        guard let pid = Pseudonym(row[0] as String? ?? ""),
            let seat = CustodianSeat(rawValue: row[1] as String? ?? "")
        else { throw VaultError(.altered, reference) }
        return ResolutionRequest(
            reference: reference, pid: pid, requester: seat, answerKey: (row[2] as Blob?)?.bytes,
            share: (row[3] as Blob?)?.bytes)
    }

    private static func known(
        _ reference: String, in database: Database
    ) throws -> ResolutionRequest {
        guard let request = try request(reference, in: database) else {
            throw VaultError(.unknownReference, reference)
        }
        return request
    }
}
