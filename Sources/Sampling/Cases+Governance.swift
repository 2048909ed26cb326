// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The cases of R17, R19 and R21 to R23 that concern the pilot and its policies.
extension CaseBook {
    /// The first day of the log.
    var prologue: Int { pilotStart - 17 }

    /// Before the staff was told: R21, then the consultation and the notice.
    mutating func plantNominativeActs() {
        let start = SampleTime.paris(prologue, 7)
        violate(["R21"], "assigned before any consultation", nominative("finding.assign", start))
        violate(["R21"], "heard before any consultation", hearing(start + 1000))
        nearMiss(
            "R21", "raised, nobody named",
            SampleEvent(
                "finding.raise", .governance, at: start + 2000,
                [(.rule, .text("R15")), (.reference, .text(reference("CONSTAT")))]))
        add(pseudonym("request", "RID-1", "CASE-1", at: start + 3000))
        add(pseudonym("approve", "RID-1", "CASE-1", at: start + 4000))
        violate(
            ["R21"], "identity opened before any consultation",
            pseudonym("resolve", "RID-1", "CASE-1", at: start + 5000))
        add(consultation("establishment", at: start + SampleTime.hour))
        violate(
            ["R21"], "only the establishment was consulted",
            nominative("finding.confirm", start + SampleTime.hour + 1))
        let told = start + 3 * SampleTime.hour
        add(consultation("central", at: start + 2 * SampleTime.hour))
        violate(["R21"], "1 ms before the notice", nominative("finding.assign", told - 1))
        add("notice.staff", .governance, told, [(.reference, .text("NOTE-1"))])
        nearMiss("R21", "noticed at that millisecond", nominative("finding.assign", told))
        nearMiss("R21", "consulted and noticed", nominative("finding.confirm", told + 1))
        nearMiss("R21", "heard after both", hearing(told + 2))
    }

    private mutating func nominative(_ type: String, _ instant: Int64) -> SampleEvent {
        var event = SampleEvent(
            type, .governance, at: instant,
            [
                (.reference, .text(reference("CONSTAT"))),
                (.reviewer, .text(officers.deputy)),
            ])
        if type == "finding.confirm" { event.members.append((.outcomeCode, .text("ECART"))) }
        return event
    }

    private mutating func hearing(_ instant: Int64) -> SampleEvent {
        let person = newcomer("CONS_PRO")
        return SampleEvent(
            "adviser.hear", .governance, at: instant,
            [
                (.actor, .object(SampleAdviser.object(pid: person.pid))),
                (.caseRef, .text(reference("CASE"))),
            ])
    }

    /// The policy set grows step by step: R23; and approvals: R17.
    mutating func plantPolicyChanges() {
        let start = SampleTime.paris(prologue, 12)
        let hour = SampleTime.hour
        adoptPolicyProposal(at: start - hour)
        let full = activation("1", policyVersion, at: start)
        let regions = SampleValue.texts(["28", "32", "52", "75"])
        let categories = SampleValue.texts(["CO", "CV"])
        let purposes = SampleValue.texts([Self.prospection, Self.offers])
        let roles = SampleValue.texts(["CONS_PRO"])
        let narrow = full.with(.regions, regions).with(.categories, categories)
            .with(.purposes, purposes).with(.roles, roles)
        add(narrow)
        var wider = narrow.with(.regions, .texts(SampleRegions.codes))
        violate(["R23"], "a region more, nobody consulted", wider.moved(by: hour))
        wider = wider.with(.purposes, .texts([Self.prospection, Self.offers, Self.promotion]))
        violate(["R23"], "a purpose more, nobody consulted", wider.moved(by: 2 * hour))
        wider = wider.with(.categories, .texts(["CO", "CV", "PR"]))
        violate(["R23"], "a category more, nobody consulted", wider.moved(by: 3 * hour))
        nearMiss("R23", "the same again", wider.moved(by: 4 * hour))
        nearMiss("R23", "narrower", wider.with(.categories, categories).moved(by: 5 * hour))
        add(consultation("central", at: start + 6 * hour, hash: policyVersion))
        nearMiss("R23", "wider in everything, consulted", full.moved(by: 6 * hour))
        plantPolicyApprovals(full.moved(by: 8 * hour))
    }

    private mutating func adoptPolicyProposal(at instant: Int64) {
        add(
            "policy.propose", .governance, instant,
            [
                (.version, .text("1")), (.author, .text(officers.lawyer)),
                (.hash, .text(policyVersion)),
            ])
    }

    private mutating func plantPolicyApprovals(_ activation: SampleEvent) {
        let own = SampleValue.text(officers.lawyer)
        violate(["R17"], "the author activates", activation.with(.approver, own))
        nearMiss("R17", "activated by another than the author", activation.moved(by: 1000))
        var approval = activation.moved(by: 2000).with(.approver, own)
        approval.type = "policy.approve"
        let scope: [EntryField] = [.regions, .roles, .categories, .purposes]
        for field in scope { approval = approval.without(field) }
        violate(["R17"], "the author approves", approval)
        nearMiss(
            "R17", "approved by another than the author",
            approval.moved(by: 1000).with(.approver, .text(officers.dpo)))
        let request = pseudonym("request", "RID-2", "CASE-2", at: activation.occurredAt + 5000)
        add(request)
        let approved = pseudonym("approve", "RID-2", "CASE-2", at: request.occurredAt + 1000)
        violate(["R17"], "approves the own request", approved.with(.approver, .text(officers.dpo)))
        nearMiss("R17", "approved by another than who asked", approved.moved(by: 1000))
    }

    /// The pilot's start, end, suspension and extension: R22.
    mutating func plantPilot() {
        startPilot(at: SampleTime.paris(prologue + 4, 9))
        let (from, until) = (SampleTime.paris(pilotStart, 0), SampleTime.paris(pilotEnd, 0))
        let helper = recruit(at: SampleTime.paris(prologue + 5, 9))
        func work(_ book: inout CaseBook, _ instant: Int64) -> SampleEvent {
            book.search("offer.search", helper, instant, Self.offers)
        }
        violate(["R22"], "two days before the pilot", work(&self, from - 2 * SampleTime.day))
        violate(["R22"], "1 ms before the pilot", work(&self, from - 1))
        nearMiss("R22", "refused before the pilot", refused(work(&self, from - 2)))
        nearMiss("R22", "the first millisecond of the pilot", work(&self, from))
        nearMiss("R22", "the last millisecond of the pilot", work(&self, until - 1))
        violate(["R22"], "the pilot has just ended", work(&self, until))
        let saturday = SampleTime.paris(saturday, 2)
        let minute = SampleTime.minute
        violate(["R22"], "extended without evaluation or consultation", prolongation(saturday))
        add("pilot.evaluate", .governance, saturday + minute, [(.decisionRef, .text("DEC-3"))])
        violate(["R22"], "extended without consultation", prolongation(saturday + 2 * minute))
        add(consultation("central", at: saturday + 3 * minute))
        nearMiss(
            "R22", "extended after evaluation and consultation",
            prolongation(saturday + 3 * minute))
        let sunday = saturday + SampleTime.day
        nearMiss("R22", "1 ms before suspension", work(&self, sunday - 1))
        add("pilot.suspend", .governance, sunday, [(.decisionRef, .text("DEC-4"))])
        violate(["R22"], "suspended at that millisecond", work(&self, sunday))
        nearMiss("R22", "suspended, refused", refused(work(&self, sunday + 1)))
        nearMiss("R22", "the suspension ends", prolongation(sunday + SampleTime.hour))
        nearMiss("R22", "not suspended any more", work(&self, sunday + SampleTime.hour))
    }

    /// The Saturday after the first week of the pilot, when nobody works.
    private var saturday: Int {
        var day = pilotStart + 7
        while (day + 3) % 7 != 5 { day += 1 }
        return day
    }

    private func prolongation(_ instant: Int64) -> SampleEvent {
        SampleEvent(
            "pilot.extend", .governance, at: instant,
            [
                (.decisionRef, .text("DEC-5")), (.regions, .texts(SampleRegions.codes)),
                (.validUntil, .instant(SampleTime.paris(pilotEnd, 0))),
            ])
    }

    /// Identities opened in time, and too late: R19.
    mutating func plantIdentities() {
        let limit = 72 * SampleTime.hour
        for place in 0..<3 {
            let instant = slot() - 3 * SampleTime.day
            let (name, file) = (reference("RID"), reference("CASE"))
            add(pseudonym("request", name, file, at: instant - 2000))
            violate(
                ["R19"], "approved later",
                pseudonym("resolve", name, file, at: instant - 1000))
            add(pseudonym("approve", name, file, at: instant))
            violate(
                ["R19"], "72 h and 1 ms after the approval",
                pseudonym("resolve", name, file, at: instant + limit + 1))
            nearMiss(
                "R19", "72 h exactly, \(place)",
                pseudonym("resolve", name, file, at: instant + limit))
            violate(
                ["R19"], "approved for another case",
                pseudonym("resolve", name, reference("CASE"), at: instant + 1000))
            let again = instant + limit + 2000
            add(pseudonym("approve", name, file, at: again))
            nearMiss(
                "R19", "approved again", pseudonym("resolve", name, file, at: again + limit - 1))
        }
        let name = reference("RID")
        let instant = slot()
        add(pseudonym("approve", name, "CASE-3", at: instant))
        violate(
            ["R19"], "never requested", pseudonym("resolve", name, "CASE-3", at: instant + 1000))
    }
}
