// SPDX-License-Identifier: Apache-2.0

import AuditEvents

/// The changes of advisers and licences, from which their state at any date follows.
struct StateRecord {
    /// One change.
    struct Change {
        var time: Int64
        var index: UInt64
        var type: EventType
        /// The adviser or the licence.
        var thing: Int32
        /// The adviser, or the next holder.
        var party: Int32
        var place: Int32
        var until: Int64 = .max
    }

    /// One adviser or licence, as a state counts it.
    struct State {
        var measure: Measure
        var topic: UInt8
        var place: Int32
        var agent: Int32
    }

    private struct Adviser {
        var place: Int32 = 0
        var isEnrolled = false
        var charterUntil: Int64 = .min
        var isTrained = false
    }

    private var changes: [Change] = []
    private var isSorted = true

    mutating func record(_ change: Change) {
        guard change.thing >= 0 else { return }
        if let last = changes.last, change.time < last.time { isSorted = false }
        changes.append(change)
    }

    /// The advisers and licences at a date, as known from the first entries of the log.
    mutating func states(at date: Int64, knownBefore: UInt64) -> [State] {
        if !isSorted {
            changes.sort { ($0.time, $0.index) < ($1.time, $1.index) }
            isSorted = true
        }
        var advisers: [Int32: Adviser] = [:]
        var licences: [Int32: (holder: Int32, isActive: Bool)] = [:]
        for change in changes where change.time < date && change.index < knownBefore {
            apply(change, &advisers, &licences)
        }
        var states: [State] = []
        for (number, adviser) in advisers.sorted(by: { $0.key < $1.key }) where adviser.isEnrolled {
            let isReady = adviser.isTrained && date <= adviser.charterUntil
            states.append(
                State(
                    measure: .advisers, topic: isReady ? 0 : 1, place: adviser.place, agent: number)
            )
        }
        for (_, licence) in licences.sorted(by: { $0.key < $1.key }) where licence.isActive {
            states.append(
                State(
                    measure: .licences, topic: 0, place: advisers[licence.holder]?.place ?? 0,
                    agent: licence.holder))
        }
        return states
    }

    private func apply(
        _ change: Change, _ advisers: inout [Int32: Adviser],
        _ licences: inout [Int32: (holder: Int32, isActive: Bool)]
    ) {
        switch change.type {
        case .adviserEnrol, .adviserMove:
            var adviser = advisers[change.thing] ?? Adviser()
            if change.place != 0 { adviser.place = change.place }
            if change.type == .adviserEnrol { adviser.isEnrolled = true }
            advisers[change.thing] = adviser
        case .adviserWithdraw, .adviserLeave:
            advisers[change.thing, default: Adviser()].isEnrolled = false
        case .charterSign: advisers[change.thing, default: Adviser()].charterUntil = change.until
        case .trainingComplete: advisers[change.thing, default: Adviser()].isTrained = true
        case .licenceAssign: licences[change.thing] = (change.party, false)
        case .licenceReassign: licences[change.thing] = (change.party, true)
        case .licenceActivate, .licenceRestore: licences[change.thing]?.isActive = true
        default: licences[change.thing]?.isActive = false
        }
    }
}
