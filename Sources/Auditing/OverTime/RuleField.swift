// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TemporalRules
import TransparencyLog

/// What a rule over time can ask of an event: the names that sentences use.
///
/// A field is read from the entry, or told by the state of the world at that moment.
enum RuleField: UInt8, CaseIterable {
    case actor, subject, licence, to, from, requester, approver, reviewer
    case reference, recipient, offer, partner, observation, measure, indicator, control, release
    case perimeter, noMatch, outcomeCode, source
    case count, attempts, skew, n, first, last
    /// Seconds from the event to its recording, and the other way.
    case lag, ahead
    /// Seconds from the event to what the entry says of later.
    case openFor
    /// Seconds since 1970.
    case awareAt, validUntil
    case outcome, effect, evidence
    case categories
    /// What the state says: who holds the licence and where, whether the actor holds one, whether
    /// the person is in the actor's portfolio.
    case holder, establishment, licensed, inPortfolio
    /// Whether the policy set has the control; whether a summary's thresholds are those of the
    /// policy set; a summary's first and last day.
    case knownControl, strictEnough, period
    /// The rules by which the policies in force deny the event, whatever was recorded.
    case broken

    /// The name in sentences.
    var name: String {
        switch self {
        case .noMatch: "no_match_ref"
        case .outcomeCode: "outcome_code"
        case .openFor: "open_for"
        case .awareAt: "aware_at"
        case .validUntil: "valid_until"
        case .inPortfolio: "in_portfolio"
        case .knownControl: "known_control"
        case .strictEnough: "strict_enough"
        default: String(describing: self)
        }
    }

    /// Where the entry holds it; nil if it is worked out.
    var entryField: EntryField? {
        switch self {
        case .actor: .actorPID
        case .subject: .subjectPID
        case .licence: .licenceID
        case .to: .to
        case .from: .from
        case .requester: .requester
        case .approver: .approver
        case .reviewer: .reviewer
        case .reference: .reference
        case .recipient: .recipient
        case .offer: .offerRef
        case .partner: .partner
        case .observation: .observationRef
        case .measure: .measure
        case .indicator: .indicator
        case .control: .control
        case .release: .releaseHash
        case .perimeter: .perimeter
        case .noMatch: .noMatchRef
        case .outcomeCode: .outcomeCode
        case .source: .source
        case .count: .count
        case .attempts: .attempts
        case .skew: .value
        case .n: .n
        case .first: .first
        case .last: .last
        case .openFor: .expiresAt
        case .awareAt: .awareAt
        case .validUntil: .validUntil
        case .outcome: .outcome
        case .effect: .decisionEffect
        case .evidence: .evidence
        case .categories: .categories
        case .lag, .ahead, .holder, .establishment, .licensed, .inPortfolio, .knownControl,
            .strictEnough, .period, .broken:
            nil
        }
    }

    /// What its values are.
    var kind: FieldKind {
        switch self {
        case .outcome: .word(["done", "denied", "failed"])
        case .effect: .word(["allow", "deny"])
        case .evidence: .word(["observed", "imported", "declared"])
        case .categories: .wordSet(Self.categoryCodes)
        case .broken: .wordSet(Self.ruleNames)
        case .count, .attempts, .skew, .n, .first, .last, .lag, .ahead, .openFor, .awareAt,
            .validUntil, .licensed, .inPortfolio, .knownControl, .strictEnough, .period:
            .number
        default: .identifier
        }
    }

    /// The data categories of the pilot.
    static let categoryCodes = [
        "ID", "CT", "CV", "QU", "CO", "PR", "LK", "PH", "ST", "AL", "BK", "NI", "SA", "FA", "NO",
        "SC", "JU", "NT", "MA", "EM",
    ]

    /// The rules that a decision can break: at most 63, one bit each.
    static let ruleNames: [String] = names("R", 40) + names("X", 13)

    private static func names(_ letter: String, _ count: Int) -> [String] {
        (1...count).map { number in "\(letter)\(number < 10 ? "0" : "")\(number)" }
    }

    /// The bits of the rules that a judgement breaks.
    static func bits(_ judgement: Judgement, _ folder: PolicySetFolder) -> Int64 {
        var bits: Int64 = 0
        for (rule, _) in judgement.brokenRules(defaultDenyRule: folder.defaultDenyRule) {
            let place = ruleNames.firstIndex { $0.utf8.elementsEqual(rule.utf8) }
            if let place { bits |= 1 << Int64(place) }
        }
        return bits
    }

    /// The event types, the fields, and names that stand for several types.
    static let schema = EventSchema(
        types: EventType.allCases.map(\.name),
        fields: allCases.map { EventSchema.Field($0.name, $0.kind) },
        groups: [
            "entry": EventType.allCases.map(\.name),
            "access": names { $0.isAccess },
            "access.person": [
                "profile.view", "profile.match", "profile.promote", "profile.share",
                "contact.reveal",
            ],
            "access.platform": names { $0.isAccess && $0.name.hasPrefix("linkedin.") },
            "promotion": names { $0.isPromotion },
            "licence.end": ["licence.revoke", "licence.return", "licence.expire"],
        ])

    private static func names(_ isWanted: (EventType) -> Bool) -> [String] {
        EventType.allCases.filter(isWanted).map(\.name)
    }
}
