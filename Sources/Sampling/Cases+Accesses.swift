// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The cases of R01 to R05: purposes, categories, roles and regions.
extension CaseBook {
    mutating func plantPurposes() {
        for (type, purpose) in [
            ("employer.search", "P0-AUTRE"), ("offer.search", "p2-offres"),
            ("profile.search", "P4-CONTROLE"),
        ] {
            let found = search(type, adviser(), slot(), purpose)
            violate(["R01"], "\(type) under unknown purpose \(purpose)", found)
        }
        let (helper, instant) = (adviser(), slot())
        let seeker = person(of: helper, before: instant)
        let seen = view(seeker, helper, instant).with(.purpose, .text("P3"))
        violate(["R01"], "purpose P3 is not P3-PROMOTION", seen)
        nearMiss("R01", "unknown purpose, refused", refused(seen.moved(by: 60_000)))
        nearMiss("R01", "the third purpose", view(seeker, helper, instant + 120_000))
        let asked = search("employer.search", adviser(), slot(), Self.prospection)
        nearMiss("R01", "the first purpose", asked)
        nearMiss(
            "R01", "the second purpose", search("offer.search", adviser(), slot(), Self.offers))
    }

    mutating func plantJobSeekersOutsidePromotion() {
        for purpose in [Self.prospection, Self.offers] {
            let (helper, instant) = (adviser(), slot())
            let seeker = person(of: helper, before: instant)
            let seen = view(seeker, helper, instant).with(.purpose, .text(purpose))
            violate(["R02"], "profile seen under \(purpose)", seen)
            nearMiss("R02", "the same, refused", refused(seen.moved(by: 30_000)))
            let found = search("profile.search", adviser(), slot(), purpose)
            violate(["R02"], "profiles searched under \(purpose)", found)
            let looked = search("linkedin.search", adviser(), slot(), purpose)
            nearMiss("R02", "no job seeker concerned, \(purpose)", looked)
        }
        let exported = access(
            "export.request", adviser(), slot(), Self.offers,
            [(.count, .integer(3)), (.categories, .texts(["CV"]))])
        violate(["R02"], "export asked under P2-OFFRES", exported)
        let employer = SampleValue.text(reference("E"))
        let seen = access(
            "employer.view", adviser(), slot(), Self.prospection, [(.employerRef, employer)])
        nearMiss("R02", "an employer, not a job seeker", seen)
    }

    mutating func plantForbiddenCategories() {
        for category in ["NO", "SA", "AL"] {
            let (helper, instant) = (adviser(), slot())
            let seeker = person(of: helper, before: instant)
            let seen = view(seeker, helper, instant)
                .with(.categories, .texts(["CV", category].sorted()))
            violate(["R03"], "profile seen with \(category)", seen)
            nearMiss("R03", "the same, refused", refused(seen.moved(by: 45_000)))
        }
        let (helper, instant) = (adviser(), slot())
        let seeker = person(of: helper, before: instant)
        let offer = offer(seeker.rome, before: instant)
        let shared = share(seeker, offer, helper, instant).with(.categories, .texts(["CV", "PH"]))
        violate(["R03"], "a photograph shared: R03, not R07", shared)
        let exported = access(
            "export.perform", adviser(), slot(), Self.promotion,
            [(.count, .integer(4)), (.categories, .texts(["CV", "NI"]))])
        violate(["R03"], "exported with NI", exported)
        for category in ["ST", "MA", "LK"] {
            let seen = view(seeker, helper, instant + 90_000)
                .with(.categories, .texts(["CV", category].sorted()))
            nearMiss("R03", "\(category) may be seen inside", seen)
        }
    }

    mutating func plantRoles() {
        let job = newcomer("CONS_EMPLOI")
        let employer = SampleValue.text(reference("E"))
        violate(
            ["R04"], "an employment adviser looks at an employer",
            access("employer.view", job, slot(), Self.prospection, [(.employerRef, employer)]))
        let administrator = newcomer("ADM_LIC")
        let searched = search("offer.search", administrator, slot(), Self.offers)
        violate(["R04"], "a licence administrator searches offers", searched)
        let outcome: [SampleEvent.Member] = [(.count, .integer(2)), (.categories, .texts(["CV"]))]
        let start = SampleTime.paris(pilotStart - 7, 8)
        let lead = recruit(Recruitment(role: "RESP"), at: start)
        violate(
            ["R04"], "a team leader exports",
            access("export.perform", lead, slot(), Self.promotion, outcome))
        let referent = recruit(Recruitment(role: "REF_PILOTE"), at: start)
        violate(
            ["R04"], "a regional referent exports from LinkedIn",
            access("linkedin.export", referent, slot(), Self.offers, [(.count, .integer(2))]))
        plantOfficersViews()
        for helper in [job, lead, referent] {
            let instant = slot()
            let seeker = person(of: helper, before: instant)
            nearMiss("R04", "\(helper.role) sees a portfolio", view(seeker, helper, instant))
        }
    }

    private mutating func plantOfficersViews() {
        for role in ["DPO", "AUDIT", "RSSI", "DPO_ADJ"] {
            let officer = newcomer(role)
            let instant = slot()
            let seeker = person(of: adviser(), before: instant)
            let seen = view(seeker, officer, instant)
            violate(["R04"], "\(role) sees a profile outside any case", seen)
            nearMiss(
                "R04", "\(role) sees a profile in a case",
                seen.moved(by: 30_000).with(.caseRef, .text(reference("CASE"))))
            nearMiss("R04", "\(role) is refused", refused(seen.moved(by: 60_000)))
        }
        let elected = newcomer("CSE_ELU")
        let instant = slot()
        let seen = view(person(of: adviser(), before: instant), elected, instant)
        violate(["R04"], "an elected member sees a profile", seen)
    }

    mutating func plantRegions() {
        let start = SampleTime.paris(pilotStart - 8, 8)
        for region in ["11", "93", "44"] {
            let outsider = recruit(Recruitment(region: region), at: start)
            let searched = search("employer.search", outsider, slot(), Self.prospection)
            violate(["R05"], "region \(region) is not in the pilot", searched)
            nearMiss("R05", "region \(region), refused", refused(searched.moved(by: 20_000)))
        }
        for region in SampleRegions.codes {
            let insider = recruit(Recruitment(region: region), at: start)
            let searched = search("offer.search", insider, slot(), Self.offers)
            nearMiss("R05", "region \(region) is in the pilot", searched)
        }
    }
}

extension SampleEvent {
    /// The same event some milliseconds later.
    func moved(by milliseconds: Int64) -> SampleEvent {
        var copy = self
        copy.occurredAt += milliseconds
        copy.recordedAt += milliseconds
        return copy
    }
}
