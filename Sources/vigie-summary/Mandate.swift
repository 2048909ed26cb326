// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditEvents
import Auditing
import Cedar
import Conduct
import Diagnostics
import Disclosure
import LogStorage
import TransparencyLog

/// For whom somebody may ask: what an appointment of the log says, not what a command line claims.
struct Mandate {
    /// `all`, `region:` and a code, or `none` where no appointment is in force.
    var perimeter = "none"
    /// The entry that appoints; nil for none.
    var index: UInt64?

    /// The mandate of a person in a role at a moment: the latest appointment in force.
    init(of pid: String, as role: String, at now: Int64, in log: VerifiedLog) throws {
        try log.replay { entry in
            guard entry.type == "cse.appoint", entry.string(.to) == pid,
                entry.strings(.roles).contains(role),
                let from = entry.timestamp(.validFrom), let until = entry.timestamp(.validUntil),
                from <= now, now < until, let perimeter = entry.string(.perimeter)
            else { return }
            (self.perimeter, index) = (perimeter, entry.index)
        }
    }

    /// What the policies say of somebody who asks for something under this mandate.
    func decide(
        _ action: String, _ asked: Perimeter, by pid: String, as role: String,
        _ folder: PolicySetFolder
    ) -> Response {
        let context = Record([
            ("role", .string(role)), ("perimeter", .string(asked.text)),
            ("mandate", .string(perimeter)),
        ])
        let request = Request(
            principal: EntityUID(type: "Agent", id: pid),
            action: EntityUID(type: "Action", id: action),
            resource: EntityUID(type: "Record", id: asked.text), context: context)
        return Authorizer(folder.policySet).isAuthorized(request, folder.entities)
    }
}

extension WriterOptions {
    /// The log, if it is intact, under the key that signs it.
    ///
    /// - Throws: ``Disclosure/DisclosureError/Code/brokenLedger`` if it is not.
    func verified(on console: Console) throws -> LogUnderAudit {
        try verifiedWithSummaries(on: console).log
    }

    /// The log, if it is intact, and the summaries that it records, found in the same reading.
    ///
    /// - Throws: ``Disclosure/DisclosureError/Code/brokenLedger`` if it is not.
    func verifiedWithSummaries(on console: Console) throws -> (
        log: LogUnderAudit, past: PastSummaries
    ) {
        let folder = Self.trimmed(log)
        let (report, found, past) = LogUnderAudit.verify(
            LogReader(folder), by: LogVerifier(keys: [try verificationKey(on: console)]),
            workers: LogOptions.processorCount, gathering: { PastSummaries() }, { $0.add($1) })
        guard let found else {
            throw PlacedError(
                DisclosureError(.brokenLedger, report.head?.origin ?? folder), .file(folder))
        }
        return (found, PastSummaries(past))
    }
}
