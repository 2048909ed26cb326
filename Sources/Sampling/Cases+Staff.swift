// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The cases of R11, R12, R16, R17 and R20: licences, volunteers and close persons.
extension CaseBook {
    private var recruitment: Int64 { SampleTime.paris(pilotStart - 9, 8) }

    private mutating func work(_ helper: SampleAdviser, _ instant: Int64) -> SampleEvent {
        search("employer.search", helper, instant, Self.prospection)
    }

    mutating func plantLicences() {
        for steps in [0, 2, 3] {
            let helper = recruit(Recruitment(licenceSteps: steps), at: recruitment)
            let searched = work(helper, slot())
            violate(["R11"], "licence taken through \(steps) steps of four", searched)
            nearMiss("R11", "the same, refused", refused(searched.moved(by: 5000)))
        }
        let borrower = recruit(at: recruitment)
        let lent = work(borrower, slot()).with(.licenceID, .text(adviser().licence))
        violate(["R11"], "somebody else's licence", lent)
        for _ in 0..<3 {
            let (helper, instant) = (recruit(at: recruitment), slot())
            nearMiss("R11", "1 ms before suspension", work(helper, instant - 1))
            licence("suspend", helper.licence, at: instant)
            violate(["R11"], "suspended at that millisecond", work(helper, instant))
            let back = instant + SampleTime.hour
            licence("restore", helper.licence, at: back)
            nearMiss("R11", "restored at that millisecond", work(helper, back))
            nearMiss(
                "R11", "no licence named", work(helper, back + 1).without(.licenceID))
            let end = back + SampleTime.hour
            licence("revoke", helper.licence, at: end)
            violate(["R11"], "revoked", work(helper, end + 1))
        }
    }

    mutating func plantVolunteers() {
        for _ in 0..<3 {
            let instant = slot()
            let wish = Recruitment(charterUntil: instant)
            let helper = recruit(wish, at: recruitment)
            nearMiss("R12", "charter valid 1 ms more", work(helper, instant - 1))
            violate(["R12"], "charter ends at that millisecond", work(helper, instant))
            let novice = recruit(Recruitment(trained: false), at: recruitment)
            let taught = instant + SampleTime.hour
            violate(["R12"], "1 ms before training", work(novice, taught - 1))
            add(
                act(
                    "training.complete", .licences, novice, taught,
                    [(.module, .text("MOD-RGPD"))]))
            nearMiss("R12", "trained at that millisecond", work(novice, taught))
            plantWithdrawal(at: instant)
        }
    }

    private mutating func plantWithdrawal(at instant: Int64) {
        let leaver = recruit(at: recruitment)
        nearMiss("R12", "1 ms before withdrawal", work(leaver, instant - 1))
        add(act("adviser.withdraw", .licences, leaver, instant))
        violate(["R12"], "withdrew at that millisecond", work(leaver, instant))
        nearMiss("R12", "withdrew, refused", refused(work(leaver, instant + 10)))
        enrol(leaver, at: instant + SampleTime.hour)
        nearMiss("R12", "volunteer again", work(leaver, instant + SampleTime.hour))
    }

    mutating func plantReassignments() {
        for transferred in [true, true, true, false, false, false] {
            let (giver, instant) = (recruit(at: recruitment), slot())
            let taker = recruit(Recruitment(licenceSteps: 0), at: recruitment)
            let change = reassignment(giver, taker, transferred, instant)
            if transferred {
                violate(["R16"], "data moved with the licence", change)
            } else {
                nearMiss("R16", "licence reassigned without its data", change)
            }
        }
    }

    private func reassignment(
        _ giver: SampleAdviser, _ taker: SampleAdviser, _ transferred: Bool, _ instant: Int64
    ) -> SampleEvent {
        SampleEvent(
            "licence.reassign", .licences, at: instant,
            [
                (.licenceID, .text(giver.licence)), (.from, .text(giver.pid)),
                (.to, .text(taker.pid)), (.dataTransferred, .flag(transferred)),
                (.approver, .text(officers.administrator)),
            ])
    }

    mutating func plantApprovals() {
        for _ in 0..<3 {
            let instant = slot()
            let helper = recruit(Recruitment(licenceSteps: 0), at: recruitment)
            plantLicenceApprovals(helper, instant)
            plantWaiver(at: instant)
            let (giver, taker) = (
                recruit(at: recruitment), recruit(Recruitment(licenceSteps: 0), at: recruitment)
            )
            violate(
                ["R17"], "the next holder approves",
                reassignment(giver, taker, false, instant).with(.approver, .text(taker.pid)))
        }
    }

    private mutating func plantLicenceApprovals(_ helper: SampleAdviser, _ instant: Int64) {
        let identity = SampleEvent.Member(.licenceID, .text(reference("LIC")))
        let own = SampleEvent.Member(.approver, .text(helper.pid))
        add("licence.request", .licences, instant, [identity, (.requester, .text(helper.pid))])
        violate(
            ["R17"], "grants the own request",
            SampleEvent("licence.grant", .licences, at: instant + 1000, [identity, own]))
        add(
            "licence.request", .licences, instant + 2000,
            [identity, (.requester, .text(officers.referent))])
        nearMiss(
            "R17", "the last request is another's",
            SampleEvent("licence.grant", .licences, at: instant + 3000, [identity, own]))
        let assign = SampleEvent(
            "licence.assign", .licences, at: instant + 4000,
            [identity, (.to, .text(helper.pid)), own])
        violate(["R17"], "approves the own assignment", assign)
        nearMiss(
            "R17", "approved by the director",
            assign.moved(by: 1000).with(.approver, .text(officers.director)))
    }

    private mutating func plantWaiver(at instant: Int64) {
        let waiver = SampleEvent(
            "waiver.grant", .governance, at: instant,
            [
                (.rule, .text("R40")), (.owner, .text(officers.dpo)),
                (.approver, .text(officers.dpo)), (.validFrom, .instant(instant)),
                (.validUntil, .instant(instant + SampleTime.day)),
                (.reasonCode, .text("TRAVAUX")), (.scope, .texts(["region:75"])),
            ])
        violate(["R17", "W01"], "approves the own waiver", waiver)
        violate(
            ["W02", "W04"], "approved by the director, covers nothing, is never closed",
            waiver.moved(by: 1000).with(.approver, .text(officers.director)))
    }

    mutating func plantCloseness() {
        for _ in 0..<3 {
            let instant = slot()
            let pid = personPID()
            let relative = recruit(Recruitment(links: [pid]), at: recruitment)
            assign(pid, to: relative, rome: "M1805", at: instant - SampleTime.day)
            let close = CasePerson(pid: pid, rome: "M1805", agreement: "")
            violate(["R20"], "a declared close person", view(close, relative, instant))
            nearMiss("R20", "the same, refused", refused(view(close, relative, instant + 1)))
            let helper = adviser()
            assign(pid, to: helper, rome: "M1805", at: instant - SampleTime.day)
            nearMiss("R20", "somebody else's close person", view(close, helper, instant + 2))
            let stranger = person(of: relative, before: instant)
            nearMiss("R20", "not a close person", view(stranger, relative, instant + 3))
        }
    }
}
