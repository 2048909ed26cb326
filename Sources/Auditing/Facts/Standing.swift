// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography

// Accesses come nearly in the order of time, and what they ask about an adviser or the pilot
// changes seldom: an answer is kept for as long as the registry gives no other.

/// The pilot, while nothing changes it.
struct StandingPilot {
    let state: PilotState?
    let period: Period

    init(_ registry: Registry, _ view: AsOf) {
        state = registry.pilotState(view)
        period = registry.pilotPeriod(around: view)
    }
}

/// The policies in force, while no event changes them.
struct StandingPolicy {
    /// The version in force; nil if none is.
    let version: SHA256Digest?
    /// Its policies; nil if they were not found.
    let judge: Judge?
    let period: Period

    init(_ setting: AuditSetting, _ view: AsOf) {
        version = setting.registry.policy(view)?.hash
        judge = version.flatMap { setting.judges[$0] }
        period = setting.registry.policyPeriod(around: view)
    }
}

/// What holds of an adviser with a licence, while nothing changes either.
struct StandingAdviser {
    var adviser: InternedID
    /// Nil if no licence is named, or one that the state does not mention.
    var licence: InternedID?
    var flags: AccessFacts.Flags = []
    var hasLinks: Bool
    var period: Period

    init(
        _ adviser: InternedID, _ licence: InternedID?, _ registry: Registry, _ view: AsOf
    ) {
        self.adviser = adviser
        self.licence = licence
        hasLinks = registry.declaresLinks(adviser)
        period = registry.period(ofAdviser: adviser, around: view)
            .clamped(to: registry.period(ofLicence: licence, around: view))
        if registry.enrolment(of: adviser, view) != nil { flags.insert(.volunteer) }
        if registry.training(of: adviser, view) != nil { flags.insert(.trained) }
        if registry.holdsActive(licence, adviser: adviser, view) { flags.insert(.licenceActive) }
        if let charter = registry.charter(of: adviser, view) {
            flags.insert(.charterInForce)
            period.end(before: charter.validUntil)
        } else {
            // An instant before may have been within the validity of a charter.
            period.first = max(period.first, view.moment)
        }
    }
}

/// The advisers that a worker met lately.
struct StandingAdvisers {
    private var slots: [StandingAdviser?] = Array(repeating: nil, count: 1_024)

    /// What holds of an adviser with a licence at a point of view.
    mutating func standing(
        of adviser: InternedID, licence: InternedID?, _ registry: Registry, _ view: AsOf
    ) -> StandingAdviser {
        let slot = Int(adviser.rawValue) & (slots.count - 1)
        if let known = slots[slot], known.adviser == adviser, known.licence == licence,
            known.period.holds(view)
        {
            return known
        }
        let fresh = StandingAdviser(adviser, licence, registry, view)
        // What is asked as known from a part of the log only is asked once.
        if view.knownBefore == .max { slots[slot] = fresh }
        return fresh
    }
}
