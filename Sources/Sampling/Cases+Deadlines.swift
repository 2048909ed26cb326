// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The cases of rules that wait for something: R24 to R29, R38 and X13.
extension CaseBook {
    private static let second: Int64 = 1_000

    /// An instant that leaves some days before the end of the log.
    private mutating func roomySlot() -> Int64 {
        let limit = SampleTime.paris(pilotEnd - 7, 0)
        while true {
            let instant = slot()
            if instant < limit { return instant }
        }
    }

    mutating func plantDeactivations() {
        let day = SampleTime.day
        for type in ["adviser.withdraw", "adviser.leave", "adviser.move"] {
            let instant = roomySlot()
            leave(type, instant, after: day + Self.second, breaks: "revoked 24 h and 1 s after")
            leave(type, instant, after: day, breaks: nil)
        }
        let idle = recruit(Recruitment(licenceSteps: 3), at: SampleTime.paris(pilotStart - 9, 8))
        nearMiss(
            "R24", "no active licence", act("adviser.withdraw", .licences, idle, slot()))
        // The night of 25 hours: the same time of day is an hour too late.
        let autumn = SampleTime.dayNumber(2026, 10, 24)
        let long = SampleTime.paris(autumn + 1, 20) - SampleTime.paris(autumn, 20)
        leave(
            "adviser.withdraw", SampleTime.paris(autumn, 20), after: long,
            breaks: "the same time the next day, after a night of 25 hours")
        let spring = SampleTime.dayNumber(2027, 3, 27)
        let short = SampleTime.paris(spring + 1, 20) - SampleTime.paris(spring, 20)
        leave("adviser.withdraw", SampleTime.paris(spring, 20), after: short, breaks: nil)
    }

    private mutating func leave(
        _ type: String, _ instant: Int64, after delay: Int64, breaks note: String?
    ) {
        let leaver = recruit(at: min(SampleTime.paris(pilotStart - 9, 8), instant - SampleTime.day))
        let event = act(type, .licences, leaver, instant)
        if let note { violate(["R24"], note, event) } else { nearMiss("R24", "in time", event) }
        licence("revoke", leaver.licence, at: instant + delay)
    }

    mutating func plantPropagations() {
        let limit = 72 * SampleTime.hour
        for delay in [limit + Self.second, limit, -SampleTime.minute, Int64.max] {
            let (helper, instant) = (adviser(), roomySlot())
            let seeker = person(of: helper, before: instant)
            let offer = offer(seeker.rome, before: instant)
            let given = share(seeker, offer, helper, instant - SampleTime.hour)
            add(given)
            let event = SampleEvent(
                "agreement.withdraw", .employment, at: instant,
                [(.agreementRef, .text(seeker.agreement)), (.subject, .person(seeker.pid))])
            if delay > limit {
                violate(["R25"], "deleted too late, or never", event)
            } else {
                nearMiss("R25", "deleted in time", event)
            }
            guard delay != .max else { continue }
            delete(seeker.pid, offer.employer, at: instant + delay)
        }
        plantTwoRecipients()
        let (helper, instant) = (adviser(), roomySlot())
        let seeker = person(of: helper, before: instant)
        nearMiss(
            "R25", "never given to anybody",
            SampleEvent(
                "agreement.withdraw", .employment, at: instant,
                [(.agreementRef, .text(seeker.agreement)), (.subject, .person(seeker.pid))]))
    }

    private mutating func plantTwoRecipients() {
        let (helper, instant) = (adviser(), roomySlot())
        let seeker = person(of: helper, before: instant)
        let (one, two) = (
            offer(seeker.rome, before: instant), offer(seeker.rome, before: instant)
        )
        add(share(seeker, one, helper, instant - 2000))
        add(share(seeker, two, helper, instant - 1000))
        violate(
            ["R25"], "one recipient of two deleted",
            SampleEvent(
                "agreement.withdraw", .employment, at: instant,
                [(.agreementRef, .text(seeker.agreement)), (.subject, .person(seeker.pid))]))
        delete(seeker.pid, one.employer, at: instant + SampleTime.hour)
    }

    private mutating func delete(_ person: String, _ recipient: String, at instant: Int64) {
        add(
            "recipient.delete", .employment, instant,
            [(.recipient, .text(recipient)), (.subject, .person(person))])
    }

    mutating func plantBreakGlassReviews() {
        let (four, limit) = (4 * SampleTime.hour, 48 * SampleTime.hour)
        for (span, review) in [
            (four, limit + Self.second), (four + Self.second, SampleTime.hour), (four, limit),
            (four, Int64.max), (four - 1, SampleTime.hour), (SampleTime.hour, limit - 1),
        ] {
            let (helper, instant) = (newcomer("CONS_PRO"), roomySlot() / 1000 * 1000)
            let event = act(
                "breakglass.open", .portal, helper, instant,
                [(.reasonCode, .text("URGENCE")), (.expiresAt, .instant(instant + span))])
            if span > four || review > limit {
                violate(["R26"], "open for too long, or reviewed too late", event)
            } else {
                nearMiss("R26", "at both limits", event)
            }
            guard review != .max else { continue }
            add(
                act(
                    "breakglass.review", .governance, helper, instant + review,
                    [(.reviewer, .text(officers.dpo))]))
        }
    }

    mutating func plantRequestClocks() {
        let received = SampleTime.paris(prologue + 1, 10)
        let due = SampleTime.paris(SampleTime.dayNumber(2026, 10, 16), 0)
        request("answered on the last day", received, answer: due - 1, isLate: false)
        request("answered the day after", received, answer: due, isLate: true)
        request("never answered", received, answer: nil, isLate: true)
        request("answered at once", received, answer: received + 1000, isLate: false)
        request("extended in time", received, extend: due - 1000, answer: nil, isLate: false)
        request("extended too late", received, extend: due, answer: due + 1000, isLate: true)
    }

    private mutating func request(
        _ note: String, _ received: Int64, extend: Int64? = nil, answer: Int64?, isLate: Bool
    ) {
        let subject = SampleEvent.Member(.subject, .person(personPID()))
        let name = SampleEvent.Member(.reference, .text(reference("DSR")))
        let due = SampleEvent.Member(.dueAt, .instant(received + 30 * SampleTime.day))
        let event = SampleEvent("dsr.receive", .employment, at: received, [subject, name, due])
        if isLate { violate(["R27"], note, event) } else { nearMiss("R27", note, event) }
        if let extend { add("dsr.extend", .employment, extend, [subject, name, due]) }
        let answer = answer ?? (extend.map { _ in SampleTime.paris(prologue + 60, 10) })
        if let answer { add("dsr.answer", .employment, answer, [subject, name]) }
    }

    /// All before the pilot, so that the rule has nothing to judge at the end of the log (X05).
    mutating func plantIncidents() {
        let (day, limit) = (SampleTime.day, 72 * SampleTime.hour)
        let plans: [(String, Int64, String, Int64?, Bool)] = [
            ("notified 72 h and 1 s after", day, "RISQUE", limit + Self.second, true),
            ("qualified 24 h and 1 s after", day + Self.second, "RISQUE", limit, true),
            ("qualified and notified at the limit", day, "RISQUE", limit, false),
            ("without risk, not notified", day, "SANS-RISQUE", nil, false),
            ("qualified and notified at once", 0, "RISQUE", 0, false),
            ("with risk, never notified", day, "RISQUE", nil, true),
        ]
        for (place, plan) in plans.enumerated() {
            let aware = SampleTime.paris(prologue + 5, 8 + place)
            let name = SampleEvent.Member(.reference, .text(reference("INC")))
            let event = SampleEvent(
                "incident.detect", .governance, at: aware, [name, (.awareAt, .instant(aware))])
            let isLast = place == plans.count - 1
            if plan.4 {
                violate(isLast ? ["R28", "X05"] : ["R28"], plan.0, event)
            } else {
                nearMiss("R28", plan.0, event)
            }
            add(
                "incident.qualify", .governance, aware + plan.1 + 1,
                [name, (.outcomeCode, .text(plan.2))])
            if let notified = plan.3 {
                add("incident.notify", .governance, aware + notified + 2, [name])
            }
        }
    }

    mutating func plantFollowUps() {
        let start = SampleTime.paris(prologue + 1, 9)
        for (delay, isLate) in Self.aroundThirtyDays {
            let name = SampleEvent.Member(.observationRef, .text(reference("OBS")))
            let body = SampleEvent.Member(.body, .text("CSEC"))
            let event = SampleEvent(
                "cse.observation", .governance, at: start,
                [name, body, (.dueAt, .instant(start + 30 * SampleTime.day))])
            mark("R29", isLate, event)
            if let delay { add("cse.answer", .governance, start + delay, [name, body]) }
        }
        for (delay, isLate) in Self.aroundThirtyDays {
            let name = SampleEvent.Member(.measure, .text(reference("MES")))
            let event = SampleEvent(
                "dpia.measure", .governance, at: start,
                [name, (.owner, .text(officers.dpo))])
            mark("R38", isLate, event)
            if let delay {
                add(
                    "control.link", .governance, start + delay,
                    [name, (.control, .text("R14"))])
            }
        }
        plantDeletionNotices(start)
    }

    /// All before the pilot, the last one a dead rule's last (X05).
    private mutating func plantDeletionNotices(_ start: Int64) {
        for (place, plan) in Self.aroundThirtyDays.enumerated() {
            let instant = start + Int64(place) * SampleTime.hour
            let name = SampleEvent.Member(.reference, .text(reference("AVIS")))
            let event = SampleEvent(
                "linkedin.deletion_notice", .linkedin, at: instant,
                [name, (.dueAt, .instant(instant + 30 * SampleTime.day))])
            if place == Self.aroundThirtyDays.count - 1 {
                violate(["X05", "X13"], "never acted on, and the last notice", event)
            } else {
                mark("X13", plan.isLate, event)
            }
            if let delay = plan.delay {
                add(
                    "erasure.perform", .employment, instant + delay,
                    [name, (.subject, .person(personPID()))])
            }
        }
    }

    private static let aroundThirtyDays: [(delay: Int64?, isLate: Bool)] = [
        (30 * SampleTime.day, false), (30 * SampleTime.day + 1000, true), (1000, false),
        (31 * SampleTime.day, true), (30 * SampleTime.day - 1000, false), (nil, true),
    ]

    private mutating func mark(_ rule: String, _ isLate: Bool, _ event: SampleEvent) {
        if isLate {
            violate([rule], "after the deadline, or never", event)
        } else {
            nearMiss(rule, "in time", event)
        }
    }

    mutating func plantControls() {
        let start = SampleTime.paris(prologue + 2, 15)
        for place in 0..<3 {
            let instant = start + Int64(place) * SampleTime.hour
            let name = reference("IND")
            let linked = SampleEvent.Member(.measure, .text(name))
            violate(["R38"], "an indicator without a control", indicator(name, 1, instant))
            nearMiss(
                "R38", "a control that exists",
                SampleEvent(
                    "control.link", .governance, at: instant + 1000,
                    [linked, (.control, .text("R14"))]))
            nearMiss("R38", "the control was linked before", indicator(name, 2, instant + 2000))
            violate(
                ["R38"], "a control that does not exist",
                SampleEvent(
                    "control.link", .governance, at: instant + 3000,
                    [linked, (.control, .text("R99"))]))
        }
    }

    /// A figure that is reported, with the number that it rests on.
    func indicator(_ name: String, _ number: Int64, _ instant: Int64) -> SampleEvent {
        SampleEvent(
            "indicator.report", .governance, at: instant,
            [
                (.indicator, .text(name)), (.value, .integer(number)), (.n, .integer(number)),
                (.intervalLow, .integer(number)), (.intervalHigh, .integer(number)),
            ])
    }

    /// An indicator that has a control.
    mutating func linkedIndicator(_ name: String, control: String, at instant: Int64) {
        add(
            "control.link", .governance, instant,
            [(.measure, .text(name)), (.control, .text(control))])
    }
}
