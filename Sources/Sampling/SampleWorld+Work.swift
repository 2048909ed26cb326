// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

// MARK: - A day at work

extension SampleWorld {
    /// One adviser's day: a session, and accesses between its opening and its closing.
    mutating func work(_ place: Int, on day: Int) {
        let worker = workers[place]
        guard worker.worksFrom <= day, day < worker.worksUntil,
            day < worker.absentFrom || day >= worker.absentUntil, random.happens(930)
        else { return }
        counters.session += 1
        let session = SampleEvent.Member(.session, .text("S-" + String(counters.session)))
        let actor = SampleEvent.Member(.actor, .object(worker.object))
        let start = SampleTime.paris(day, 8, 30) + Int64(random.below(2_400_000))
        emit(
            "session.open", .portal, start,
            [actor, session, (.deviceKind, .text("POSTE")), (.mfa, .flag(true))])
        let isLicensed = worker.adviser.needsLicence
        let count =
            isLicensed
            ? random.between(activity.accessesMin, activity.accessesMax)
            : random.between(8, 16)
        let pause = SampleTime.paris(day, 12, 15)
        let morning = Int(pause - start) - 60_000
        for _ in 0..<count {
            let isMorning = random.happens(480)
            let instant =
                isMorning
                ? start + 30_000 + Int64(random.below(morning))
                : pause + 3_900_000 + Int64(random.below(14_400_000))
            let moment = Moment(
                worker: place, day: day, instant: instant, session: session, actor: actor)
            if isLicensed { act(moment) } else { seeOwn(moment) }
        }
        emit(
            "session.close", .portal, SampleTime.paris(day, 17, 45) + Int64(random.below(600_000)),
            [actor, session])
    }

    /// Who acts, and when.
    struct Moment {
        var worker: Int
        var day: Int
        var instant: Int64
        var session: SampleEvent.Member
        var actor: SampleEvent.Member
    }

    private mutating func act(_ moment: Moment) {
        switch random.below(100) {
        case 0..<9: search("employer.search", CaseBook.prospection, moment)
        case 9..<16: seeEmployer("employer.view", moment)
        case 16..<20: seeEmployer("employer.prospect", moment)
        case 20..<27: search("linkedin.search", CaseBook.prospection, moment)
        case 27..<32: refer("linkedin.profile.view", moment)
        case 32..<34: refer("linkedin.message", moment)
        case 34..<42: search("offer.search", CaseBook.offers, moment)
        case 42..<51: seeOffer(moment)
        case 51..<61: search("profile.search", CaseBook.promotion, moment)
        case 61..<78: seeOwn(moment)
        case 78..<91: promote(moment)
        case 91..<98: seeExplained(moment)
        case 98..<99: export(moment)
        default: refuse(moment)
        }
    }

    /// Records an access, allowed and done.
    private mutating func access(
        _ type: String, _ purpose: String, _ moment: Moment, _ members: [SampleEvent.Member]
    ) {
        record(
            type, purpose, moment,
            members + [(.decision, decision(allowances, moment)), (.outcome, .text("done"))])
    }

    /// A decision under the version in force.
    private func decision(_ decisions: [SampleValue], _ moment: Moment) -> SampleValue {
        decisions[moment.instant >= book.change?.instant ?? .max ? 1 : 0]
    }

    private mutating func record(
        _ type: String, _ purpose: String, _ moment: Moment, _ members: [SampleEvent.Member]
    ) {
        var all = members
        all.append(moment.actor)
        all.append(moment.session)
        all.append((.purpose, .text(purpose)))
        let licence = workers[moment.worker].adviser.licence
        if !licence.isEmpty { all.append((.licenceID, .text(licence))) }
        emit(type, type.hasPrefix("linkedin.") ? .linkedin : .portal, moment.instant, all)
    }
}

// MARK: - Employers and offers

extension SampleWorld {
    private mutating func search(_ type: String, _ purpose: String, _ moment: Moment) {
        access(
            type, purpose, moment,
            [
                (.criteriaHash, .text(random.hexadecimal(64))),
                (.resultCount, .integer(Int64(random.below(80)))),
            ])
    }

    private mutating func seeEmployer(_ type: String, _ moment: Moment) {
        access(
            type, CaseBook.prospection, moment,
            [(.employerRef, .text("E-" + String(random.between(1000, 9999))))])
    }

    private mutating func refer(_ type: String, _ moment: Moment) {
        let purpose = random.happens(500) ? CaseBook.prospection : CaseBook.offers
        access(
            type, purpose, moment, [(.reference, .text("LK-" + random.hexadecimal(10)))])
    }

    private mutating func seeOffer(_ moment: Moment) {
        let rome = random.below(offersByRome.count)
        guard let offer = anyOffer(rome) else { return }
        access("offer.view", CaseBook.offers, moment, [(.offerRef, .text(offer.reference))])
    }

    private mutating func anyOffer(_ rome: Int) -> Offer? {
        let offers = offersByRome[rome]
        return offers.isEmpty ? nil : offers[random.below(offers.count)]
    }

    private mutating func export(_ moment: Moment) {
        guard workers[moment.worker].adviser.role == "CONS_PRO" else { return }
        let type = random.happens(500) ? "export.request" : "export.perform"
        access(
            type, CaseBook.promotion, moment,
            [
                (.count, .integer(Int64(random.between(1, 10)))),
                (.categories, .texts(["CO", "CV", "PR"])),
            ])
    }
}

// MARK: - Persons

extension SampleWorld {
    private static let presets: [[String]] = [
        ["CO", "CV", "PR", "QU"], ["CV"], ["CO", "CV", "LK"], ["CV", "PR", "ST"],
        ["CV", "ID", "PR"],
    ]

    private func isVisible(_ person: Int32, _ day: Int) -> Bool {
        let seeker = persons[Int(person)]
        return seeker.assignedFrom <= day && day < seeker.blockedFrom
    }

    private func isPromotable(_ person: Int32, _ day: Int) -> Bool {
        let seeker = persons[Int(person)]
        return isVisible(person, day) && seeker.informedFrom <= day && seeker.agreedFrom <= day
            && day < seeker.agreedUntil
            && (day < seeker.objectedFrom || day >= seeker.objectedUntil)
    }

    private mutating func pick(
        _ persons: [Int32], _ day: Int, where holds: (Int32, Int) -> Bool
    ) -> Int32? {
        guard !persons.isEmpty else { return nil }
        for _ in 0..<8 {
            let person = persons[random.below(persons.count)]
            if holds(person, day) { return person }
        }
        return nil
    }

    private mutating func see(
        _ person: Int32, _ moment: Moment, _ members: [SampleEvent.Member] = []
    ) {
        let categories = Self.presets[random.below(Self.presets.count)]
        access(
            "profile.view", CaseBook.promotion, moment,
            members + [
                (.subject, .person(persons[Int(person)].pid)), (.categories, .texts(categories)),
            ])
    }

    /// The view of somebody in the portfolio.
    private mutating func seeOwn(_ moment: Moment) {
        let portfolio = workers[moment.worker].portfolio
        guard let person = pick(portfolio, moment.day, where: isVisible) else { return }
        see(person, moment)
    }

    /// A match or a promotion of somebody in the portfolio who agreed.
    private mutating func promote(_ moment: Moment) {
        let portfolio = workers[moment.worker].portfolio
        guard let person = pick(portfolio, moment.day, where: isPromotable) else { return }
        let seeker = persons[Int(person)]
        guard let offer = anyOffer(seeker.rome) else { return }
        var members: [SampleEvent.Member] = [
            (.subject, .person(seeker.pid)), (.offerRef, .text(offer.reference)),
            (.agreementRef, .text(seeker.agreement)),
        ]
        var type = "profile.promote"
        switch random.below(10) {
        case 0..<4: type = "profile.match"
        case 7, 8: type = "profile.share"
        case 9 where seeker.allowsContact: type = "contact.reveal"
        default: break
        }
        let isContact = type == "contact.reveal"
        members.append((.categories, .texts(isContact ? ["CT", "ID"] : ["CO", "CV", "PR", "QU"])))
        if isContact || type == "profile.share" {
            persons[Int(person)].recipients.insert(offer.employer)
            members.append((.recipient, .text(offer.employer)))
            emit(
                "recipient.ack", .employment, moment.instant + 600_000,
                [(.recipient, .text(offer.employer))])
        }
        access(type, CaseBook.promotion, moment, members)
    }

    /// Something that the rules forbid, and that the control refused.
    private mutating func refuse(_ moment: Moment) {
        if random.happens(150) { return refuseSearch(moment) }
        let portfolio = workers[moment.worker].portfolio
        guard let person = pick(portfolio, moment.day, where: isVisible) else { return }
        record(
            "profile.view", CaseBook.offers, moment,
            [
                (.subject, .person(persons[Int(person)].pid)), (.categories, .texts(["CV"])),
                (.decision, decision(denials, moment)), (.outcome, .text("denied")),
            ])
        emit(
            "access.deny", .portal, moment.instant + 1,
            [moment.actor, (.reasonCode, .text("FINALITE"))])
    }

    /// A search on the platform for a purpose that the pilot does not have.
    private mutating func refuseSearch(_ moment: Moment) {
        record(
            "linkedin.search", "P4-AUTRE", moment,
            [
                (.criteriaHash, .text(random.hexadecimal(64))), (.resultCount, .integer(0)),
                (.decision, decision(denials, moment)), (.outcome, .text("denied")),
            ])
    }

    /// The view of somebody outside the portfolio, for one of the reasons E2 to E9.
    private mutating func seeExplained(_ moment: Moment) {
        let (rome, day) = (random.below(personsByRome.count), moment.day)
        guard let person = pick(personsByRome[rome], day, where: isVisible),
            let offer = anyOffer(rome)
        else { return }
        let subject = SampleEvent.Member(.subject, .person(persons[Int(person)].pid))
        let named = SampleEvent.Member(.offerRef, .text(offer.reference))
        switch random.below(100) {
        case 0..<25: meet(person, moment)
        case 25..<55: see(person, moment, [named])
        case 55..<70:
            emit(
                "application.receive", .employment, moment.instant - 3_600_000, [subject, named])
            see(person, moment, [named])
        case 70..<80:
            emit(
                "mandate.open", .employment, moment.instant - 1_800_000, [moment.actor, subject])
            see(person, moment)
            emit(
                "mandate.close", .employment,
                SampleTime.paris(SampleTime.workingDay(from: day + random.between(1, 20)), 14),
                [moment.actor, subject])
        case 80..<86: seeForRequest(moment)
        case 86..<90:
            counters.caseFile += 1
            see(person, moment, [(.caseRef, .text("CASE-" + String(counters.caseFile)))])
        case 90..<98: seeFormer(moment)
        default: breakGlass(person, moment)
        }
    }

    private mutating func meet(_ person: Int32, _ moment: Moment) {
        let other = SampleTime.workingDay(from: moment.day + random.between(-5, 3))
        let held = SampleTime.paris(other, 9) + Int64(random.below(8 * 3_600_000))
        // Appointments reach the log at night, after they took place.
        let recorded = SampleTime.paris(max(other, moment.day) + 1, 2)
        guard recorded < Int64(activity.endDay) * SampleTime.day, abs(other - moment.day) < 7
        else { return seeOwn(moment) }
        var event = SampleEvent(
            "appointment.hold", .employment, at: held,
            [
                moment.actor, (.subject, .person(persons[Int(person)].pid)),
                (.evidence, .text("declared")),
            ])
        event.recordedAt = recorded + Int64(random.below(900_000))
        emit(event)
        see(person, moment)
    }

    private mutating func seeForRequest(_ moment: Moment) {
        guard !requests.isEmpty else { return seeOwn(moment) }
        let request = requests[random.below(requests.count)]
        guard request.from <= moment.day, moment.day < request.until,
            isVisible(request.person, moment.day)
        else { return seeOwn(moment) }
        see(request.person, moment, [(.reference, .text(request.reference))])
    }

    private mutating func seeFormer(_ moment: Moment) {
        let former = workers[moment.worker].former
        guard let (person, left) = former.last, left < moment.day, moment.day < left + 13,
            isVisible(person, moment.day)
        else { return seeOwn(moment) }
        see(person, moment)
    }

    private mutating func breakGlass(_ person: Int32, _ moment: Moment) {
        // One at a time: closing one closes what the actor has open.
        let opened = workers[moment.worker].glassBrokenAt
        guard abs(moment.instant - opened) > 3_600_000 else { return seeOwn(moment) }
        workers[moment.worker].glassBrokenAt = moment.instant
        emit(
            "breakglass.open", .portal, moment.instant - 120_000,
            [
                moment.actor, (.reasonCode, .text("URGENCE")),
                (.expiresAt, .instant(moment.instant + 3_600_000)),
            ])
        see(person, moment)
        emit("breakglass.close", .portal, moment.instant + 600_000, [moment.actor])
        // Somebody is on call: the review does not wait for Monday.
        emit(
            "breakglass.review", .governance, SampleTime.paris(moment.day + 1, 10),
            [moment.actor, (.reviewer, .text(book.officers.dpo))])
    }
}
