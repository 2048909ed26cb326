// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The simulated pilot: advisers at work, job seekers, offers, day after day.
///
/// Whatever becomes permitted on a day is used from the next day on, and whatever ends on a day is
/// not used on that day any more; so no access of the simulation depends on the time of day of a
/// change, and none breaks a rule.
struct SampleWorld: Sendable {
    /// A licence holder or an employment adviser.
    struct Worker: Sendable {
        var adviser: SampleAdviser
        var object: [UInt8]
        var portfolio: [Int32] = []
        var former: [(person: Int32, day: Int)] = []
        /// When the adviser broke the glass last, in milliseconds since 1970.
        var glassBrokenAt: Int64 = 0
        /// Days from which and before which the worker may work.
        var worksFrom: Int
        var worksUntil = Int.max
        var absentFrom = Int.max
        var absentUntil = Int.max
    }

    /// A job seeker.
    struct Person: Sendable {
        var pid: String
        var rome: Int
        var worker: Int32
        var assignedFrom = Int.max
        var informedFrom = Int.max
        var agreedFrom = Int.max
        var agreedUntil = Int.min
        var agreement = ""
        var allowsContact = false
        /// The employers to whom the profile was given.
        var recipients: Set<String> = []
        var objectedFrom = Int.max
        var objectedUntil = Int.max
        var blockedFrom = Int.max
    }

    /// A job offer.
    struct Offer: Sendable {
        var reference: String
        var employer: String
        var rome: Int
    }

    var book: CaseBook
    let activity: SampleActivity
    var random: SampleRandom
    var workers: [Worker] = []
    var persons: [Person] = []
    var personsByRome: [[Int32]]
    var offersByRome: [[Offer]]
    var requests: [(person: Int32, reference: String, from: Int, until: Int)] = []
    /// What happens to persons on each day, counted from the first.
    var agenda: [[(person: Int32, change: PersonChange)]]
    /// Events still to be recorded, by the day (UTC) of their recording, counted from the first.
    var buckets: [[SampleEvent]]
    var counters = SampleCounters()
    let allowances: [SampleValue]
    let denials: [SampleValue]

    init(book: CaseBook, activity: SampleActivity) {
        self.book = book
        self.activity = activity
        random = SampleRandom(seed: book.random.peek())
        let days = activity.endDay - activity.firstDay
        agenda = Array(repeating: [], count: days)
        buckets = Array(repeating: [], count: days)
        personsByRome = Array(repeating: [], count: SampleRegions.occupations.count)
        offersByRome = Array(repeating: [], count: SampleRegions.occupations.count)
        let versions = [book.policyVersion, book.change?.version ?? book.policyVersion]
        allowances = versions.map { .object(CaseBook.decision("allow", $0)) }
        denials = versions.map { .object(CaseBook.decision("deny", $0)) }
        hire()
        register()
        for event in self.book.events { emit(event) }
        self.book.events = []
    }

    /// Keeps an event for the day of its recording; what comes after the end is never recorded.
    mutating func emit(_ event: SampleEvent) {
        let day = Int(event.recordedAt.flooredQuotient(SampleTime.day)) - activity.firstDay
        guard day < buckets.count else { return }
        buckets[max(0, day)].append(event)
    }

    mutating func emit(
        _ type: String, _ source: SampleSource, _ instant: Int64, _ members: [SampleEvent.Member]
    ) {
        var event = SampleEvent(type, source, at: instant, members)
        event.recordedAt += Int64(random.below(source == .linkedin ? 400_000 : 4000))
        emit(event)
    }

    /// The events of a day in the order of the log.
    mutating func day(_ number: Int) -> [SampleEvent] {
        let day = activity.firstDay + number
        beat(day)
        changePersons(day)
        changeOffers(day)
        if SampleTime.isWorkingDay(day), day >= activity.pilotStart, day < activity.pilotEnd {
            for worker in workers.indices { work(worker, on: day) }
        }
        checkAtNight(day)
        var events: [SampleEvent] = []
        swap(&events, &buckets[number])
        let order = events.indices.sorted {
            (events[$0].recordedAt, events[$0].occurredAt, $0)
                < (events[$1].recordedAt, events[$1].occurredAt, $1)
        }
        return order.map { events[$0] }
    }
}

/// The numbers of references already given.
struct SampleCounters: Sendable {
    var agreement = 0
    var session = 0
    var offer = 0
    var caseFile = 0
    var request = 0
}

/// What happens to a person on a day of the agenda.
enum PersonChange: Sendable {
    case assign, inform, agree, withdraw, object, lift, restrict, ask, erase, handOver
}

// MARK: - The beginning

extension SampleWorld {
    /// Hires the workers: licences within two weeks before the pilot.
    private mutating func hire() {
        let start = activity.firstDay + (activity.isShort ? 1 : 5)
        for place in 0..<activity.advisers {
            var wish = Recruitment()
            if place % 25 == 24 { wish.role = "RESP" }
            if place % 100 == 99 { wish.role = "REF_PILOTE" }
            wish.region = SampleRegions.codes[place % 5]
            let day = SampleTime.workingDay(from: start + (activity.isShort ? 0 : place % 6))
            let instant = SampleTime.paris(day, 8) + Int64(place) * 7000
            let adviser = book.recruit(wish, at: instant)
            var worker = Worker(adviser: adviser, object: adviser.object, worksFrom: day + 1)
            if activity.hasChanges { plan(&worker) }
            workers.append(worker)
        }
        for place in 0..<activity.employmentAdvisers {
            let adviser = book.newcomer("CONS_EMPLOI", place: place)
            workers.append(
                Worker(adviser: adviser, object: adviser.object, worksFrom: activity.firstDay))
        }
    }

    /// Some leave, some move, some are away for weeks.
    private mutating func plan(_ worker: inout Worker) {
        let lot = random.below(100)
        let day = SampleTime.workingDay(
            from: activity.pilotStart + 10
                + random.below(max(1, activity.pilotEnd - activity.pilotStart - 20)))
        let instant = SampleTime.paris(day, 9) + Int64(random.below(3_600_000))
        let (adviser, later) = (worker.adviser, instant + 6 * SampleTime.hour)
        switch lot {
        case 0..<2:
            book.add(book.act("adviser.withdraw", .licences, adviser, instant))
            book.licence("revoke", adviser.licence, at: later)
            worker.worksUntil = day
        case 2..<4:
            book.add(book.act("adviser.leave", .licences, adviser, instant))
            book.licence("revoke", adviser.licence, at: later)
            worker.worksUntil = day
        case 4..<6:
            book.add(book.act("adviser.move", .licences, adviser, instant))
            book.licence("return", adviser.licence, at: later)
            worker.worksUntil = day
        case 6..<12:
            book.licence("suspend", adviser.licence, at: instant)
            worker.absentFrom = day
            worker.absentUntil = SampleTime.workingDay(from: day + random.between(7, 30)) + 1
            book.licence(
                "restore", adviser.licence,
                at: SampleTime.paris(worker.absentUntil - 1, 18))
        default: break
        }
    }

    /// Registers the job seekers: two thirds before the pilot, the others as time goes by.
    private mutating func register() {
        let days = agenda.count
        for place in workers.indices {
            for _ in 0..<activity.personsPerAdviser {
                let rome = random.below(SampleRegions.occupations.count)
                let number = Int32(persons.count)
                persons.append(
                    Person(pid: "P" + random.hexadecimal(12), rome: rome, worker: Int32(place)))
                workers[place].portfolio.append(number)
                personsByRome[rome].append(number)
                let isEarly = activity.isShort || random.happens(660)
                plan(
                    number,
                    from: isEarly ? random.below(activity.isShort ? 1 : 7) : random.below(days))
            }
        }
    }

    private mutating func plan(_ person: Int32, from day: Int) {
        schedule(person, .assign, day)
        schedule(person, .inform, day + random.below(activity.isShort ? 2 : 3))
        if random.happens(700) {
            schedule(person, .agree, day + (activity.isShort ? 1 : random.between(2, 9)))
        }
        guard activity.hasChanges else { return }
        let later = day + 12
        let rest = max(1, agenda.count - later)
        if random.happens(60) { schedule(person, .withdraw, later + random.below(rest)) }
        if random.happens(15) {
            let objection = later + random.below(rest)
            schedule(person, .object, objection)
            if random.happens(500) {
                schedule(person, .lift, objection + random.between(3, 20))
            }
        }
        if random.happens(5) { schedule(person, .restrict, later + random.below(rest)) }
        if random.happens(15) { schedule(person, .ask, later + random.below(rest)) }
        if random.happens(4) { schedule(person, .erase, later + random.below(rest)) }
        if random.happens(60) { schedule(person, .handOver, later + random.below(rest)) }
    }

    mutating func schedule(_ person: Int32, _ change: PersonChange, _ day: Int) {
        guard day >= 0, day < agenda.count else { return }
        agenda[day].append((person, change))
    }
}
