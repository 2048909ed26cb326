// SPDX-License-Identifier: Apache-2.0

extension Registry {
    /// The enrolment in force of an adviser, if they are a volunteer.
    public func enrolment(of adviser: InternedID?, _ view: AsOf) -> StateChange? {
        let last = advisers.last(
            of: adviser, view,
            among: EventTypeSet(.adviserEnrol, .adviserWithdraw, .adviserLeave))
        return last?.type == .adviserEnrol ? last : nil
    }

    /// The end of voluntary service that the last enrolment came to, if it came to one.
    public func departure(of adviser: InternedID?, _ view: AsOf) -> StateChange? {
        advisers.last(
            of: adviser, view, among: EventTypeSet(.adviserWithdraw, .adviserLeave))
    }

    /// The charter of an adviser that is in force: signed, its validity started and not over.
    public func charter(of adviser: InternedID?, _ view: AsOf) -> StateChange? {
        advisers.last(of: adviser, view, among: EventTypeSet(.charterSign)) {
            view.time < $0.validUntil
        }
    }

    /// The training of an adviser.
    public func training(of adviser: InternedID?, _ view: AsOf) -> StateChange? {
        advisers.last(of: adviser, view, among: EventTypeSet(.trainingComplete))
    }

    /// The declaration by which an adviser named a person as self or close.
    public func declaredLink(
        of adviser: InternedID?, to person: InternedID?, _ view: AsOf
    ) -> StateChange? {
        guard let person else { return nil }
        return advisers.last(of: adviser, view, among: EventTypeSet(.adviserEnrol)) {
            $0.listCount > 0 && list(of: $0).contains(person)
        }
    }

    /// The break-glass of an adviser that is in force.
    public func breakGlass(of adviser: InternedID?, _ view: AsOf) -> StateChange? {
        let last = advisers.last(
            of: adviser, view, among: EventTypeSet(.breakglassOpen, .breakglassClose))
        guard let last, last.type == .breakglassOpen, view.time < last.validUntil else {
            return nil
        }
        return last
    }
}

extension Registry {
    /// The last change of a licence that says who holds it and whether it is active.
    private func holding(of licence: InternedID?, _ view: AsOf) -> (
        holder: InternedID?, isActive: Bool, change: StateChange
    )? {
        var holder: InternedID?
        var isActive = false
        var latest: StateChange?
        // Revoked, returned or expired is final: nothing that comes after wakes the licence.
        for change in licences[licence] where view.sees(change) {
            switch change.type {
            case .licenceAssign: (holder, isActive) = (change.party, false)
            case .licenceReassign: (holder, isActive) = (change.party, true)
            case .licenceActivate, .licenceRestore: isActive = true
            case .licenceSuspend: isActive = false
            case .licenceRevoke, .licenceReturn, .licenceExpire: return (nil, false, change)
            default: continue
            }
            latest = change
        }
        return latest.map { (holder, isActive, $0) }
    }

    /// Whether an adviser holds a licence, and it is active.
    public func holdsActive(
        _ licence: InternedID?, adviser: InternedID?, _ view: AsOf
    ) -> Bool {
        guard let adviser, let state = holding(of: licence, view) else { return false }
        return state.isActive && state.holder == adviser
    }

    /// An active licence of an adviser, by the change that made it so.
    public func activeLicence(of adviser: InternedID?, _ view: AsOf) -> StateChange? {
        guard let adviser else { return nil }
        // A licence comes once for each time the adviser received it; the last ones matter most.
        for received in holdings[adviser].reversed() where view.sees(received) {
            guard let state = holding(of: received.reference, view) else { continue }
            if state.isActive, state.holder == adviser { return state.change }
        }
        return nil
    }

    /// Who holds a licence, active or not; nobody once it has ended.
    public func holder(of licence: InternedID?, _ view: AsOf) -> InternedID? {
        holding(of: licence, view)?.holder
    }

    /// The establishment of an adviser, as the last enrolment or move says.
    public func establishment(of adviser: InternedID?, _ view: AsOf) -> InternedID? {
        advisers.last(of: adviser, view, among: EventTypeSet(.adviserEnrol, .adviserMove))?
            .reference
    }

    /// Who last requested a licence.
    public func requester(of licence: InternedID?, _ view: AsOf) -> StateChange? {
        licences.last(of: licence, view, among: EventTypeSet(.licenceRequest))
    }
}

extension Registry {
    /// Whether an adviser ever declared a person as self or close.
    public func declaresLinks(_ adviser: InternedID?) -> Bool {
        advisers.saw(adviser, EventTypeSet(.adviserEnrol))
            && advisers[adviser].contains { $0.listCount > 0 }
    }

    /// The moments around a point of view between which nothing changed for an adviser; charters
    /// may still run out.
    public func period(ofAdviser adviser: InternedID?, around view: AsOf) -> Period {
        advisers.period(of: adviser, around: view)
    }

    /// The moments around a point of view between which nothing changed for a licence.
    public func period(ofLicence licence: InternedID?, around view: AsOf) -> Period {
        licences.period(of: licence, around: view)
    }
}
