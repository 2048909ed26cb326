// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// One of the two who must both act before a pseudonym is opened.
public enum CustodianSeat: String, CaseIterable, Sendable {
    /// The data-protection officer.
    case officer = "dpo"
    /// The delegate of the works council.
    case delegate = "cse"

    /// The other one.
    public var other: CustodianSeat { self == .officer ? .delegate : .officer }
}

/// A custodian who is present: the seat, with its private key.
public struct Custodian: Sendable {
    /// Which of the two.
    public let seat: CustodianSeat
    let key: AgreementKey

    /// Makes a custodian.
    public init(_ seat: CustodianSeat, key: AgreementKey) {
        (self.seat, self.key) = (seat, key)
    }
}

/// The public keys of both custodians.
public struct CustodianKeys: Hashable, Sendable {
    /// The officer's, 32 bytes (X25519, RFC 7748).
    public let officer: [UInt8]
    /// The delegate's, 32 bytes.
    public let delegate: [UInt8]

    /// Takes two keys.
    ///
    /// - Throws: ``VaultError/Code/sameCustodians`` if they are the same: one person would do.
    public init(officer: [UInt8], delegate: [UInt8]) throws(VaultError) {
        guard officer != delegate else { throw VaultError(.sameCustodians) }
        (self.officer, self.delegate) = (officer, delegate)
    }

    /// The key of a seat.
    public subscript(seat: CustodianSeat) -> [UInt8] { seat == .officer ? officer : delegate }

    /// What the log records of them: the SHA-256 of both keys, the officer's first.
    public var fingerprint: SHA256Digest { SHA256Hasher().hash(officer + delegate) }
}

/// One half of what opens a person's record, made by one custodian for that person alone.
///
/// It is derived from the agreement of the custodian's key with the record's, *and* from the
/// pseudonym: if somebody puts the record of one person under the pseudonym of another, the half
/// that the custodian gives for the pseudonym does not open it.
struct CustodianShare {
    let secret: SecretBytes

    /// The half that a custodian makes from a record's public key.
    init?(_ custodian: Custodian, recordKey: [UInt8], pid: Pseudonym) {
        guard let agreed = custodian.key.secret(with: recordKey) else { return nil }
        self.init(agreed, custodian.seat, pid)
    }

    /// The same half, made with the record's private key when the person is enrolled.
    init?(_ record: AgreementKey, _ seat: CustodianSeat, _ keys: CustodianKeys, pid: Pseudonym) {
        guard let agreed = record.secret(with: keys[seat]) else { return nil }
        self.init(agreed, seat, pid)
    }

    /// A half that was received.
    init(received secret: SecretBytes) { self.secret = secret }

    private init(_ agreed: SecretBytes, _ seat: CustodianSeat, _ pid: Pseudonym) {
        secret = KeyDerivation.key(
            from: agreed, info: Array("vigie/share/1/\(seat.rawValue)/\(pid.text)".utf8))
    }

    /// The key that both halves make.
    static func key(
        officer: CustodianShare, delegate: CustodianShare, pid: Pseudonym
    ) -> SecretBytes {
        KeyDerivation.key(
            from: SecretBytes(officer.secret.bytes + delegate.secret.bytes),
            info: Array("vigie/record/1/\(pid.text)".utf8))
    }
}
