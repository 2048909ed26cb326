// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// A time at which a source sends no heartbeat, and what that breaks.
struct PlannedSilence: Sendable {
    var source: SampleSource
    var day: Int
    /// The minute of the day, in UTC, of the beat that does not come.
    var minute: Int
}

/// The cases of R35, R36, X09, X11 and X12: what does not come, comes late, or is never refused.
extension CaseBook {
    /// The head of the log, anchored at the same hour every day, but for three days.
    mutating func plantAnchors() {
        let missing = [pilotStart + 8, pilotStart + 15, pilotStart + 22]
        for day in prologue...pilotEnd where !missing.contains(day) {
            let instant = Int64(day) * SampleTime.day + 210 * SampleTime.minute
            let anchor = SampleEvent(
                "log.anchor", .governance, at: instant,
                [(.head, .latestRoot), (.last, .integer(0)), (.reference, .text("ANCRE"))])
            if missing.contains(day + 1) {
                violate(["R35"], "no anchor the next day", anchor)
            } else if day % 7 == 0, day < pilotEnd {
                nearMiss("R35", "24 hours to the next", anchor)
            } else {
                add(anchor)
            }
        }
    }

    /// Three nights without control, three beats that do not come: the simulation leaves them out.
    mutating func planSilences() {
        quietNights = [pilotStart + 9, pilotStart + 16, pilotStart + 23]
        silences = [
            PlannedSilence(source: .portal, day: pilotStart + 10, minute: 600),
            PlannedSilence(source: .linkedin, day: pilotStart + 11, minute: 601),
            PlannedSilence(source: .licences, day: pilotStart + 12, minute: 603),
        ]
    }

    mutating func plantLateEvents() {
        let (day, minute) = (SampleTime.day, SampleTime.minute)
        for place in 0..<3 {
            let instant = SampleTime.paris(prologue + 1 + place, 11)
            func notice() -> SampleEvent {
                SampleEvent(
                    "notice.person", .employment, at: instant,
                    [(.subject, .person(personPID()))])
            }
            violate(["R36"], "recorded after a day", notice().late(by: day + 1000))
            violate(["R36"], "recorded after 25 days", notice().late(by: 25 * day + 1000))
            nearMiss("R36", "recorded within a day", notice().late(by: day - minute))
            nearMiss(
                "R36", "declared afterwards",
                notice().with(.evidence, .text("declared")).late(by: 3 * day))
        }
    }

    mutating func plantClocks() {
        for place in 0..<3 {
            let instant = SampleTime.paris(prologue + 7, 9 + place)
            for (skew, isTooMuch) in [(Int64(300_000), false), (300_001, true)] {
                let sign: Int64 = place == 1 ? -1 : 1
                let sync = SampleEvent(
                    "clock.sync", .governance, at: instant, [(.value, .integer(skew * sign))])
                mark("X12", isTooMuch, "a skew of \(skew) ms", sync)
            }
            for (ahead, isTooMuch) in [(Int64(330_000), true), (250_000, false)] {
                let beat = SampleEvent(
                    "claim.register", .governance, at: instant + 60_000,
                    [(.reference, .text("HORLOGE")), (.value, .integer(0))])
                mark("X12", isTooMuch, "a clock \(ahead) ms ahead", beat.late(by: -ahead))
            }
            // The licences' own beat comes three minutes after each quarter of an hour.
            let beat = Int64(prologue + 8) * SampleTime.day + Int64(543 + 60 * place) * 60_000
            for (back, isTooMuch) in [(Int64(390_000), true), (280_000, false)] {
                let instant = beat - back + (isTooMuch ? 0 : 4 * SampleTime.hour)
                let late = SampleEvent("heartbeat", .licences, at: instant)
                mark("X12", isTooMuch, "a clock \(back) ms back", late.late(by: back + 30_000))
            }
        }
    }

    private mutating func mark(
        _ rule: String, _ isViolation: Bool, _ note: String, _ event: SampleEvent
    ) {
        if isViolation { violate([rule], note, event) } else { nearMiss(rule, note, event) }
    }

    /// Three Sunday mornings on which the transfer tool has run out.
    mutating func plantLapses() {
        let sundays = [pilotStart + 10, pilotStart + 17, pilotStart + 24]
        let ends = sundays.map { SampleTime.paris($0, 5) } + [SampleTime.paris(pilotEnd + 60, 0)]
        for (place, sunday) in sundays.enumerated() {
            let (helper, end) = (adviser(), SampleTime.paris(sunday, 5))
            func used(_ book: inout CaseBook, _ instant: Int64) -> SampleEvent {
                book.search("linkedin.search", helper, instant, Self.prospection)
            }
            let half = 30 * SampleTime.minute
            nearMiss("X09", "one second before the end", used(&self, end - 1000))
            violate(["X09"], "the tool has run out", used(&self, end))
            nearMiss("X09", "told once a lapse", used(&self, end + half))
            add(transfer(at: end + 2 * half, until: ends[place + 1]))
            nearMiss("X09", "renewed", used(&self, end + 2 * half))
        }
    }

    /// Until when the transfer tool is valid at first.
    var firstLapse: Int64 { SampleTime.paris(pilotStart + 10, 5) }

    /// Three sources of which no refusal is ever heard, and one that refuses once.
    mutating func plantSilentSources() {
        let start = SampleTime.paris(pilotStart, 10)
        let sources: [SampleSource] = [.annexOne, .annexTwo, .annexThree, .annexFour]
        for source in sources {
            let helper = recruit(at: SampleTime.paris(pilotStart - 9, 8))
            for number in 0..<110 {
                let instant = start + Int64(number) * 5 * SampleTime.hour
                add(used(source, helper, instant))
            }
            let last = start + 30 * SampleTime.day
            nearMiss("X11", "29 days without refusal", used(source, helper, last - SampleTime.day))
            if source == .annexFour {
                let tried = used(source, helper, last - 2 * SampleTime.day)
                    .with(.purpose, .text("P4-AUTRE"))
                add(refused(tried))
                nearMiss("X11", "one refusal", used(source, helper, last))
            } else {
                violate(["X11"], "thirty days without refusal", used(source, helper, last))
            }
        }
    }

    /// The large sources refuse now and then, however few advisers the simulation has.
    mutating func plantSourceRefusals() {
        for day in stride(from: pilotStart + 4, to: pilotEnd - 1, by: 12) {
            let instant = SampleTime.paris(SampleTime.workingDay(from: day), 11)
            guard instant < SampleTime.paris(pilotEnd, 0) else { continue }
            for (place, type) in ["linkedin.search", "offer.search"].enumerated() {
                let tried = search(type, adviser(), instant + Int64(place) * 1000, "P4-AUTRE")
                add(refused(tried))
            }
        }
    }

    private mutating func used(
        _ source: SampleSource, _ helper: SampleAdviser, _ instant: Int64
    ) -> SampleEvent {
        var event = search("employer.search", helper, instant, Self.prospection)
        event.source = source
        return event
    }
}
