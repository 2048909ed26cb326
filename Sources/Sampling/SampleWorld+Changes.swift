// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TransparencyLog

// MARK: - Persons

extension SampleWorld {
    /// An instant of a day in office hours.
    private mutating func officeHour(_ day: Int) -> Int64 {
        SampleTime.paris(day, 9) + Int64(random.below(8 * 3_600_000))
    }

    /// Carries out the agenda of a day.
    mutating func changePersons(_ day: Int) {
        let number = day - activity.firstDay
        for (person, change) in agenda[number] {
            let instant = officeHour(day)
            let subject = SampleEvent.Member(.subject, .person(persons[Int(person)].pid))
            guard persons[Int(person)].blockedFrom == .max else { continue }
            switch change {
            case .assign: assign(person, day, instant)
            case .inform:
                emit("notice.person", .employment, instant, [subject])
                persons[Int(person)].informedFrom = day + 1
            case .agree: agree(person, day, instant)
            case .withdraw: withdraw(person, day, instant)
            case .object:
                emit("objection.register", .employment, instant, [subject])
                persons[Int(person)].objectedFrom = day
            case .lift:
                emit("objection.lift", .employment, instant, [subject])
                persons[Int(person)].objectedUntil = day + 1
            case .restrict, .erase:
                let type = change == .erase ? "erasure.perform" : "restriction.set"
                emit(type, .employment, instant, [subject])
                persons[Int(person)].blockedFrom = day
            case .ask: ask(person, day, instant)
            case .handOver: handOver(person, day, instant)
            }
        }
        agenda[number] = []
    }

    private mutating func assign(_ person: Int32, _ day: Int, _ instant: Int64) {
        let seeker = persons[Int(person)]
        emit(
            "portfolio.assign", .employment, instant,
            [
                (.actor, .object(workers[Int(seeker.worker)].object)),
                (.rome, .text(SampleRegions.occupations[seeker.rome])),
                (.subject, .person(seeker.pid)),
            ])
        persons[Int(person)].assignedFrom = day + 1
    }

    private mutating func agree(_ person: Int32, _ day: Int, _ instant: Int64) {
        counters.agreement += 1
        let days = random.between(60, 175)
        let reference = "AG-" + String(counters.agreement)
        let allowsContact = random.happens(400)
        let rome = SampleRegions.occupations[persons[Int(person)].rome]
        var scope = [random.happens(300) ? String(rome.prefix(3)) : rome]
        if allowsContact { scope.insert("CT", at: scope[0] < "CT" ? 1 : 0) }
        emit(
            "agreement.give", .employment, instant,
            [
                (.agreementRef, .text(reference)), (.scope, .texts(scope)),
                (.subject, .person(persons[Int(person)].pid)),
                (.validUntil, .instant(instant + Int64(days) * SampleTime.day)),
            ])
        persons[Int(person)].agreement = reference
        persons[Int(person)].allowsContact = allowsContact
        persons[Int(person)].agreedFrom = day + 1
        persons[Int(person)].agreedUntil = day + days - 1
        if random.happens(700) { schedule(person, .agree, day + days + 2 - activity.firstDay) }
    }

    private mutating func withdraw(_ person: Int32, _ day: Int, _ instant: Int64) {
        let seeker = persons[Int(person)]
        guard seeker.agreedFrom <= day, seeker.agreedUntil > day + 1 else { return }
        emit(
            "agreement.withdraw", .employment, instant,
            [(.agreementRef, .text(seeker.agreement)), (.subject, .person(seeker.pid))])
        persons[Int(person)].agreedUntil = day
        // What is given from tomorrow on is not held yet: nothing is given today any more.
        for (place, recipient) in seeker.recipients.sorted().enumerated() {
            emit(
                "recipient.delete", .employment,
                instant + SampleTime.day + Int64(place) * SampleTime.minute,
                [(.recipient, .text(recipient)), (.subject, .person(seeker.pid))])
        }
        persons[Int(person)].recipients = []
        if random.happens(250) {
            schedule(person, .agree, day + random.between(5, 30) - activity.firstDay)
        }
    }

    private mutating func ask(_ person: Int32, _ day: Int, _ instant: Int64) {
        counters.request += 1
        let reference = "DSR-" + String(counters.request)
        let subject = SampleEvent.Member(.subject, .person(persons[Int(person)].pid))
        let answer = SampleTime.workingDay(from: day + random.between(5, 25))
        emit(
            "dsr.receive", .employment, instant,
            [
                subject, (.reference, .text(reference)),
                (.dueAt, .instant(instant + 30 * SampleTime.day)),
            ])
        emit(
            "dsr.answer", .employment, SampleTime.paris(answer, 15),
            [subject, (.reference, .text(reference))])
        requests.append((person, reference, day + 1, answer))
        requests.removeAll { $0.until <= day }
    }

    private mutating func handOver(_ person: Int32, _ day: Int, _ instant: Int64) {
        let seeker = persons[Int(person)]
        let (old, new) = (Int(seeker.worker), random.below(workers.count))
        guard old != new, seeker.assignedFrom <= day else { return }
        let subject = SampleEvent.Member(.subject, .person(seeker.pid))
        emit(
            "portfolio.release", .employment, instant,
            [(.actor, .object(workers[old].object)), subject])
        workers[old].portfolio.removeAll { $0 == person }
        workers[old].former.removeAll { $0.day < day - 13 }
        workers[old].former.append((person, day))
        workers[new].portfolio.append(person)
        persons[Int(person)].worker = Int32(new)
        assign(person, day, instant + 1000)
    }
}

// MARK: - Offers, heartbeats and nights

extension SampleWorld {
    /// Closes and opens offers: what closes is not used today, what opens from tomorrow on.
    mutating func changeOffers(_ day: Int) {
        let number = day - activity.firstDay
        for rome in offersByRome.indices where number > 7 {
            for place in offersByRome[rome].indices.reversed() where random.happens(25) {
                guard offersByRome[rome].count > 3 else { break }
                let offer = offersByRome[rome].remove(at: place)
                emit(
                    "offer.close", .employment, officeHour(day),
                    [(.offerRef, .text(offer.reference))])
            }
        }
        let wanted = number < 7 ? max(1, activity.offers / 7) : max(1, activity.offers / 40)
        for _ in 0..<wanted { openLater(day) }
        for rome in offersByRome.indices where number < 2 && offersByRome[rome].isEmpty {
            open(rome, day)
        }
    }

    private mutating func openLater(_ day: Int) {
        open(random.below(offersByRome.count), day)
    }

    private mutating func open(_ rome: Int, _ day: Int) {
        counters.offer += 1
        let offer = Offer(
            reference: "OF-" + String(counters.offer),
            employer: "E-" + String(random.between(1000, 9999)), rome: rome)
        // Before anybody's hours, so that the offer serves the same day.
        emit(
            "offer.open", .employment,
            SampleTime.paris(day, 5) + Int64(random.below(3_600_000)),
            [
                (.offerRef, .text(offer.reference)), (.employerRef, .text(offer.employer)),
                (.rome, .text(SampleRegions.occupations[rome])),
            ])
        offersByRome[rome].append(offer)
    }

    /// Each source says that it is alive, day and night.
    mutating func beat(_ day: Int) {
        guard activity.heartbeatMinutes > 0 else { return }
        let midnight = Int64(day) * SampleTime.day
        for source in SampleSource.allCases where source.beats {
            var minute = source.rawValue
            while minute < 1440 {
                let next = minute + activity.heartbeatMinutes
                if !isSilent(source, day, minute) {
                    let instant = midnight + Int64(minute) * SampleTime.minute
                    if isSilent(source, day, next) {
                        plant("R36", "the next beat does not come", "heartbeat", source, instant)
                    } else {
                        emit("heartbeat", source, instant, [])
                    }
                }
                minute = next
            }
        }
    }

    private func isSilent(_ source: SampleSource, _ day: Int, _ minute: Int) -> Bool {
        book.silences.contains { $0.source == source && $0.day == day && $0.minute == minute }
    }

    /// Records an event that breaks a rule by what does not follow.
    private mutating func plant(
        _ rule: String, _ note: String, _ type: String, _ source: SampleSource, _ instant: Int64,
        _ members: [SampleEvent.Member] = []
    ) {
        let planted = PlantedCase(rules: [rule], kind: .violation, note: note)
        emit(book.marked(planted, SampleEvent(type, source, at: instant, members)))
    }

    /// The control of the night.
    mutating func checkAtNight(_ day: Int) {
        guard day >= activity.pilotStart, day < activity.endDay - 1,
            !book.quietNights.contains(day)
        else { return }
        let instant = SampleTime.paris(day + 1, 4)
        let version = SampleEvent.Member(.rulesetVersion, .text(book.policyVersion))
        emit(
            "check.start", .governance, instant,
            [version, (.head, .latestRoot)])
        let found: [SampleEvent.Member] = [
            version, (.head, .latestRoot), (.findings, .findingCount),
        ]
        if book.quietNights.contains(day + 1) {
            plant(
                "R36", "no control the next night", "check.complete", .governance,
                instant + 240_000, found)
        } else {
            emit("check.complete", .governance, instant + 240_000, found)
        }
    }
}
