// SPDX-License-Identifier: Apache-2.0

public import TransparencyLog

/// A type of event, as named in the entry's `type`.
///
/// `docs/events.md` says what each means and what it changes in the ``Registry``; a test compares
/// that page with this table.
public enum EventType: UInt8, CaseIterable, Hashable, BitwiseCopyable, Sendable {
    /// `pilot.start`.
    case pilotStart
    /// `pilot.suspend`.
    case pilotSuspend
    /// `pilot.evaluate`.
    case pilotEvaluate
    /// `pilot.extend`.
    case pilotExtend
    /// `pilot.stop`.
    case pilotStop
    /// `indicator.report`.
    case indicatorReport
    /// `claim.register`.
    case claimRegister
    /// `licence.request`.
    case licenceRequest
    /// `licence.grant`.
    case licenceGrant
    /// `licence.assign`.
    case licenceAssign
    /// `licence.activate`.
    case licenceActivate
    /// `licence.suspend`.
    case licenceSuspend
    /// `licence.restore`.
    case licenceRestore
    /// `licence.reassign`.
    case licenceReassign
    /// `licence.revoke`.
    case licenceRevoke
    /// `licence.return`.
    case licenceReturn
    /// `licence.expire`.
    case licenceExpire
    /// `adviser.enrol`.
    case adviserEnrol
    /// `adviser.withdraw`.
    case adviserWithdraw
    /// `adviser.move`.
    case adviserMove
    /// `adviser.leave`.
    case adviserLeave
    /// `notice.staff`.
    case noticeStaff
    /// `charter.sign`.
    case charterSign
    /// `training.complete`.
    case trainingComplete
    /// `portfolio.assign`.
    case portfolioAssign
    /// `portfolio.release`.
    case portfolioRelease
    /// `entitlement.review`.
    case entitlementReview
    /// `session.open`.
    case sessionOpen
    /// `session.close`.
    case sessionClose
    /// `auth.fail`.
    case authFail
    /// `auth.lock`.
    case authLock
    /// `access.deny`.
    case accessDeny
    /// `employer.search`.
    case employerSearch
    /// `employer.view`.
    case employerView
    /// `employer.prospect`.
    case employerProspect
    /// `offer.open`.
    case offerOpen
    /// `offer.close`.
    case offerClose
    /// `offer.search`.
    case offerSearch
    /// `offer.view`.
    case offerView
    /// `profile.search`.
    case profileSearch
    /// `profile.view`.
    case profileView
    /// `profile.match`.
    case profileMatch
    /// `profile.promote`.
    case profilePromote
    /// `profile.share`.
    case profileShare
    /// `contact.reveal`.
    case contactReveal
    /// `export.request`.
    case exportRequest
    /// `export.perform`.
    case exportPerform
    /// `recipient.ack`.
    case recipientAck
    /// `recipient.delete`.
    case recipientDelete
    /// `linkedin.search`.
    case linkedinSearch
    /// `linkedin.profile.view`.
    case linkedinProfileView
    /// `linkedin.message`.
    case linkedinMessage
    /// `linkedin.export`.
    case linkedinExport
    /// `linkedin.deletion_notice`.
    case linkedinDeletionNotice
    /// `notice.person`.
    case noticePerson
    /// `agreement.give`.
    case agreementGive
    /// `agreement.withdraw`.
    case agreementWithdraw
    /// `objection.register`.
    case objectionRegister
    /// `objection.lift`.
    case objectionLift
    /// `restriction.set`.
    case restrictionSet
    /// `dsr.receive`.
    case dsrReceive
    /// `dsr.extend`.
    case dsrExtend
    /// `dsr.answer`.
    case dsrAnswer
    /// `erasure.perform`.
    case erasurePerform
    /// `appointment.hold`.
    case appointmentHold
    /// `mandate.open`.
    case mandateOpen
    /// `mandate.close`.
    case mandateClose
    /// `application.receive`.
    case applicationReceive
    /// `breakglass.open`.
    case breakglassOpen
    /// `breakglass.close`.
    case breakglassClose
    /// `breakglass.review`.
    case breakglassReview
    /// `policy.propose`.
    case policyPropose
    /// `policy.approve`.
    case policyApprove
    /// `policy.activate`.
    case policyActivate
    /// `policy.retire`.
    case policyRetire
    /// `waiver.grant`.
    case waiverGrant
    /// `waiver.revoke`.
    case waiverRevoke
    /// `waiver.expire`.
    case waiverExpire
    /// `dpia.measure`.
    case dpiaMeasure
    /// `control.link`.
    case controlLink
    /// `partner.register`.
    case partnerRegister
    /// `transfer.authorise`.
    case transferAuthorise
    /// `cse.inform`.
    case cseInform
    /// `cse.consult`.
    case cseConsult
    /// `cse.opinion`.
    case cseOpinion
    /// `cse.observation`.
    case cseObservation
    /// `cse.answer`.
    case cseAnswer
    /// `cse.appoint`.
    case cseAppoint
    /// `finding.raise`.
    case findingRaise
    /// `finding.explain`.
    case findingExplain
    /// `finding.assign`.
    case findingAssign
    /// `finding.dismiss`.
    case findingDismiss
    /// `finding.confirm`.
    case findingConfirm
    /// `finding.correct`.
    case findingCorrect
    /// `finding.close`.
    case findingClose
    /// `adviser.hear`.
    case adviserHear
    /// `summary.request`.
    case summaryRequest
    /// `summary.compute`.
    case summaryCompute
    /// `summary.refuse`.
    case summaryRefuse
    /// `summary.release`.
    case summaryRelease
    /// `summary.correct`.
    case summaryCorrect
    /// `source.register`.
    case sourceRegister
    /// `ingest.batch`.
    case ingestBatch
    /// `heartbeat`.
    case heartbeat
    /// `clock.sync`.
    case clockSync
    /// `log.open`.
    case logOpen
    /// `log.recover`.
    case logRecover
    /// `log.seal`.
    case logSeal
    /// `log.anchor`.
    case logAnchor
    /// `log.verify`.
    case logVerify
    /// `log.read`.
    case logRead
    /// `log.export`.
    case logExport
    /// `log.gap`.
    case logGap
    /// `retention.purge`.
    case retentionPurge
    /// `key.rotate`.
    case keyRotate
    /// `key.destroy`.
    case keyDestroy
    /// `pseudonym.request`.
    case pseudonymRequest
    /// `pseudonym.approve`.
    case pseudonymApprove
    /// `pseudonym.resolve`.
    case pseudonymResolve
    /// `pseudonym.lookup`.
    case pseudonymLookup
    /// `incident.detect`.
    case incidentDetect
    /// `incident.qualify`.
    case incidentQualify
    /// `incident.notify`.
    case incidentNotify
    /// `incident.inform`.
    case incidentInform
    /// `incident.close`.
    case incidentClose
    /// `check.start`.
    case checkStart
    /// `check.complete`.
    case checkComplete
    /// `check.fail`.
    case checkFail
}

/// What the vocabulary says of one type.
public struct EventSpecification: Sendable {
    /// The type's name, as in the entry.
    public let name: String
    /// Whether it is an access, judged against the policies.
    public let isAccess: Bool
    /// The fields it must have besides those of every entry, and of every access.
    public let requiredFields: [EntryField]

    init(_ name: String, access: Bool = false, _ requiredFields: [EntryField] = []) {
        self.name = name
        isAccess = access
        self.requiredFields = requiredFields
    }
}

extension EventType {
    /// What the vocabulary says of the type.
    public var specification: EventSpecification { Self.specifications[Int(rawValue)] }

    /// The type's name, as in the entry.
    public var name: String { specification.name }

    /// Whether the event is an access, judged against the policies.
    public var isAccess: Bool { specification.isAccess }

    /// The fields that an event of the type must have, and that are not among those given.
    public func fieldsMissing(in fields: EntryFieldSet) -> EntryFieldSet {
        Self.requiredFields[Int(rawValue)].subtracting(fields)
    }

    /// By raw value: the fields of the type, with those of every access where it is one.
    private static let requiredFields: [EntryFieldSet] = allCases.map {
        EntryFieldSet($0.specification.requiredFields + ($0.isAccess ? accessFields : []))
    }

    /// The fields that every access must have.
    public static let accessFields: [EntryField] = [
        .actorPID, .actorRole, .actorRegion, .actorAccountKind, .purpose, .outcome,
        .decisionEffect, .decisionPolicyVersion,
    ]
}
