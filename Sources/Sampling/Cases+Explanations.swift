// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The cases of R15: accesses outside the portfolio, and each explanation at its limits.
extension CaseBook {
    /// Somebody in a colleague's portfolio, and who looks at them.
    private mutating func stranger() -> (CasePerson, SampleAdviser, Int64) {
        let instant = slot()
        let helper = adviser()
        let colleague = newcomer("CONS_EMPLOI")
        return (person(of: colleague, before: instant), helper, instant)
    }

    mutating func plantUnexplained() {
        for _ in 0..<3 {
            let (seeker, helper, instant) = stranger()
            violate(["R15"], "in nobody's explanation", view(seeker, helper, instant))
            nearMiss(
                "R15", "the same, refused, under P1",
                refused(view(seeker, helper, instant + 1).with(.purpose, .text(Self.offers))))
        }
        let browser = recruit(at: SampleTime.paris(pilotStart - 6, 8))
        let instant = slot()
        for place in 0..<6 {
            let seeker = person(of: newcomer("CONS_EMPLOI"), before: instant)
            violate(
                ["R15"], "number \(place + 1) of six in one morning",
                view(seeker, browser, instant + Int64(place) * 120_000))
        }
        let (seeker, _, moment) = stranger()
        violate(
            ["R15"], "an employment adviser, another's portfolio",
            view(seeker, newcomer("CONS_EMPLOI"), moment))
        let (own, helper, time) = stranger()
        assign(own.pid, to: helper, rome: own.rome, at: time)
        violate(["R15"], "E1: 1 ms before the assignment", view(own, helper, time - 1))
        nearMiss("R15", "E1: assigned at that millisecond", view(own, helper, time))
    }

    mutating func plantAppointments() {
        let week = 7 * SampleTime.day
        for (place, offset) in [-week, week, week - 1, 0].enumerated() {
            let (seeker, helper, instant) = stranger()
            guard instant + offset < SampleTime.paris(pilotEnd, 0) else { continue }
            add(meeting(seeker, helper, instant + offset))
            nearMiss("R15", "E2: appointment at limit \(place)", view(seeker, helper, instant))
        }
        for offset in [-week - 1, week + 1] {
            let (seeker, helper, instant) = stranger()
            add(meeting(seeker, helper, instant + offset))
            violate(["R15"], "E2: 1 ms beyond seven days", view(seeker, helper, instant))
        }
        let (seeker, helper, instant) = stranger()
        add(meeting(seeker, newcomer("CONS_PRO"), instant))
        violate(["R15"], "E2: somebody else's appointment", view(seeker, helper, instant))
        plantSummerTimeNights(week)
    }

    /// Seven days are 168 hours, also across a night of 23 or of 25 hours.
    private mutating func plantSummerTimeNights(_ week: Int64) {
        for day in [SampleTime.dayNumber(2026, 10, 25), SampleTime.dayNumber(2027, 3, 28)] {
            let instant = SampleTime.paris(day + 2, 10)
            guard day - 6 > pilotStart, day + 3 < pilotEnd else { continue }
            let helper = adviser()
            let seeker = person(of: newcomer("CONS_EMPLOI"), before: instant)
            add(meeting(seeker, helper, instant - week))
            nearMiss(
                "R15", "E2: 168 hours across the change of time", view(seeker, helper, instant))
            violate(
                ["R15"], "E2: 168 hours and 1 ms across the change of time",
                view(seeker, helper, instant + 1))
        }
    }

    private func meeting(
        _ seeker: CasePerson, _ helper: SampleAdviser, _ instant: Int64
    ) -> SampleEvent {
        act("appointment.hold", .employment, helper, instant, [(.subject, .person(seeker.pid))])
    }

    mutating func plantOfferExplanations() {
        for _ in 0..<3 {
            let (seeker, helper, instant) = stranger()
            let offer = offer(seeker.rome, before: instant)
            let seen = view(seeker, helper, instant).with(.offerRef, .text(offer.reference))
            nearMiss("R15", "E3: open offer for the occupation sought", seen)
            close(offer, at: instant + SampleTime.minute)
            violate(["R15"], "E3: the offer has closed", seen.moved(by: SampleTime.minute))
        }
        let (seeker, helper, instant) = stranger()
        let other = offer(seeker.rome == "M1805" ? "M1801" : "M1805", before: instant)
        let seen = view(seeker, helper, instant).with(.offerRef, .text(other.reference))
        violate(["R15"], "E3: another occupation", seen)
        let applied = instant + SampleTime.hour
        violate(["R15"], "E4: 1 ms before the application", seen.moved(by: SampleTime.hour - 1))
        mention("application.receive", seeker, at: applied, [(.offerRef, .text(other.reference))])
        for delay in [SampleTime.hour + 1, 2 * SampleTime.hour, SampleTime.day] {
            nearMiss("R15", "E4: applied for that offer", seen.moved(by: delay))
        }
    }

    mutating func plantMandates() {
        for _ in 0..<3 {
            let (seeker, helper, instant) = stranger()
            let end = instant + SampleTime.hour
            add(
                act(
                    "mandate.open", .employment, helper, instant,
                    [(.subject, .person(seeker.pid))]))
            violate(["R15"], "E5: 1 ms before the mandate", view(seeker, helper, instant - 1))
            nearMiss("R15", "E5: the mandate opens", view(seeker, helper, instant))
            nearMiss("R15", "E5: 1 ms before the mandate ends", view(seeker, helper, end - 1))
            add(
                act("mandate.close", .employment, helper, end, [(.subject, .person(seeker.pid))]))
            violate(["R15"], "E5: the mandate has ended", view(seeker, helper, end))
        }
    }

    mutating func plantRequests() {
        for _ in 0..<3 {
            let (seeker, helper, instant) = stranger()
            let request = SampleEvent.Member(.reference, .text(reference("DSR")))
            mention(
                "dsr.receive", seeker, at: instant - SampleTime.hour,
                [request, (.dueAt, .instant(instant + 30 * SampleTime.day))])
            let seen = view(seeker, helper, instant)
            nearMiss("R15", "E6: the person's request", seen.with(request.field, request.value))
            violate(["R15"], "E6: no reference", seen.moved(by: 1000))
            let end = instant + SampleTime.hour
            mention("dsr.answer", seeker, at: end, [request])
            violate(
                ["R15"], "E6: answered",
                seen.moved(by: SampleTime.hour).with(request.field, request.value))
            let file = SampleValue.text(reference("CASE"))
            nearMiss("R15", "E7: in a case", seen.moved(by: 2000).with(.caseRef, file))
        }
    }

    mutating func plantHandovers() {
        let fortnight = 14 * SampleTime.day
        for _ in 0..<3 {
            let (helper, instant) = (adviser(), slot())
            let leave = max(instant - fortnight, SampleTime.paris(pilotStart - 10, 12))
            let seeker = person(of: helper, before: leave)
            add(
                act(
                    "portfolio.release", .employment, helper, leave,
                    [(.subject, .person(seeker.pid))]))
            nearMiss(
                "R15", "E8: fourteen days exactly", view(seeker, helper, leave + fortnight))
            violate(
                ["R15"], "E8: fourteen days and 1 ms",
                view(seeker, helper, leave + fortnight + 1))
        }
    }

    mutating func plantBreakGlass() {
        for _ in 0..<3 {
            let (seeker, _, instant) = stranger()
            let helper = recruit(at: SampleTime.paris(pilotStart - 6, 9))
            let end = instant + SampleTime.hour
            add(
                act(
                    "breakglass.open", .portal, helper, instant,
                    [(.reasonCode, .text("URGENCE")), (.expiresAt, .instant(end))]))
            violate(["R15"], "E9: 1 ms before break-glass", view(seeker, helper, instant - 1))
            nearMiss("R15", "E9: break-glass opens", view(seeker, helper, instant))
            nearMiss("R15", "E9: 1 ms before it expires", view(seeker, helper, end - 1))
            violate(["R15"], "E9: expired at that millisecond", view(seeker, helper, end))
            add(
                act(
                    "breakglass.review", .governance, helper, instant + SampleTime.day,
                    [(.reviewer, .text(officers.dpo))]))
            violate(
                ["R15"], "E9: somebody else's break-glass",
                view(seeker, newcomer("CONS_EMPLOI"), instant + SampleTime.minute))
        }
    }
}
