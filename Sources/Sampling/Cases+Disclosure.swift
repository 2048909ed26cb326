// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The cases of R39, R40, X06, X08 and X10: summaries, hours, external candidates, disability.
extension CaseBook {
    static let thresholds = [
        "summary_agent_share_max=80", "summary_agents_min=5", "summary_employer_share_max=85",
        "summary_employers_min=3", "summary_group_min=10", "summary_persons_min=11",
        "summary_subject_percent_min=50", "summary_width_min=5",
    ]

    func compute(
        _ name: String, _ perimeter: String, _ period: String, _ instant: Int64,
        _ thresholds: [String] = CaseBook.thresholds
    ) -> SampleEvent {
        SampleEvent(
            "summary.compute", .governance, at: instant,
            [
                (.reference, .text(name)), (.perimeter, .text(perimeter)),
                (.tableSpec, .text("\(period) licences")), (.thresholds, .texts(thresholds)),
            ])
    }

    mutating func release(
        _ name: String, _ perimeter: String, _ instant: Int64, hash: String? = nil
    ) -> SampleEvent {
        let digest = hash ?? random.hexadecimal(64)
        return SampleEvent(
            "summary.release", .governance, at: instant,
            [
                (.reference, .text(name)), (.perimeter, .text(perimeter)),
                (.releaseHash, .text(digest)), (.approver, .text(officers.director)),
            ])
    }

    mutating func plantThresholds() {
        for place in 0..<3 {
            let (instant, perimeter) = (slot(), "K\(place)")
            let (right, wrong, none) = (
                reference("SYN"), reference("SYN"), reference("SYN")
            )
            add(compute(right, perimeter, "2026-10", instant))
            nearMiss("R39", "the thresholds of the set", release(right, perimeter, instant + 1000))
            var laxer = Self.thresholds
            if place == 0 { laxer[1] = "summary_agents_min=4" }
            if place == 1 { laxer[0] = "summary_agent_share_max=81" }
            if place == 2 { laxer.remove(at: 5) }
            add(compute(wrong, perimeter, "2026-11", instant + 2000, laxer))
            violate(["R39"], "laxer thresholds", release(wrong, perimeter, instant + 3000))
            violate(["R39"], "never computed", release(none, perimeter, instant + 4000))
        }
    }

    mutating func plantDifferences() {
        // The period and the one released before it, and whether their difference says too much.
        let pairs: [(String, String, Bool, String)] = [
            ("2026-10", "2026-10-01..2026-10-30", true, "a day less"),
            ("2026-10..2026-11", "2026-11..2026-12", true, "overlapping"),
            ("2026-10", "2026-10", true, "the same period again"),
            ("2026-Q4", "2026-10", false, "a month of the quarter"),
            ("2026-10", "2026-11", false, "the next month"),
            ("2026-10", "2026-10", false, "the same period, corrected"),
        ]
        for (place, pair) in pairs.enumerated() {
            let (instant, perimeter) = (slot(), "D\(place)")
            let (first, second) = (reference("SYN"), reference("SYN"))
            let hash = random.hexadecimal(64)
            add(compute(first, perimeter, pair.0, instant))
            add(release(first, perimeter, instant + 1000, hash: hash))
            if !pair.2, pair.0 == pair.1 {
                add(
                    "summary.correct", .governance, instant + 2000,
                    [
                        (.perimeter, .text(perimeter)), (.releaseHash, .text(hash)),
                        (.reasonCode, .text("TARDIF")),
                    ])
            }
            add(compute(second, perimeter, pair.1, instant + 3000))
            let again = release(second, perimeter, instant + 4000)
            if pair.2 { violate(["R40"], pair.3, again) } else { nearMiss("R40", pair.3, again) }
        }
    }

    mutating func plantHours() {
        let day = SampleTime.workingDay(from: pilotStart + 12)
        let limits: [(Int64, Bool, String)] = [
            (SampleTime.paris(day, 7, 30) - 1000, true, "one second before opening"),
            (SampleTime.paris(day, 7, 30), false, "at opening"),
            (SampleTime.paris(day, 19, 30) - 1000, false, "one second before closing"),
            (SampleTime.paris(day, 19, 30), true, "at closing"),
            (SampleTime.paris(pilotStart + 9, 11), true, "on a Saturday"),
            (SampleTime.paris(SampleTime.dayNumber(2026, 10, 25), 3), true, "in the long night"),
            (SampleTime.paris(SampleTime.dayNumber(2026, 11, 11), 11), true, "on a holiday"),
        ]
        for (instant, isOutside, note) in limits {
            let helper = adviser()
            let seen = view(person(of: helper, before: instant), helper, instant)
            if isOutside { violate(["X06"], note, seen) } else { nearMiss("X06", note, seen) }
        }
        let helper = adviser()
        let instant = SampleTime.paris(day, 21)
        nearMiss("X06", "no profile", search("offer.search", helper, instant, Self.offers))
    }

    mutating func plantExternalCandidates() {
        for _ in 0..<3 {
            let (helper, instant) = (adviser(), slot())
            let offer = offer("M1805", before: instant)
            let message = access(
                "linkedin.message", helper, instant, Self.offers,
                [(.reference, .text("LK-" + random.hexadecimal(8)))])
            let named = message.with(.offerRef, .text(offer.reference)).moved(by: 1000)
            violate(["X08"], "for an offer, without a search", named)
            nearMiss(
                "X08", "after a search", named.with(.noMatchRef, .text("NM-K1")).moved(by: 1000))
            nearMiss("X08", "for no offer", message)
        }
    }

    /// Somebody left the list just after the log began; their disability is seen six months later.
    mutating func plantDisability() {
        let left = SampleTime.paris(prologue + 1, 10)
        let limit = SampleTime.dayNumber(2027, 3, 15)
        for place in 0..<3 {
            let helper = adviser()
            let seeker = CasePerson(pid: personPID(), rome: "M1805", agreement: "")
            add(
                act(
                    "portfolio.release", .employment, newcomer("CONS_EMPLOI"), left,
                    [(.subject, .person(seeker.pid))]))
            func seen(_ book: CaseBook, _ day: Int, _ categories: [String]) -> SampleEvent {
                book.view(seeker, helper, SampleTime.paris(day, 11) + Int64(place) * 1000)
                    .with(.caseRef, .text("CASE-K0")).with(.categories, .texts(categories))
            }
            violate(["R03"], "disability seen, within six months", seen(self, limit, ["SA"]))
            violate(["R03", "X10"], "a day after six months", seen(self, limit + 1, ["SA"]))
            nearMiss("X10", "another category", seen(self, limit + 2, ["CV"]))
            nearMiss("X10", "refused", refused(seen(self, limit + 3, ["SA"])))
        }
    }
}
