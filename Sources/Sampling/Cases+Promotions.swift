// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TransparencyLog

/// The cases of R06, R07, R13, R14 and R18: what a promotion needs.
extension CaseBook {
    mutating func plantOffers() {
        let (helper, instant) = (adviser(), slot())
        let seeker = person(of: helper, before: instant)
        let offer = offer(seeker.rome, before: instant)
        let promotion = promote(seeker, offer, helper, instant)
        violate(["R06"], "no offer named", promotion.without(.offerRef))
        let unopened = unopenedOffer(seeker.rome)
        violate(["R06"], "offer never opened", promote(seeker, unopened, helper, instant + 60_000))
        let end = instant + SampleTime.hour
        nearMiss("R06", "1 ms before the offer closes", promote(seeker, offer, helper, end - 1))
        close(offer, at: end)
        violate(
            ["R06"], "the offer closes at that millisecond", promote(seeker, offer, helper, end))
        violate(["R06"], "closed offer", share(seeker, offer, helper, end + SampleTime.minute))
        nearMiss(
            "R06", "closed offer, refused", refused(promote(seeker, offer, helper, end + 120_000)))
        let late = unopenedOffer(seeker.rome)
        open(late, at: end + SampleTime.hour)
        nearMiss(
            "R06", "the offer opens at that millisecond",
            promote(seeker, late, helper, end + SampleTime.hour))
        open(offer, at: end + 2 * SampleTime.hour)
        nearMiss(
            "R06", "the offer is open again",
            promote(seeker, offer, helper, end + 2 * SampleTime.hour + 5000))
    }

    mutating func plantRecipients() {
        let (helper, instant) = (adviser(), slot())
        let seeker = person(of: helper, before: instant)
        let offer = offer(seeker.rome, before: instant)
        for (place, category) in ["ST", "MA", "XX"].enumerated() {
            let shared = share(seeker, offer, helper, instant + Int64(place) * 60_000)
                .with(.categories, .texts(["CV", category]))
            violate(["R07"], "\(category) shared with an employer", shared)
            nearMiss("R07", "\(category) refused", refused(shared.moved(by: 20_000)))
        }
        let shared = share(seeker, offer, helper, instant + SampleTime.hour)
        nearMiss(
            "R07", "everything that may be shared",
            shared.with(
                .categories, .texts(["CO", "CT", "CV", "EM", "ID", "LK", "PR", "QU"])))
        let promoted = promote(seeker, offer, helper, instant + SampleTime.hour + 60_000)
        nearMiss("R07", "ST, not shared", promoted.with(.categories, .texts(["CV", "ST"])))
        let silent = person(of: helper, before: instant, scope: ["*"])
        var reveal = share(silent, offer, helper, instant + 30_000)
            .with(.categories, .texts(["CT"]))
        reveal.type = "contact.reveal"
        violate(["R07"], "contact details revealed without an agreement to it", reveal)
        nearMiss("R07", "the same, refused", refused(reveal.moved(by: 10_000)))
        agree(silent.pid, at: instant + 60_000, scope: ["*", "CT"])
        nearMiss("R07", "contact details agreed since", reveal.moved(by: 30_000))
    }

    mutating func plantNotices() {
        for place in 0..<3 {
            let (helper, instant) = (adviser(), slot())
            let seeker = person(of: helper, before: instant, informed: false)
            let offer = offer(seeker.rome, before: instant)
            violate(
                ["R13"], "person not informed before", promote(seeker, offer, helper, instant))
            nearMiss("R13", "seen, not promoted", view(seeker, helper, instant + 1))
            nearMiss("R13", "refused", refused(promote(seeker, offer, helper, instant + 2)))
            let notice = instant + 3 + Int64(place) * SampleTime.hour
            mention("notice.person", seeker, at: notice)
            nearMiss(
                "R13", "informed at that millisecond", promote(seeker, offer, helper, notice))
        }
        let (helper, instant) = (adviser(), slot())
        let seeker = person(of: helper, before: instant, informed: false)
        let offer = offer(seeker.rome, before: instant)
        mention("notice.person", seeker, at: instant + 1)
        violate(["R13"], "informed 1 ms too late", promote(seeker, offer, helper, instant))
    }

    mutating func plantAgreements() {
        plantAgreementStates()
        plantAgreementScopes()
        let given = SampleTime.paris(pilotStart - 1, 10)
        let limit = Self.sixMonths(after: given)
        guard limit < SampleTime.paris(pilotEnd - 1, 0) else { return }
        let helper = adviser()
        let seeker = person(of: helper, before: given, scope: [])
        let offer = offer(seeker.rome, before: limit)
        agree(seeker.pid, at: given, scope: ["*"], until: given + 300 * SampleTime.day)
        nearMiss("R14", "six months less 1 ms", promote(seeker, offer, helper, limit - 1))
        violate(["R14"], "six months exactly", promote(seeker, offer, helper, limit))
    }

    private mutating func plantAgreementStates() {
        let (helper, instant) = (adviser(), slot())
        let never = person(of: helper, before: instant, scope: [])
        let offer = offer(never.rome, before: instant)
        violate(["R14"], "never agreed", promote(never, offer, helper, instant))
        let seeker = person(of: helper, before: instant)
        nearMiss("R14", "1 ms before withdrawal", promote(seeker, offer, helper, instant - 1))
        withdraw(seeker, at: instant)
        violate(["R14"], "withdrawn at that millisecond", promote(seeker, offer, helper, instant))
        nearMiss("R14", "withdrawn, refused", refused(promote(seeker, offer, helper, instant + 5)))
        let again = instant + SampleTime.hour
        violate(["R14"], "withdrawn an hour before", share(seeker, offer, helper, again - 1))
        agree(seeker.pid, at: again, scope: ["*"])
        nearMiss("R14", "agreement given again", promote(seeker, offer, helper, again))
        let two = person(of: helper, before: instant)
        agree(two.pid, at: instant - SampleTime.hour, scope: ["*"])
        withdraw(two, at: instant - SampleTime.minute)
        nearMiss("R14", "the other agreement was withdrawn", promote(two, offer, helper, instant))
        let short = person(of: helper, before: instant, scope: [])
        agree(short.pid, at: instant - SampleTime.day, scope: ["*"], until: instant)
        nearMiss("R14", "valid_until less 1 ms", promote(short, offer, helper, instant - 1))
        violate(["R14"], "valid_until exactly", promote(short, offer, helper, instant))
    }

    private mutating func plantAgreementScopes() {
        let (helper, instant) = (adviser(), slot())
        let offer = offer("M1805", before: instant)
        for scope in [["M1802"], ["CT", "M19"], ["D1106", "M1803"]] {
            let seeker = person(of: helper, before: instant, scope: scope)
            violate(
                ["R14"], "\(scope.joined(separator: " ")) does not cover M1805",
                promote(seeker, offer, helper, instant))
        }
        for scope in [["M1805"], ["M18"], ["D1106", "M"], ["*"]] {
            let seeker = person(of: helper, before: instant, scope: scope)
            nearMiss(
                "R14", "\(scope.joined(separator: " ")) covers M1805",
                promote(seeker, offer, helper, instant))
        }
    }

    /// The same time of the clock of Paris, six calendar months later.
    private static func sixMonths(after instant: Int64) -> Int64 {
        let clock = ParisTime(milliseconds: instant)
        return ParisTime.milliseconds(
            clock.date.adding(months: 6), millisecondOfDay: clock.millisecondOfDay)
    }

    mutating func plantObjections() {
        for _ in 0..<3 {
            let (helper, instant) = (adviser(), slot())
            let seeker = person(of: helper, before: instant)
            let offer = offer(seeker.rome, before: instant)
            let lift = instant + SampleTime.hour
            nearMiss("R18", "1 ms before objection", promote(seeker, offer, helper, instant - 1))
            mention("objection.register", seeker, at: instant)
            violate(["R18"], "promoted despite objection", promote(seeker, offer, helper, instant))
            nearMiss("R18", "seen, not promoted", view(seeker, helper, instant + 1))
            nearMiss("R18", "refused", refused(promote(seeker, offer, helper, instant + 2)))
            mention("objection.lift", seeker, at: lift)
            nearMiss("R18", "objection lifted", promote(seeker, offer, helper, lift))
        }
        for type in ["restriction.set", "erasure.perform"] {
            let (helper, instant) = (adviser(), slot())
            let seeker = person(of: helper, before: instant)
            nearMiss("R18", "1 ms before \(type)", view(seeker, helper, instant - 1))
            mention(type, seeker, at: instant)
            violate(["R18"], "seen at \(type)", view(seeker, helper, instant))
            violate(["R18"], "seen after \(type)", view(seeker, helper, instant + SampleTime.day))
            nearMiss("R18", "after \(type), refused", refused(view(seeker, helper, instant + 1)))
        }
    }
}
