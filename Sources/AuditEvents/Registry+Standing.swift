// SPDX-License-Identifier: Apache-2.0

extension Registry {
    /// The entries by which persons, advisers, licences, offers and requests stand as they do, for
    /// whoever asks at an instant or later: what any question of the registry answers by.
    ///
    /// What happened at the instant or after it stays whole. Of what came before, there stays what no
    /// later change can overtake: the last change of each kind that is not itself an end, and the ends
    /// that a question tells of. So an agreement that was withdrawn or ran out goes, and the withdrawal
    /// stays; an objection that was lifted goes with its lifting.
    ///
    /// - Parameter floor: The instant, in milliseconds since 1970.
    /// - Returns: The indices, in no order.
    func standing(since floor: Int64) -> Set<UInt64> {
        var kept = StandingChanges(floor: floor)
        let holders = keepLicences(&kept)
        for adviser in advisers.all {
            keepAdviser(advisers[adviser], isHolder: holders.contains(adviser), &kept)
        }
        for person in persons.all { Self.keepPerson(persons[person], &kept) }
        for offer in offers.all {
            let changes = kept.split(offers[offer])
            kept.keepLast(changes) { $0.type == .offerOpen }
            // Without its end, an offer that was closed would be open again.
            kept.keepLast(changes) { $0.type == .offerClose }
        }
        for reference in pseudonymRequests.all {
            let changes = kept.split(pseudonymRequests[reference])
            kept.keepLast(changes) { $0.type == .pseudonymRequest }
            kept.keepLastOfEach(changes) { PairKey($0.type, $0.reference) }
        }
        return kept.indices
    }

    /// Keeps the licences that live, whole, and the end of the others; gives who holds one.
    private func keepLicences(_ kept: inout StandingChanges) -> Set<InternedID> {
        var holders: Set<InternedID> = []
        for licence in licences.all {
            let changes = kept.split(licences[licence])
            if let end = changes.first(where: \.type.endsLicence) {
                kept.keep(end)
                kept.keepLast(changes) { $0.type == .licenceRequest }
            } else {
                for change in changes { kept.keep(change) }
                holders.formUnion(changes.compactMap { $0.type.namesHolder ? $0.party : nil })
            }
        }
        return holders
    }

    private func keepAdviser(
        _ history: ArraySlice<StateChange>, isHolder: Bool, _ kept: inout StandingChanges
    ) {
        let changes = kept.split(history)
        let service = changes.last { $0.type.isServiceChange }
        if isHolder || service?.type == .adviserEnrol {
            // Where they worked when their licence was activated is asked too.
            for change in changes where change.type.isServiceChange || change.type == .adviserMove {
                kept.keep(change)
            }
        } else {
            if let service { kept.keep(service) }
            kept.keepLast(changes) { $0.type == .adviserEnrol || $0.type == .adviserMove }
            var named: Set<InternedID> = []
            for enrolment in changes.reversed() where enrolment.type == .adviserEnrol {
                let links = list(of: enrolment)
                if !named.isSuperset(of: links) { kept.keep(enrolment) }
                named.formUnion(links)
            }
        }
        var latestEnd = kept.floor
        for charter in changes.reversed() where charter.type == .charterSign {
            guard charter.validUntil > latestEnd else { continue }
            latestEnd = charter.validUntil
            kept.keep(charter)
        }
        kept.keepLast(changes) { $0.type == .trainingComplete }
        let glass = changes.last { $0.type == .breakglassOpen || $0.type == .breakglassClose }
        if let glass, glass.type == .breakglassOpen, glass.validUntil > kept.floor {
            kept.keep(glass)
        }
    }

    private static func keepPerson(
        _ history: ArraySlice<StateChange>, _ kept: inout StandingChanges
    ) {
        let changes = kept.split(history)
        guard !changes.isEmpty else { return }
        kept.keepLast(changes) { $0.type == .noticePerson }
        kept.keepLast(changes) { $0.type == .restrictionSet }
        kept.keepLast(changes) { $0.type == .erasurePerform }
        kept.keepLast(changes) { $0.type == .portfolioAssign && $0.reference != nil }
        var withdrawn: Set<InternedID?> = []
        for change in changes.reversed() {
            if change.type == .agreementWithdraw, withdrawn.insert(change.reference).inserted {
                kept.keep(change)
            }
            if change.type == .agreementGive, change.validUntil > kept.floor,
                !withdrawn.contains(change.reference)
            {
                kept.keep(change)
            }
        }
        let year = kept.floor - Int64(StandingEntries.appointmentDaysMax) * 86_400_000
        kept.keepLastOfEach(changes) { change in
            switch change.type {
            // Whether somebody is in a portfolio is one question, whoever came or left last.
            case .portfolioAssign, .portfolioRelease: PairKey(.portfolioAssign, change.party)
            case .appointmentHold where change.moment.time >= year:
                PairKey(.appointmentHold, change.party)
            case .applicationReceive: PairKey(.applicationReceive, change.reference)
            default: nil
            }
        }
        kept.keepOpen(changes, .objectionRegister, .objectionLift) { _ in nil }
        kept.keepOpen(changes, .mandateOpen, .mandateClose, by: \.party)
        kept.keepOpen(changes, .dsrReceive, .dsrAnswer, by: \.reference)
    }
}
