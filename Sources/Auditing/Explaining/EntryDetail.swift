// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Diagnostics
import TransparencyLog

/// What an explanation may say of an entry, copied from it.
struct EntryDetail {
    let type: EventType
    let view: AsOf
    let registry: Registry
    let delays: Delays
    let actor: InternedID?
    let person: InternedID?
    let offer: InternedID?
    let licence: InternedID?
    let reference: InternedID?
    let caseID: InternedID?
    let role: String
    let purpose: String
    let region: String
    let offerRef: String?
    let categories: [String]
    let recordedVersion: String?
    let namesCase: Bool
    let addedScope: [String]
    let hasActorPID: Bool
    /// The field that holds a direct identifier, and what it is; never the identifier.
    let directIdentifier: (field: EntryField, kind: DirectIdentifier)?

    init(
        _ entry: borrowing VerifiedEntry, type: EventType, _ reader: FactReader, delays: Delays,
        _ view: AsOf
    ) {
        self.type = type
        self.view = view
        registry = reader.registry
        self.delays = delays
        actor = reader.id(.actorPID, entry)
        person = reader.id(.subjectPID, entry)
        offer = reader.id(.offerRef, entry)
        licence = reader.id(.licenceID, entry)
        reference = reader.id(.reference, entry)
        caseID = reader.id(.caseRef, entry)
        role = entry.string(.actorRole) ?? "–"
        purpose = entry.string(.purpose) ?? "–"
        region = entry.string(.actorRegion) ?? "–"
        offerRef = entry.string(.offerRef)
        categories = entry.strings(.categories)
        recordedVersion = entry.string(.decisionPolicyVersion).map { String($0.prefix(12)) }
        namesCase = entry.contains(.caseRef)
        addedScope = type == .policyActivate ? reader.addedScope(view) : []
        hasActorPID = entry.contains(.actorPID)
        directIdentifier = DirectIdentifierScan.first(in: entry).map { (field: $0.0, kind: $0.1) }
    }

    /// The reasons that could explain an access to a person.
    var explainedAccess: ExplainedAccess {
        ExplainedAccess(
            registry: registry, actor: actor, person: person, offer: offer, reference: reference,
            namesCase: namesCase, delays: delays, view: view)
    }

    /// The entries that a finding of a rule rests on, in order.
    func evidence(for rule: String) -> [UInt64] {
        let changes: [StateChange?] =
            switch rule {
            case "R05", "R22": [registry.pilotState(view)?.change]
            case "R07", "R14": [lastAgreement, registry.withdrawal(of: person, view)]
            case "R12": [registry.departure(of: actor, view)]
            case "R18":
                [
                    registry.restrictionOrErasure(of: person, view),
                    registry.objection(of: person, view),
                ]
            case "R17": [registry.requester(of: licence, view)]
            case "R19":
                [
                    registry.pseudonymRequest(reference, inCase: caseID, view),
                    registry.pseudonymApproval(reference, inCase: caseID, view),
                ]
            case "R20": [registry.declaredLink(of: actor, to: person, view)]
            default: []
            }
        var indices = changes.compactMap { $0?.moment.index }
        if rule == "R15" { indices = explainedAccess.attempts.compactMap(\.evidence) }
        if rule == "R09", let policy = registry.policy(view) { indices.append(policy.moment.index) }
        return Set(indices).sorted()
    }

    /// The agreement in force that was given last, whatever it covers.
    private var lastAgreement: StateChange? {
        registry.agreements(of: person, monthsMax: delays.agreementMonths, view).first
    }
}
