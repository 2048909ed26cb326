// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import TransparencyLog

/// Folds the events of a log, in its order, into a ``Registry``.
///
/// An event that lacks a field its type requires changes nothing: what it would have changed is
/// not known, and its incompleteness is a finding of its own (rule R37). Accesses change nothing
/// either, and leave no trace here.
public struct RegistryBuilder: Sendable {
    var recorded = RegistryRecord()
    private let vocabulary = EventVocabulary()

    /// Makes a builder that has seen no event.
    public init() {}

    /// Takes in one entry; entries come in the order of their indices.
    public mutating func record(_ entry: borrowing VerifiedEntry) { record(entry.view) }

    /// Takes in the fields of one entry; entries come in the order of their indices.
    public mutating func record(_ entry: borrowing EntryView) {
        guard let type = vocabulary.type(of: entry), Self.changesState[Int(type.rawValue)],
            type.fieldsMissing(in: entry.fields).isEmpty
        else { return }
        let moment = Moment(time: entry.occurredAt, index: entry.index)
        record(entry, StateChange(moment, type))
    }

    /// Takes in what another builder recorded of other entries of the same log.
    public mutating func merge(_ other: consuming RegistryBuilder) {
        recorded.merge(other.recorded)
    }

    /// How many changes were recorded of persons, offers, licences and the like.
    public var changeCount: Int {
        [
            recorded.advisers, recorded.persons, recorded.licences, recorded.holdings,
            recorded.offers, recorded.pseudonymRequests,
        ].reduce(0) { $0 + $1.count }
    }

    /// The registry, with late events put where they belong.
    public consuming func build() -> Registry {
        Registry(recorded)
    }

    // By raw value, so that the many accesses are passed over without a search.
    private static let changesState: [Bool] = EventType.allCases.map { type in
        switch type {
        case .indicatorReport, .claimRegister, .entitlementReview: false
        default: stateFamilies.contains(String(type.name.prefix { $0 != "." })) && !type.isAccess
        }
    }

    private static let stateFamilies: Set<String> = [
        "pilot", "licence", "adviser", "notice", "charter", "training", "portfolio", "offer",
        "agreement", "objection", "restriction", "dsr", "erasure", "appointment", "mandate",
        "application", "breakglass", "policy", "cse", "pseudonym",
    ]
}

extension RegistryBuilder {
    private mutating func record(_ entry: borrowing EntryView, _ change: StateChange) {
        var change = change
        switch change.type {
        case .pilotStart, .pilotSuspend, .pilotEvaluate, .pilotExtend, .pilotStop:
            recordPilot(entry, &change)
        case .licenceRequest, .licenceGrant, .licenceAssign, .licenceActivate, .licenceSuspend,
            .licenceRestore, .licenceReassign, .licenceRevoke, .licenceReturn, .licenceExpire:
            recordLicence(entry, &change)
        case .adviserEnrol, .adviserWithdraw, .adviserMove, .adviserLeave, .charterSign,
            .trainingComplete, .breakglassOpen, .breakglassClose:
            recordAdviser(entry, &change)
        case .policyActivate, .policyRetire, .cseConsult, .noticeStaff:
            recordGovernance(entry, change)
        case .offerOpen, .offerClose:
            change.reference = intern(.rome, of: entry)
            add(change, to: \.offers, of: intern(.offerRef, of: entry))
        case .pseudonymRequest, .pseudonymApprove:
            let isRequest = change.type == .pseudonymRequest
            change.party = intern(isRequest ? .requester : .approver, of: entry)
            change.reference = intern(.caseRef, of: entry)
            add(change, to: \.pseudonymRequests, of: intern(.reference, of: entry))
        default: recordPerson(entry, &change)
        }
    }

    private mutating func recordPilot(
        _ entry: borrowing EntryView, _ change: inout StateChange
    ) {
        setList(.regions, of: entry, &change)
        change.validFrom = entry.timestamp(.validFrom) ?? change.validFrom
        change.validUntil = entry.timestamp(.validUntil) ?? change.validUntil
        recorded.pilot.append(change)
    }

    private mutating func recordLicence(
        _ entry: borrowing EntryView, _ change: inout StateChange
    ) {
        switch change.type {
        case .licenceRequest: change.party = intern(.requester, of: entry)
        case .licenceGrant: change.party = intern(.approver, of: entry)
        case .licenceAssign, .licenceReassign: change.party = intern(.to, of: entry)
        default: break
        }
        let licence = intern(.licenceID, of: entry)
        add(change, to: \.licences, of: licence)
        if change.type == .licenceAssign || change.type == .licenceReassign {
            change.reference = licence
            add(change, to: \.holdings, of: change.party)
        }
    }

    private mutating func recordAdviser(
        _ entry: borrowing EntryView, _ change: inout StateChange
    ) {
        switch change.type {
        case .adviserEnrol:
            setList(.links, of: entry, &change)
            change.reference = intern(.actorEstablishment, of: entry)
        case .adviserMove: change.reference = intern(.actorEstablishment, of: entry)
        case .charterSign: change.validUntil = entry.timestamp(.validUntil) ?? change.validUntil
        case .breakglassOpen: change.validUntil = entry.timestamp(.expiresAt) ?? change.validUntil
        default: break
        }
        add(change, to: \.advisers, of: intern(.actorPID, of: entry))
    }

    private mutating func recordPerson(
        _ entry: borrowing EntryView, _ change: inout StateChange
    ) {
        switch change.type {
        case .portfolioAssign, .portfolioRelease:
            change.party = intern(.actorPID, of: entry)
            change.reference = intern(.rome, of: entry)
        case .appointmentHold, .mandateOpen, .mandateClose:
            change.party = intern(.actorPID, of: entry)
        case .agreementGive:
            change.reference = intern(.agreementRef, of: entry)
            setList(.scope, of: entry, &change)
            change.validUntil = entry.timestamp(.validUntil) ?? change.validUntil
        case .agreementWithdraw: change.reference = intern(.agreementRef, of: entry)
        case .dsrReceive, .dsrAnswer: change.reference = intern(.reference, of: entry)
        case .applicationReceive: change.reference = intern(.offerRef, of: entry)
        case .noticePerson, .objectionRegister, .objectionLift, .restrictionSet, .erasurePerform:
            break
        default: return
        }
        add(change, to: \.persons, of: intern(.subjectPID, of: entry))
    }

    private mutating func recordGovernance(
        _ entry: borrowing EntryView, _ change: StateChange
    ) {
        let moment = change.moment
        let hash = entry.digest(.hash)
        switch change.type {
        case .noticeStaff: recorded.staffNotices.append(change)
        case .cseConsult:
            let isCentral = entry.slice(.level)?.equals("central") ?? false
            recorded.consultations.append(
                Consultation(moment: moment, isCentral: isCentral, hash: hash))
        default:
            guard let hash else { return }
            let isActivation = change.type == .policyActivate
            let fields: [EntryField] =
                isActivation ? [.regions, .roles, .categories, .purposes] : []
            var scope: Set<PolicyActivation.ScopeItem> = []
            for field in fields {
                for text in internItems(field, of: entry) {
                    scope.insert(PolicyActivation.ScopeItem(field: field, text: text))
                }
            }
            recorded.policies.append(
                PolicyActivation(
                    moment: moment, isActivation: isActivation, hash: hash, scope: scope))
        }
    }
}

extension RegistryBuilder {
    private mutating func add(
        _ change: StateChange, to rows: WritableKeyPath<RegistryRecord, [RegistryRecord.Row]>,
        of thing: InternedID?
    ) {
        guard let thing else { return }
        recorded[keyPath: rows].append((thing, change))
    }

    private mutating func intern(
        _ field: EntryField, of entry: borrowing EntryView
    ) -> InternedID? {
        entry.slice(field).map { recorded.interner.intern($0) }
    }

    private mutating func setList(
        _ field: EntryField, of entry: borrowing EntryView, _ change: inout StateChange
    ) {
        change.listStart = Int32(recorded.lists.count)
        recorded.lists += internItems(field, of: entry)
        change.listCount = UInt16(recorded.lists.count - Int(change.listStart))
    }

    private mutating func internItems(
        _ field: EntryField, of entry: borrowing EntryView
    ) -> [InternedID] {
        guard let slice = entry.slice(field) else { return [] }
        return slice.items.map { recorded.interner.intern($0) }
    }
}
