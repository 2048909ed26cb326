// SPDX-License-Identifier: Apache-2.0

/// How far back in time some changes of state reach: what was judged before may be judged
/// otherwise once they are known.
public struct ChangeReach: Sendable {
    /// The time of the earliest change, but for appointments; `Int64.max` if there is none.
    ///
    /// What occurred up to that instant is judged as before.
    public private(set) var earliest = Int64.max
    /// The time of the earliest appointment, which explains accesses before it too.
    public private(set) var earliestAppointment = Int64.max
    /// The persons whose appointments they are: the nearest one is told in an explanation, however
    /// far it is.
    public private(set) var personsWithAppointments: Set<[UInt8]> = []

    init(_ record: RegistryRecord) {
        func note(_ time: Int64) { earliest = min(earliest, time) }
        for rows in [
            record.advisers, record.licences, record.holdings, record.offers,
            record.pseudonymRequests,
        ] {
            for row in rows { note(row.change.moment.time) }
        }
        for row in record.persons {
            guard row.change.type == .appointmentHold else {
                note(row.change.moment.time)
                continue
            }
            earliestAppointment = min(earliestAppointment, row.change.moment.time)
            personsWithAppointments.insert(Array(record.interner.bytes(row.thing)))
        }
        for change in record.pilot + record.staffNotices { note(change.moment.time) }
        for consultation in record.consultations { note(consultation.moment.time) }
        for policy in record.policies { note(policy.moment.time) }
    }
}

extension RegistryBuilder {
    /// How far back the changes recorded so far reach.
    public var reach: ChangeReach { ChangeReach(recorded) }
}
