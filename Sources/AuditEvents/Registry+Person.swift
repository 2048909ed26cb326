// SPDX-License-Identifier: Apache-2.0

extension Registry {
    /// The notice by which a person was informed (articles 13 and 14 of the RGPD).
    public func notice(of person: InternedID?, _ view: AsOf) -> StateChange? {
        persons.last(of: person, view, among: EventTypeSet(.noticePerson))
    }

    /// The agreements of a person that are in force, newest first.
    ///
    /// - Parameters:
    ///   - person: The person.
    ///   - monthsMax: How long an agreement lasts at most, in calendar months of Paris.
    ///   - view: The moment.
    /// - Returns: The events that gave them.
    public func agreements(
        of person: InternedID?, monthsMax: Int, _ view: AsOf
    ) -> [StateChange] {
        var inForce: [StateChange] = []
        eachAgreement(of: person, monthsMax: monthsMax, view) { inForce.append($0) }
        return inForce
    }

    /// Lends the agreements of a person that are in force, newest first.
    public func eachAgreement(
        of person: InternedID?, monthsMax: Int, _ view: AsOf, _ body: (StateChange) -> Void
    ) {
        guard persons.saw(person, EventTypeSet(.agreementGive)) else { return }
        let history = persons[person]
        for place in history.indices.reversed() {
            let given = history[place]
            guard given.type == .agreementGive, view.sees(given), view.time < given.validUntil,
                Self.isWithin(months: monthsMax, of: given.moment.time, view.time)
            else { continue }
            let isWithdrawn = history[place...].contains {
                $0.type == .agreementWithdraw && $0.reference == given.reference && view.sees($0)
            }
            if !isWithdrawn { body(given) }
        }
    }

    /// The last withdrawal of an agreement by a person.
    public func withdrawal(of person: InternedID?, _ view: AsOf) -> StateChange? {
        persons.last(of: person, view, among: EventTypeSet(.agreementWithdraw))
    }

    /// The objection of a person that is in force (article 21 of the RGPD).
    public func objection(of person: InternedID?, _ view: AsOf) -> StateChange? {
        let last = persons.last(
            of: person, view, among: EventTypeSet(.objectionRegister, .objectionLift))
        return last?.type == .objectionRegister ? last : nil
    }

    /// The restriction or the erasure of a person (articles 17 and 18 of the RGPD).
    public func restrictionOrErasure(of person: InternedID?, _ view: AsOf) -> StateChange? {
        persons.last(of: person, view, among: EventTypeSet(.restrictionSet, .erasurePerform))
    }

    /// Whether an instant is less than some calendar months after another.
    private static func isWithin(months: Int, of start: Int64, _ time: Int64) -> Bool {
        // No month is shorter than 28 days, and the clock changes by one hour: most need no calendar.
        let months = min(max(months, 0), 12_000)
        let surely = Int64(months) * 28 * ParisTime.dayMilliseconds - 3_600_000
        return time - start < surely || time < adding(months: months, to: start)
    }

    /// The instant some months later on the calendar of Paris, at the same time of day.
    static func adding(months: Int, to time: Int64) -> Int64 {
        let paris = ParisTime(milliseconds: time)
        return ParisTime.milliseconds(
            paris.date.adding(months: months), millisecondOfDay: paris.millisecondOfDay)
    }
}

// What explains an access to a person (templates E1 to E9 of `docs/rules.md`).
extension Registry {
    /// The assignment by which a person is in an adviser's portfolio.
    public func portfolio(
        of adviser: InternedID?, holding person: InternedID?, _ view: AsOf
    ) -> StateChange? {
        let last = lastPortfolioChange(of: adviser, person, view)
        return last?.type == .portfolioAssign ? last : nil
    }

    /// The release by which a person left an adviser's portfolio, if they are not in it.
    public func release(
        of person: InternedID?, by adviser: InternedID?, _ view: AsOf
    ) -> StateChange? {
        let last = lastPortfolioChange(of: adviser, person, view)
        return last?.type == .portfolioRelease ? last : nil
    }

    private func lastPortfolioChange(
        of adviser: InternedID?, _ person: InternedID?, _ view: AsOf
    ) -> StateChange? {
        guard let adviser else { return nil }
        return persons.last(
            of: person, view, among: EventTypeSet(.portfolioAssign, .portfolioRelease)
        ) { $0.party == adviser }
    }

    /// The assignment that last named the occupation a person seeks; its `reference` is the code.
    public func occupation(of person: InternedID?, _ view: AsOf) -> StateChange? {
        persons.last(of: person, view, among: EventTypeSet(.portfolioAssign)) {
            $0.reference != nil
        }
    }

    /// The appointment of an adviser with a person that is nearest in time, before or after.
    ///
    /// An appointment may come after the moment asked: it is known if its entry is.
    public func nearestAppointment(
        of adviser: InternedID?, with person: InternedID?, _ view: AsOf
    ) -> StateChange? {
        guard let adviser, persons.saw(person, EventTypeSet(.appointmentHold)) else { return nil }
        var nearest: StateChange?
        for held in persons[person]
        where held.type == .appointmentHold && held.party == adviser
            && held.moment.index < view.knownBefore
        {
            if let known = nearest, distance(known, view) <= distance(held, view) { continue }
            nearest = held
        }
        return nearest
    }

    private func distance(_ change: StateChange, _ view: AsOf) -> UInt64 {
        (change.moment.time - view.time).magnitude
    }

    /// The application of a person to an offer.
    public func application(
        of person: InternedID?, to offer: InternedID?, _ view: AsOf
    ) -> StateChange? {
        guard let offer else { return nil }
        return persons.last(of: person, view, among: EventTypeSet(.applicationReceive)) {
            $0.reference == offer
        }
    }

    /// The open mandate that an adviser has for a person.
    public func mandate(
        of adviser: InternedID?, for person: InternedID?, _ view: AsOf
    ) -> StateChange? {
        guard let adviser else { return nil }
        let last = persons.last(
            of: person, view, among: EventTypeSet(.mandateOpen, .mandateClose)
        ) { $0.party == adviser }
        return last?.type == .mandateOpen ? last : nil
    }

    /// The open request of a person under a reference.
    public func request(
        of person: InternedID?, reference: InternedID?, _ view: AsOf
    ) -> StateChange? {
        guard let reference else { return nil }
        let last = persons.last(
            of: person, view, among: EventTypeSet(.dsrReceive, .dsrAnswer)
        ) { $0.reference == reference }
        return last?.type == .dsrReceive ? last : nil
    }
}
