// SPDX-License-Identifier: Apache-2.0

extension Registry {
    /// The enrolment in force of an adviser, if they are a volunteer.
    public func enrolment(of adviser: InternedID?, _ view: AsOf) -> StateChange? {
        let last = advisers.last(of: adviser, view) {
            switch $0.type {
            case .adviserEnrol, .adviserWithdraw, .adviserLeave: true
            default: false
            }
        }
        return last?.type == .adviserEnrol ? last : nil
    }

    /// The end of voluntary service that the last enrolment came to, if it came to one.
    public func departure(of adviser: InternedID?, _ view: AsOf) -> StateChange? {
        advisers.last(of: adviser, view) {
            $0.type == .adviserWithdraw || $0.type == .adviserLeave
        }
    }

    /// The charter of an adviser that is in force: signed, its validity started and not over.
    public func charter(of adviser: InternedID?, _ view: AsOf) -> StateChange? {
        advisers.last(of: adviser, view) {
            $0.type == .charterSign && view.time < $0.validUntil
        }
    }

    /// The training of an adviser.
    public func training(of adviser: InternedID?, _ view: AsOf) -> StateChange? {
        advisers.last(of: adviser, view) { $0.type == .trainingComplete }
    }

    /// The declaration by which an adviser named a person as self or close.
    public func declaredLink(
        of adviser: InternedID?, to person: InternedID?, _ view: AsOf
    ) -> StateChange? {
        guard let person else { return nil }
        return advisers.last(of: adviser, view) {
            $0.type == .adviserEnrol && $0.list.contains(person)
        }
    }

    /// The break-glass of an adviser that is in force.
    public func breakGlass(of adviser: InternedID?, _ view: AsOf) -> StateChange? {
        let last = advisers.last(of: adviser, view) {
            $0.type == .breakglassOpen || $0.type == .breakglassClose
        }
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

    /// Who last requested a licence.
    public func requester(of licence: InternedID?, _ view: AsOf) -> StateChange? {
        licences.last(of: licence, view) { $0.type == .licenceRequest }
    }
}
