// SPDX-License-Identifier: Apache-2.0

import AuditEvents

/// The offers that profiles are promoted for, and the employers whom the acts of each month concern.
struct PracticeRecord {
    /// What the log says of an offer.
    struct Offer {
        /// The topic of its occupation.
        var occupation: UInt8
        /// The employer; below zero for none.
        var employer: Int32

        static let unknown = Offer(occupation: Topic.unknownOccupation, employer: -1)
    }

    private struct Contact: Hashable {
        var employer: Int32
        var month: Int32
    }

    /// The most that was done for an employer in a month, by whom first, and where.
    private struct Reach {
        var topic: UInt8
        var agent: Int32
        var place: Int32
    }

    private var offers: [Int32: Offer] = [:]
    private var reached: [Contact: Reach] = [:]

    /// Takes an offer that was opened into account.
    mutating func open(_ offer: Int32, occupation letter: UInt8?, employer: Int32) {
        guard offer >= 0 else { return }
        offers[offer] = Offer(
            occupation: Topic.code(ofOccupation: letter), employer: employer)
    }

    /// An offer.
    func offer(_ offer: Int32) -> Offer { offers[offer] ?? .unknown }

    /// Takes an act that concerns an employer into account.
    ///
    /// Each employer counts once a month, at one place, whatever else is done for it: so the employers
    /// of the places add up to those of the pilot.
    mutating func reach(
        _ employer: Int32, _ type: EventType, piece: Int32, by agent: Int32, at place: Int32
    ) {
        let topic: UInt8
        switch type {
        case .employerView: topic = 0
        case .employerProspect: topic = 1
        case .profilePromote, .profileShare, .contactReveal: topic = 2
        default: return
        }
        // A correction brings late acts to pieces of their own, which no month shown has.
        guard employer >= 0, piece < BaseKey.time(0, vintage: 1) else { return }
        let month = Int32(clamping: ReportingPeriod.month(ofDay: Int(piece)))
        let contact = Contact(employer: employer, month: month)
        if let known = reached[contact], known.topic >= topic { return }
        reached[contact] = Reach(topic: topic, agent: agent, place: place)
    }

    /// Adds the employers of every month to the figures.
    func add(to counts: inout BaseCounts) {
        for (contact, reach) in reached {
            let key = BaseKey(
                measure: .employers, topic: reach.topic, place: reach.place, time: contact.month)
            counts.tallies[key, default: ContributorTally()].add(
                agent: reach.agent, employer: contact.employer)
        }
    }
}
