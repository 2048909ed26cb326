// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
public import TransparencyLog

extension Waiver {
    /// A waiver that is asked for, and that no entry grants yet.
    public init(
        rule: String, scope: [String], reason: String, owner: String, approver: String,
        validFrom: Int64, validUntil: Int64
    ) {
        let nowhere = Finding.EntryReference(
            index: 0, byteOffset: 0, leafHash: SHA256Hasher().hash([]))
        self.init(
            id: "", entry: nowhere, rule: rule, scope: WaiverScope(scope), reason: reason,
            owner: owner, approver: approver, grantedAt: validFrom, validFrom: validFrom,
            validUntil: validUntil)
    }

    /// The waivers that a log grants, in its order, with what ended them; what they cover, an audit
    /// tells.
    ///
    /// - Throws: ``TransparencyLog/ReplayError`` if the log changed after it was verified.
    public static func granted(in log: VerifiedLog) throws -> [Waiver] {
        var ledger = WaiverLedger()
        try log.replay { entry in
            if entry.type == "waiver.grant" {
                ledger.record(entry, .waiverGrant)
            } else if entry.type == "waiver.revoke" {
                ledger.record(entry, .waiverRevoke)
            } else if entry.type == "waiver.expire" {
                ledger.record(entry, .waiverExpire)
            }
        }
        var none: [Finding] = []
        return ledger.apply(to: &none, end: .min, countMax: .max).waivers
    }
}
