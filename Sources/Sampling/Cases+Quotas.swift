// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The cases of R31 to R34, X01 and X07: how much in how long.
extension CaseBook {
    /// Seconds between two views, so that no hour holds more than twenty-five.
    private static let pause: Int64 = 150_000

    /// A working day after the first week, at nine.
    private func morning(_ number: Int) -> Int64 {
        var day = SampleTime.workingDay(from: pilotStart + 7)
        for _ in 0..<number { day = SampleTime.workingDay(from: day + 1) }
        return SampleTime.paris(day, 9)
    }

    private mutating func volunteer() -> SampleAdviser {
        recruit(at: SampleTime.paris(pilotStart - 9, 8))
    }

    mutating func plantVolumes() {
        for place in 0..<3 {
            plantDay(morning(place))
            plantHour(morning(place + 3))
        }
        for place in 0..<3 { plantHabit(place) }
    }

    private mutating func plantDay(_ start: Int64) {
        let helper = volunteer()
        for number in 1...61 {
            let seeker = person(of: helper, before: start, informed: false, scope: [])
            let instant = start + Int64(number) * Self.pause
            let seen = view(seeker, helper, instant)
            switch number {
            case 60:
                nearMiss("R31", "sixty people in a day", seen)
                nearMiss("R31", "one of them again", view(seeker, helper, instant + 1000))
            case 61: violate(["R31"], "sixty-one people in a day", seen)
            default: add(seen)
            }
        }
    }

    private mutating func plantHour(_ start: Int64) {
        for (pause, isTooMany) in [(Int64(143_000), true), (144_000, false)] {
            let helper = volunteer()
            for number in 0..<26 {
                let seeker = person(of: helper, before: start, informed: false, scope: [])
                let seen = view(seeker, helper, start + Int64(number) * pause)
                if number < 25 {
                    add(seen)
                } else if isTooMany {
                    violate(["R31"], "twenty-six people in less than an hour", seen)
                } else {
                    nearMiss("R31", "the twenty-sixth an hour after the first", seen)
                }
            }
        }
    }

    private mutating func plantHabit(_ place: Int) {
        let helper = volunteer()
        for day in 0..<10 {
            for number in 0..<3 {
                let start = morning(day) + Int64(number) * SampleTime.hour
                let seeker = person(of: helper, before: start, informed: false, scope: [])
                add(view(seeker, helper, start + Int64(place) * 1000))
            }
        }
        let start = morning(10) + Int64(place) * SampleTime.minute
        for number in 1...31 {
            let seeker = person(of: helper, before: start, informed: false, scope: [])
            let seen = view(seeker, helper, start + Int64(number) * Self.pause)
            switch number {
            case 30: nearMiss("R31", "ten times the usual, and few", seen)
            case 31: violate(["R31"], "far above the own habit", seen)
            default: add(seen)
            }
        }
    }

    mutating func plantExports() {
        for place in 0..<3 {
            let helper = volunteer()
            let start = morning(place)
            for (step, count) in [Int64(10), 11, 20, 21].enumerated() {
                // Days apart, so that they do not add up.
                let event = export(count, helper, start + Int64(step) * 2 * SampleTime.day)
                if count > 10 {
                    violate(["R32"], "\(count) persons in one export", event)
                } else {
                    nearMiss("R32", "ten persons in one export", event)
                }
            }
            let other = volunteer()
            for step in 0..<5 {
                let event = export(10, other, start + Int64(step) * SampleTime.hour)
                if step < 4 { add(event) } else { nearMiss("R32", "fifty in a day", event) }
            }
            // Refused, so not done: R32 says nothing, though the policies would have permitted it.
            violate(
                ["M01"], "an export refused",
                refused(export(30, other, start + 5 * SampleTime.hour)))
            violate(
                ["R32"], "fifty-one in a day", export(1, other, start + 6 * SampleTime.hour))
        }
    }

    private func export(
        _ count: Int64, _ helper: SampleAdviser, _ instant: Int64
    ) -> SampleEvent {
        access(
            "export.perform", helper, instant, Self.promotion,
            [(.count, .integer(count)), (.categories, .texts(["CO", "CV", "PR"]))])
    }

    mutating func plantLowAndSlow() {
        for _ in 0..<3 {
            let helper = volunteer()
            for number in 1...151 {
                let (day, place) = ((number - 1) / 20, Int64((number - 1) % 20))
                let stranger = CasePerson(pid: personPID(), rome: "M1805", agreement: "")
                let seen = view(stranger, helper, morning(day) + place * 180_000)
                    .with(.caseRef, .text("CASE-K0"))
                switch number {
                case 150: nearMiss("R33", "150 people outside the portfolio", seen)
                case 151: violate(["R33"], "151 people outside the portfolio", seen)
                default: add(seen)
                }
            }
            nearMiss(
                "R33", "one more in the portfolio",
                view(person(of: helper, before: morning(8)), helper, morning(8)))
        }
    }

    mutating func plantFailedLogins() {
        for place in 0..<3 {
            let start = morning(place)
            let (one, two) = (newcomer("CONS_PRO"), newcomer("CONS_PRO"))
            nearMiss("R34", "ten failures", failure(one, 10, start))
            violate(["R34"], "eleven failures", failure(one, 1, start + 60_000))
            add(failure(two, 10, start))
            add(act("auth.lock", .portal, two, start + 30_000))
            nearMiss("R34", "locked in between", failure(two, 1, start + 60_000))
            plantRefusals(morning(place))
        }
    }

    private func failure(
        _ helper: SampleAdviser, _ attempts: Int64, _ instant: Int64
    ) -> SampleEvent {
        act("auth.fail", .portal, helper, instant, [(.attempts, .integer(attempts))])
    }

    private mutating func plantRefusals(_ start: Int64) {
        for (pause, isTooMany) in [(Int64(60_000), true), (120_000, false)] {
            let helper = volunteer()
            let seeker = person(of: helper, before: start)
            for number in 0..<31 {
                let seen = view(seeker, helper, start + Int64(number) * pause)
                let tried = refused(seen.with(.purpose, .text(Self.offers)))
                if number < 30 {
                    add(tried)
                } else if isTooMany {
                    violate(["R34"], "thirty-one refusals in an hour", tried)
                } else {
                    nearMiss("R34", "the thirty-first an hour after the first", tried)
                }
            }
        }
    }

    mutating func plantSessions() {
        for place in 0..<3 {
            let start = morning(place)
            let (one, two, three) = (
                newcomer("CONS_PRO"), newcomer("CONS_PRO"), newcomer("CONS_PRO")
            )
            add(session("open", one, start))
            violate(["X01"], "a second session", session("open", one, start + SampleTime.hour))
            add(session("open", two, start))
            add(session("close", two, start + SampleTime.hour))
            nearMiss("X01", "the first was closed", session("open", two, start + SampleTime.hour))
            add(session("open", three, start))
            nearMiss(
                "X01", "twelve hours later", session("open", three, start + 12 * SampleTime.hour))
        }
    }

    private func session(
        _ step: String, _ helper: SampleAdviser, _ instant: Int64
    ) -> SampleEvent {
        act(
            "session.\(step)", .portal, helper, instant,
            step == "open" ? [(.deviceKind, .text("POSTE")), (.mfa, .flag(true))] : [])
    }

    mutating func plantRepeatedPromotions() {
        for place in 0..<3 {
            let start = morning(place)
            for isTooMany in [true, false] {
                let helper = adviser()
                let seeker = person(of: helper, before: start)
                let offer = offer(seeker.rome, before: start)
                for number in 1...11 {
                    // The eleventh in time is exactly thirty days after the first.
                    let late = !isTooMany && number == 11
                    let instant =
                        late
                        ? start + 30 * SampleTime.day : start + Int64(number - 1) * 600_000
                    let promoted = promote(seeker, offer, helper, instant)
                    if number < 10 {
                        add(promoted)
                    } else if number == 10 {
                        nearMiss("X07", "ten promotions", promoted)
                    } else if isTooMany {
                        violate(["X07"], "eleven promotions", promoted)
                    } else if isWorked(instant) {
                        nearMiss("X07", "the eleventh after thirty days", promoted)
                    }
                }
            }
        }
    }

    /// Whether the pilot runs and people work at an instant.
    private func isWorked(_ instant: Int64) -> Bool {
        instant < SampleTime.paris(pilotEnd, 0)
            && SampleTime.isWorkingDay(Int(instant.flooredQuotient(SampleTime.day)))
    }
}
