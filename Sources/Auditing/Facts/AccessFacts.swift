// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cedar

/// What the policies see of an access: its own fields, and the state of the world at that moment.
///
/// Two accesses with equal facts get the same decision, so each combination is decided once. The
/// texts are numbered by the worker's own interner; zero stands for an absent field.
struct AccessFacts: Equatable, BitwiseCopyable {
    /// A yes-or-no fact of `schema.cedarschema`.
    struct Flags: OptionSet, Hashable, BitwiseCopyable {
        let rawValue: UInt32

        static let versionInForce = Flags(rawValue: 1 << 0)
        static let directIdentifier = Flags(rawValue: 1 << 1)
        static let pilotRunning = Flags(rawValue: 1 << 2)
        static let licenceActive = Flags(rawValue: 1 << 3)
        static let volunteer = Flags(rawValue: 1 << 4)
        static let charterInForce = Flags(rawValue: 1 << 5)
        static let trained = Flags(rawValue: 1 << 6)
        static let caseNamed = Flags(rawValue: 1 << 7)
        static let offerOpen = Flags(rawValue: 1 << 8)
        static let personNamed = Flags(rawValue: 1 << 9)
        static let personInformed = Flags(rawValue: 1 << 10)
        static let agreementInForce = Flags(rawValue: 1 << 11)
        static let contactAgreement = Flags(rawValue: 1 << 12)
        static let objection = Flags(rawValue: 1 << 13)
        static let restricted = Flags(rawValue: 1 << 14)
        static let declaredLink = Flags(rawValue: 1 << 15)
        static let explained = Flags(rawValue: 1 << 16)
        /// Not asked by policies: the rules over time count accesses outside the portfolio.
        static let inPortfolio = Flags(rawValue: 1 << 17)

        /// The attribute of the context for each fact.
        static let names: [(Flags, String)] = [
            (.versionInForce, "versionInForce"), (.directIdentifier, "directIdentifier"),
            (.pilotRunning, "pilotRunning"), (.licenceActive, "licenceActive"),
            (.volunteer, "volunteer"), (.charterInForce, "charterInForce"),
            (.trained, "trained"), (.caseNamed, "caseNamed"), (.offerOpen, "offerOpen"),
            (.personNamed, "personNamed"), (.personInformed, "personInformed"),
            (.agreementInForce, "agreementInForce"), (.contactAgreement, "contactAgreement"),
            (.objection, "objection"), (.restricted, "restricted"),
            (.declaredLink, "declaredLink"), (.explained, "explained"),
        ]
    }

    var type: EventType
    var role: Int32 = 0
    var purpose: Int32 = 0
    var region: Int32 = 0
    var categories: Int32 = 0
    var effect: Int32 = 0
    var outcome: Int32 = 0
    /// The entry that last set the pilot's regions or ended it; `max` if it was never started.
    var pilotChange: UInt64 = .max
    /// The actor and the person, where a policy names entities of their type.
    var principal: Int32 = 0
    var resource: Int32 = 0
    var flags: Flags = []
    /// The temporal blocks that hold, where the policy set has any.
    var blocks: UInt64 = 0

    /// Sets a fact.
    mutating func set(_ flag: Flags, _ holds: Bool) {
        if holds { flags.insert(flag) }
    }

    /// A hash of the fields that differ between accesses: a decision is looked up for each.
    var mixed: UInt64 {
        let first = UInt64(flags.rawValue) << 32 | UInt64(UInt32(bitPattern: categories))
        let second =
            UInt64(UInt32(bitPattern: role)) << 48 ^ UInt64(UInt32(bitPattern: region)) << 32
            ^ UInt64(UInt32(bitPattern: purpose)) << 16 ^ UInt64(type.rawValue)
        let third =
            UInt64(UInt32(bitPattern: principal)) << 32 | UInt64(UInt32(bitPattern: resource))
        let sum = first ^ blocks ^ second &* 0x9E37_79B9_7F4A_7C15 ^ third &* 0xD6E8_FEB8_6659_FD93
        let product = sum.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }
}

extension EventType {
    /// Whether the event touches job-seeker data (`docs/rules.md`).
    var isJobSeekerAccess: Bool {
        switch self {
        case .profileSearch, .profileView, .profileMatch, .profilePromote, .profileShare,
            .contactReveal, .exportRequest, .exportPerform:
            true
        default: false
        }
    }

    /// Whether the event promotes a person to an employer (`docs/rules.md`).
    var isPromotion: Bool {
        self == .profilePromote || self == .profileShare || self == .contactReveal
    }
}

/// What the policies see of an act of governance.
struct ActFacts: Hashable {
    /// A yes-or-no fact of `schema.cedarschema`.
    struct Flags: OptionSet, Hashable {
        let rawValue: UInt32

        static let approvedByRequester = Flags(rawValue: 1 << 0)
        static let dataTransferred = Flags(rawValue: 1 << 1)
        static let extensionPrepared = Flags(rawValue: 1 << 2)
        static let scopeWidened = Flags(rawValue: 1 << 3)
        static let scopePresented = Flags(rawValue: 1 << 4)
        static let nominativeControlAllowed = Flags(rawValue: 1 << 5)
        static let resolutionRequested = Flags(rawValue: 1 << 6)
        static let resolutionInTime = Flags(rawValue: 1 << 7)
        static let directIdentifier = Flags(rawValue: 1 << 8)

        /// The attribute of the context for each fact.
        static let names: [(Flags, String)] = [
            (.approvedByRequester, "approvedByRequester"), (.dataTransferred, "dataTransferred"),
            (.extensionPrepared, "extensionPrepared"), (.scopeWidened, "scopeWidened"),
            (.scopePresented, "scopePresented"),
            (.nominativeControlAllowed, "nominativeControlAllowed"),
            (.resolutionRequested, "resolutionRequested"),
            (.resolutionInTime, "resolutionInTime"), (.directIdentifier, "directIdentifier"),
        ]
    }

    var type: EventType
    var flags: Flags = []
    /// The temporal blocks that hold, where the policy set has any.
    var blocks: UInt64 = 0

    /// Sets a fact.
    mutating func set(_ flag: Flags, _ holds: Bool) {
        if holds { flags.insert(flag) }
    }

    /// The facts as the context of a request.
    var context: Record {
        Record(Flags.names.map { ($0.1, Value.bool(flags.contains($0.0))) })
    }
}
