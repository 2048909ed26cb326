// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The cases of R08 to R10, R36, R37 and M01: what is recorded, and how.
extension CaseBook {
    mutating func plantDecisions() {
        for _ in 0..<3 {
            let (helper, instant) = (adviser(), slot())
            let seeker = person(of: helper, before: instant)
            let wrong = view(seeker, helper, instant).with(.purpose, .text(Self.offers))
            violate(["R02", "R08"], "denied and done", decided(wrong, "deny", "done"))
            nearMiss("R08", "denied and not done", refused(wrong.moved(by: 1000)))
            nearMiss("R08", "denied and failed", decided(wrong.moved(by: 2000), "deny", "failed"))
            let right = view(seeker, helper, instant + 3000)
            nearMiss("R08", "allowed and failed", decided(right, "allow", "failed"))
            violate(["M01"], "permitted, and refused", refused(right.moved(by: 1000)))
            nearMiss("M01", "forbidden, and refused", refused(wrong.moved(by: 5000)))
        }
        let offer = offer("M1805", before: slot())
        let (helper, instant) = (adviser(), slot())
        let seen = access(
            "offer.view", helper, instant, Self.offers, [(.offerRef, .text(offer.reference))])
        violate(["M01"], "an offer refused without a reason", refused(seen))
        nearMiss("M01", "the same, allowed", seen.moved(by: 1000))
    }

    mutating func plantVersions() {
        for _ in 0..<3 {
            let stale = random.hexadecimal(64)
            let searched = search("employer.search", adviser(), slot(), Self.prospection)
            violate(
                ["R09"], "decided under a version not in force",
                searched.with(.decision, .object(Self.decision("allow", stale))))
            nearMiss("R09", "decided under the version in force", searched.moved(by: 1000))
        }
        let (helper, instant) = (adviser(), slot())
        let seeker = person(of: helper, before: instant)
        let again = activation("1", policyVersion, at: instant)
        nearMiss(
            "R09", "1 ms before the version is activated again",
            view(seeker, helper, instant - 1))
        add(again)
        nearMiss("R09", "at that millisecond", view(seeker, helper, instant))
    }

    mutating func plantDirectIdentifiers() {
        // Invented: an example domain, numbers kept for fiction, and a specimen NIR.
        let direct = [
            "conseil@example.org", "0639980012", "+33 6 39 98 00 12", "06.39.98.00.34",
            "1850578006084", "1 85 05 78 006 084 91", "dossier de prenom.nom@example.org",
        ]
        for text in direct {
            violate(["R10"], "a direct identifier", message(text))
        }
        let innocent = [
            "REF-639980012", "1639980012", "5999999999999", "arobase@", "@example.org",
            "06 39 98 00", "185057800608",
        ]
        for text in innocent {
            nearMiss("R10", "no direct identifier", message(text))
        }
        violate(
            ["R10"], "a direct identifier in a claim",
            SampleEvent(
                "claim.register", .governance, at: slot(),
                [
                    (.reference, .text("presse")), (.value, .integer(0)),
                    (.owner, .text("redaction@example.org")),
                ]))
    }

    private mutating func message(_ text: String) -> SampleEvent {
        access(
            "linkedin.message", adviser(), slot(), Self.offers, [(.reference, .text(text))])
    }

    mutating func plantGaps() {
        for (place, source) in [SampleSource.linkedin, .portal, .employment].enumerated() {
            // On the first day, so that no gap covers what other cases wait for.
            let instant = SampleTime.paris(prologue, 14 + 2 * place)
            var beat = SampleEvent("heartbeat", source, at: instant)
            beat.numbering = .skipping(Int64(place + 1))
            violate(["R36"], "\(place + 1) numbers missing", beat)
            beat = SampleEvent("heartbeat", source, at: instant + SampleTime.hour)
            beat.numbering = .skipping(Int64(2 * place + 1))
            nearMiss("R36", "numbers missing, declared since", beat)
            add(
                "log.gap", .governance, instant + SampleTime.hour + SampleTime.minute,
                [
                    (.reference, .text(source.name)), (.first, .missingFirst(source)),
                    (.last, .missingLast(source)), (.reasonCode, .text("PANNE")),
                ])
        }
        var beat = SampleEvent("heartbeat", .licences, at: slot())
        beat.numbering = .repeating
        violate(["R36"], "a number twice", beat)
    }

    mutating func plantIncompleteEvents() {
        for _ in 0..<3 {
            let (helper, instant) = (adviser(), slot())
            let session = SampleEvent.Member(.session, .text(reference("S")))
            let opened = act(
                "session.open", .portal, helper, instant, [(.deviceKind, .text("POSTE")), session])
            violate(["R37"], "mfa is missing", opened)
            let closed = act("session.close", .portal, helper, instant, [session])
            add(closed.moved(by: 1))
            nearMiss("R37", "only what is required", opened.with(.mfa, .flag(true)).moved(by: 2))
            add(closed.moved(by: 3))
            violate(
                ["R37"], "a type that nobody knows",
                SampleEvent("profile.peek", .portal, at: instant + 4))
            var machine = recruit(at: SampleTime.paris(pilotStart - 9, 9))
            machine.accountKind = "service"
            violate(
                ["R37"], "a service account",
                search("offer.search", machine, instant + 5, Self.offers))
            machine.accountKind = "personnel"
            nearMiss(
                "R37", "an account in person",
                search("offer.search", machine, instant + 6, Self.offers))
        }
    }
}

// MARK: - Purges

extension CaseBook {
    /// Purges of the first entries of the log, before and after half a year has passed.
    ///
    /// They name entries of the first bundle, which is never full of what they name, so no bytes go. That
    /// something was kept for more than a year, no log of at most a year can hold.
    private mutating func plantPurges() {
        let (day, hour) = (SampleTime.day, SampleTime.hour)
        let opened = Int64(prologue) * day
        // The entries named are of the first six hours.
        let plans: [(Int64, Bool, String)] = [
            (179 * day + 16 * hour, true, "eight hours too early"),
            (179 * day + 20 * hour, true, "four hours too early"),
            (179 * day + 23 * hour, true, "an hour too early"),
            (180 * day + 6 * hour, false, "as soon as half a year has passed"),
            (181 * day, false, "a day later"),
            (182 * day, false, "two days later"),
        ]
        for (place, plan) in plans.enumerated() {
            let purge = SampleEvent(
                "retention.purge", .governance, at: opened + plan.0,
                [
                    (.first, .integer(Int64(place) * 16)),
                    (.last, .integer(Int64(place) * 16 + 15)),
                    (.requester, .text(officers.dpo)), (.approver, .text(officers.director)),
                ])
            if plan.1 { violate(["R29"], plan.2, purge) } else { nearMiss("R29", plan.2, purge) }
        }
    }
}

// MARK: - All of them

extension CaseBook {
    /// Plants every case; the log must start with what this records.
    mutating func plantAll() {
        arrangePlatform(at: SampleTime.paris(prologue, 6), until: firstLapse)
        plantNominativeActs()
        plantPolicyChanges()
        plantPilot()
        for _ in 0..<20 {
            pool.append(recruit(at: SampleTime.paris(prologue + 5, 8)))
        }
        plantPurposes()
        plantJobSeekersOutsidePromotion()
        plantForbiddenCategories()
        plantRoles()
        plantRegions()
        plantOffers()
        plantRecipients()
        plantNotices()
        plantAgreements()
        plantObjections()
        plantUnexplained()
        plantAppointments()
        plantOfferExplanations()
        plantMandates()
        plantRequests()
        plantHandovers()
        plantBreakGlass()
        plantLicences()
        plantVolunteers()
        plantReassignments()
        plantApprovals()
        plantCloseness()
        plantIdentities()
        plantDecisions()
        plantVersions()
        plantDirectIdentifiers()
        plantGaps()
        plantIncompleteEvents()
        plantOverTime()
        plantWaived()
        keepRulesAlive()
        returnIdleLicences()
        plantPurges()
    }

    /// Plants the cases of the rules over time.
    private mutating func plantOverTime() {
        planSilences()
        plantAnchors()
        plantCaps()
        plantBills()
        plantLateEvents()
        plantClocks()
        plantRequestClocks()
        plantIncidents()
        plantFollowUps()
        plantControls()
        plantDeactivations()
        plantPropagations()
        plantBreakGlassReviews()
        plantVolumes()
        plantExports()
        plantLowAndSlow()
        plantFailedLogins()
        plantSessions()
        plantRepeatedPromotions()
        plantIdleSeats()
        plantLapses()
        plantSilentSources()
        plantSourceRefusals()
        plantThresholds()
        plantDifferences()
        plantHours()
        plantExternalCandidates()
        plantDisability()
    }
}
