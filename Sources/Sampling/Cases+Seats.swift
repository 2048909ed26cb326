// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The cases of R30, X02, X03 and X04: seats, and who looks after them.
extension CaseBook {
    /// A licence that is assigned, and not active yet.
    private mutating func seat(_ instant: Int64, like other: SampleAdviser? = nil) -> SampleAdviser
    {
        var holder = newcomer("CONS_PRO")
        if let other {
            (holder.region, holder.establishment) = (other.region, other.establishment)
        }
        enrol(holder, at: instant)
        holder.licence = license(holder, at: instant + SampleTime.minute, steps: 3)
        return holder
    }

    private func step(_ change: String, _ holder: SampleAdviser, _ instant: Int64) -> SampleEvent {
        SampleEvent(
            "licence.\(change)", .licences, at: instant, [(.licenceID, .text(holder.licence))])
    }

    /// On days when nobody else has a licence yet.
    mutating func plantCaps() {
        let start = SampleTime.paris(prologue + 1, 8)
        let (hour, minute) = (SampleTime.hour, SampleTime.minute)
        linkedIndicator("PLAFOND-LICENCES", control: "R30", at: start - hour)
        linkedIndicator("PLAFOND-ETABLISSEMENT", control: "R30", at: start - hour)
        add(indicator("PLAFOND-LICENCES", 2, start))
        let seats = (0..<5).map { _ in seat(start) }
        let noon = start + 4 * hour
        nearMiss("R30", "one of two", step("activate", seats[0], noon))
        nearMiss("R30", "two of two", step("activate", seats[1], noon + minute))
        violate(["R30"], "three of two", step("activate", seats[2], noon + 2 * minute))
        violate(["R30"], "four of two", step("activate", seats[3], noon + 3 * minute))
        for place in 0..<3 { add(step("suspend", seats[place], noon + 4 * minute)) }
        nearMiss("R30", "seats were given back", step("activate", seats[4], noon + 5 * minute))
        violate(["R30"], "restored beyond the cap", step("restore", seats[0], noon + 6 * minute))
        add(indicator("PLAFOND-LICENCES", 500, noon + 7 * minute))
        for seat in seats { add(step("revoke", seat, noon + 8 * minute)) }
        plantEstablishmentCaps(SampleTime.paris(prologue + 2, 8))
    }

    private mutating func plantEstablishmentCaps(_ start: Int64) {
        let minute = SampleTime.minute
        add(indicator("PLAFOND-ETABLISSEMENT", 1, start))
        var first = newcomer("CONS_PRO", place: 3)
        first.establishment = "ET-K-1"
        let one = seat(start, like: first)
        let two = seat(start, like: first)
        first.establishment = "ET-K-2"
        let other = seat(start, like: first)
        let noon = start + 4 * SampleTime.hour
        nearMiss("R30", "the first of an establishment", step("activate", one, noon))
        nearMiss("R30", "the first of another", step("activate", other, noon + minute))
        violate(["R30"], "two in one establishment", step("activate", two, noon + 2 * minute))
        add(indicator("PLAFOND-ETABLISSEMENT", 100, noon + 3 * minute))
        for seat in [one, two, other] { add(step("revoke", seat, noon + 4 * minute)) }
    }

    /// On a day when nobody has a licence.
    mutating func plantBills() {
        let start = SampleTime.paris(prologue + 3, 8)
        let name = "SIEGES-FACTURES"
        linkedIndicator(name, control: "X04", at: start)
        nearMiss("X04", "none granted, none billed", indicator(name, 0, start + 1000))
        let (one, two) = (seat(start), seat(start))
        let noon = start + 4 * SampleTime.hour
        nearMiss("X04", "two granted, two billed", indicator(name, 2, noon))
        violate(["X04"], "one too many", indicator(name, 3, noon + 1000))
        violate(["X04"], "one too few", indicator(name, 1, noon + 2000))
        add(step("revoke", one, noon + 3000))
        nearMiss("X04", "one granted, one billed", indicator(name, 1, noon + 4000))
        // No bill comes any more: the rule looks dead at the end of the log.
        violate(
            ["X04", "X05"], "a revoked seat is billed, and the last bill",
            indicator(name, 2, noon + 5000))
        add(step("revoke", two, noon + 6000))
    }

    /// Seats that do not serve for sixty days, and reviews ninety-two days apart.
    mutating func plantIdleSeats() {
        let limit = 60 * SampleTime.day
        for place in 0..<3 {
            let start = SampleTime.paris(pilotStart + 11 + place, 10)
            for (delay, isLate) in [(limit + 1000, true), (limit, false)] {
                let holder = recruit(at: SampleTime.paris(pilotStart - 9, 8))
                keptLicences.insert(holder.licence)
                let used = search("employer.search", holder, start, Self.prospection)
                if isLate, start + delay < SampleTime.paris(pilotEnd, 0) {
                    violate(["X02"], "not used for 60 days and 1 s", used)
                } else {
                    nearMiss("X02", "used again after 60 days", used)
                }
                add(search("employer.search", holder, start + delay, Self.prospection))
                licence("return", holder.licence, at: start + delay + SampleTime.hour)
            }
        }
        for place in 0..<3 {
            let start = SampleTime.paris(prologue + 1, 9 + place)
            let quarter = 92 * SampleTime.day
            for (days, isLate) in [(quarter + 1000, true), (quarter, false)] {
                let name = SampleEvent.Member(.reference, .text(reference("PER")))
                func review(_ instant: Int64) -> SampleEvent {
                    SampleEvent(
                        "entitlement.review", .governance, at: instant,
                        [name, (.reviewer, .text(officers.auditor))])
                }
                if isLate, start + days < SampleTime.paris(pilotEnd, 0) {
                    violate(["X03"], "reviewed after 92 days and 1 s", review(start))
                } else {
                    nearMiss("X03", "reviewed after 92 days", review(start))
                }
                add(review(start + days))
                add(review(start + days + 90 * SampleTime.day))
            }
        }
    }
}
