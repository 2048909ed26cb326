// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Near misses that a waiver makes: the finding stays in every report, marked, and is no claim.
///
/// The waivers begin near the end of the pilot and run beyond it, so that none has come to its end.
extension CaseBook {
    mutating func plantWaived() {
        for place in 0..<3 {
            let start = SampleTime.paris(
                SampleTime.workingDay(from: pilotEnd - 15 + 2 * place), 10)
            waive("R03", from: start) { book, instant, helper, seeker in
                book.view(seeker, helper, instant).with(.categories, .texts(["CV", "NO"]))
            }
            waive("R06", from: start + SampleTime.hour) { book, instant, helper, seeker in
                let offer = book.unopenedOffer(seeker.rome)
                return book.promote(seeker, offer, helper, instant)
            }
            waive("R15", from: start + 3 * SampleTime.hour) { book, instant, _, seeker in
                book.view(seeker, book.adviser(), instant)
            }
        }
    }

    /// One breach before the waiver of a person's case, one during it, and one of somebody else.
    private mutating func waive(
        _ rule: String, from start: Int64,
        _ breach: (inout CaseBook, Int64, SampleAdviser, CasePerson) -> SampleEvent
    ) {
        let helper = adviser()
        let seeker = person(of: helper, before: start)
        let other = person(of: helper, before: start)
        violate([rule], "before the waiver", breach(&self, start - 60_000, helper, seeker))
        add(
            "waiver.grant", .governance, start,
            [
                (.rule, .text(rule)), (.owner, .text(officers.dpo)),
                (.approver, .text(officers.director)), (.validFrom, .instant(start)),
                (.validUntil, .instant(start + 60 * SampleTime.day)),
                (.reasonCode, .text("MIGRATION")), (.scope, .texts(["person:\(seeker.pid)"])),
            ])
        nearMiss(rule, "covered by a waiver", breach(&self, start + 60_000, helper, seeker))
        violate(
            [rule], "another person, whom the waiver does not cover",
            breach(&self, start + 120_000, helper, other))
    }
}
