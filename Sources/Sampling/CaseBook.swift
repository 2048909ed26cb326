// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// A job seeker made for a case.
struct CasePerson: Sendable {
    var pid: String
    var rome: String
    var agreement: String
}

/// A job offer made for a case.
struct CaseOffer: Sendable {
    var reference: String
    var employer: String
    var rome: String
}

/// Collects the events of a sample log that are planned ahead, and what they must lead to.
///
/// Every case has its own persons and offers, so that no case changes the outcome of another.
struct CaseBook: Sendable {
    var random: SampleRandom
    var officers: SampleOfficers
    var policyVersion: String
    /// The version that follows, for the story in which it does.
    var change: PolicyChange?
    var events: [SampleEvent] = []
    var cases: [PlantedCase] = []
    /// Advisers in good standing, lent to the cases in turn.
    var pool: [SampleAdviser] = []
    /// First day of the pilot and the day after its last, as day numbers.
    var pilotStart: Int
    var pilotEnd: Int
    /// Nights on which no control runs, and heartbeats that do not come.
    var quietNights: [Int] = []
    var silences: [PlannedSilence] = []
    /// Licences that must stay active though they do not serve.
    var keptLicences: Set<String> = []

    private var poolPlace = 0
    private var slotPlace = 0
    private var counters: [String: Int] = [:]

    init(seed: UInt64, policyVersion: String, pilotStart: Int, pilotEnd: Int) {
        random = SampleRandom(seed: seed)
        officers = SampleOfficers(&random)
        self.policyVersion = policyVersion
        self.pilotStart = pilotStart
        self.pilotEnd = pilotEnd
    }

    /// A second version of the policy set, and when it comes into force.
    struct PolicyChange: Sendable {
        var version: String
        var instant: Int64
    }

    /// The canonical `decision` object under the version in force at an instant.
    func decision(_ effect: String, at instant: Int64) -> SampleValue {
        let version =
            if let change, instant >= change.instant { change.version } else { policyVersion }
        return .object(Self.decision(effect, version))
    }

    /// The canonical `decision` object.
    static func decision(_ effect: String, _ version: String) -> [UInt8] {
        Array("{\"effect\":\"\(effect)\",\"policy_version\":\"\(version)\"}".utf8)
    }
}

// MARK: - References and times

extension CaseBook {
    /// A reference of a family, never used before and none of the simulation's: `OF-K7`.
    mutating func reference(_ family: String) -> String {
        let number = counters[family, default: 0] + 1
        counters[family] = number
        return "\(family)-K\(number)"
    }

    /// A pseudonym of a job seeker.
    mutating func personPID() -> String { "P" + random.hexadecimal(12) }

    /// An instant in working hours that no other case has, from the second week of the pilot on.
    mutating func slot() -> Int64 {
        let first = pilotStart + 7
        let span = max(1, min(pilotEnd - 4 - first, 150))
        let day = SampleTime.workingDay(from: first + (slotPlace * 3) % span)
        slotPlace += 1
        let usable = SampleTime.isWorkingDay(day) && day < pilotEnd - 1 ? day : first
        return SampleTime.paris(usable, 9) + Int64((slotPlace * 37) % 420) * SampleTime.minute
            + Int64(random.below(50_000))
    }

    /// The next adviser of the pool.
    mutating func adviser() -> SampleAdviser {
        poolPlace += 1
        return pool[poolPlace % pool.count]
    }
}

// MARK: - Recording

extension CaseBook {
    mutating func add(_ event: SampleEvent) {
        events.append(event)
    }

    mutating func add(
        _ type: String, _ source: SampleSource, _ instant: Int64, _ members: [SampleEvent.Member]
    ) {
        events.append(SampleEvent(type, source, at: instant, members))
    }

    /// Records an event that breaks exactly these rules.
    mutating func violate(_ rules: [String], _ note: String, _ event: SampleEvent) {
        mark(PlantedCase(rules: rules, kind: .violation, note: note), event)
    }

    /// Records an event that comes close to breaking a rule and breaks none.
    mutating func nearMiss(_ rule: String, _ note: String, _ event: SampleEvent) {
        mark(PlantedCase(rules: [rule], kind: .nearMiss, note: note), event)
    }

    private mutating func mark(_ planted: PlantedCase, _ event: SampleEvent) {
        events.append(marked(planted, event))
    }

    /// The event with its case, to be recorded by the caller.
    mutating func marked(_ planted: PlantedCase, _ event: SampleEvent) -> SampleEvent {
        var marked = event
        marked.mark = Int32(cases.count)
        cases.append(planted)
        return marked
    }
}

// MARK: - Accesses

extension CaseBook {
    static let promotion = "P3-PROMOTION"
    static let offers = "P2-OFFRES"
    static let prospection = "P1-PROSPECTION"

    /// An access, allowed and done.
    func access(
        _ type: String, _ adviser: SampleAdviser, _ instant: Int64, _ purpose: String,
        _ members: [SampleEvent.Member] = []
    ) -> SampleEvent {
        let source: SampleSource = type.hasPrefix("linkedin.") ? .linkedin : .portal
        var event = SampleEvent(type, source, at: instant, members)
        event.members.append((.actor, .object(adviser.object)))
        event.members.append((.decision, decision("allow", at: instant)))
        event.members.append((.outcome, .text("done")))
        event.members.append((.purpose, .text(purpose)))
        if adviser.needsLicence, !adviser.licence.isEmpty {
            event.members.append((.licenceID, .text(adviser.licence)))
        }
        return event
    }

    /// The view of a person's profile.
    func view(_ person: CasePerson, _ adviser: SampleAdviser, _ instant: Int64) -> SampleEvent {
        access(
            "profile.view", adviser, instant, Self.promotion,
            [(.subject, .person(person.pid)), (.categories, .texts(["CO", "CV", "PR", "QU"]))])
    }

    /// A promotion of a person for an offer: by default what no rule forbids.
    func promote(
        _ person: CasePerson, _ offer: CaseOffer, _ adviser: SampleAdviser, _ instant: Int64
    ) -> SampleEvent {
        let event = access(
            "profile.promote", adviser, instant, Self.promotion,
            [
                (.subject, .person(person.pid)), (.categories, .texts(["CO", "CV", "PR"])),
                (.offerRef, .text(offer.reference)),
            ])
        guard !person.agreement.isEmpty else { return event }
        return event.with(.agreementRef, .text(person.agreement))
    }

    /// The sharing of a profile with the employer of an offer.
    func share(
        _ person: CasePerson, _ offer: CaseOffer, _ adviser: SampleAdviser, _ instant: Int64
    ) -> SampleEvent {
        var event = promote(person, offer, adviser, instant)
        event.type = "profile.share"
        return event.with(.recipient, .text(offer.employer))
    }

    /// The search of profiles or of anything else that has criteria.
    mutating func search(
        _ type: String, _ adviser: SampleAdviser, _ instant: Int64, _ purpose: String
    ) -> SampleEvent {
        access(
            type, adviser, instant, purpose,
            [(.criteriaHash, .text(random.hexadecimal(64))), (.resultCount, .integer(12))])
    }

    /// The same access, refused and not done.
    func refused(_ event: SampleEvent) -> SampleEvent {
        decided(event, "deny", "denied")
    }

    /// The same access with another decision and outcome.
    func decided(_ event: SampleEvent, _ effect: String, _ outcome: String) -> SampleEvent {
        event.with(.decision, decision(effect, at: event.occurredAt))
            .with(.outcome, .text(outcome))
    }
}

// MARK: - Persons and offers

extension CaseBook {
    /// A person in an adviser's portfolio, informed, who agreed to everything two days before.
    mutating func person(
        of adviser: SampleAdviser?, before instant: Int64, informed: Bool = true,
        scope: [String] = ["*", "CT"]
    ) -> CasePerson {
        let rome = SampleRegions.occupations[random.below(SampleRegions.occupations.count)]
        let pid = personPID()
        let start = instant - 2 * SampleTime.day
        if let adviser {
            assign(pid, to: adviser, rome: rome, at: start)
        }
        if informed {
            add("notice.person", .employment, start + SampleTime.minute, [(.subject, .person(pid))])
        }
        var person = CasePerson(pid: pid, rome: rome, agreement: "")
        if !scope.isEmpty {
            person.agreement = agree(pid, at: start + 2 * SampleTime.minute, scope: scope)
        }
        return person
    }

    mutating func assign(_ pid: String, to adviser: SampleAdviser, rome: String, at instant: Int64)
    {
        add(
            "portfolio.assign", .employment, instant,
            [
                (.actor, .object(adviser.object)), (.rome, .text(rome)),
                (.subject, .person(pid)),
            ])
    }

    /// An agreement, until 120 days later unless said otherwise.
    @discardableResult
    mutating func agree(
        _ pid: String, at instant: Int64, scope: [String], until: Int64? = nil
    ) -> String {
        let reference = reference("AG")
        add(
            "agreement.give", .employment, instant,
            [
                (.agreementRef, .text(reference)), (.scope, .texts(scope)),
                (.subject, .person(pid)),
                (.validUntil, .instant(until ?? instant + 120 * SampleTime.day)),
            ])
        return reference
    }

    mutating func withdraw(_ person: CasePerson, at instant: Int64) {
        add(
            "agreement.withdraw", .employment, instant,
            [(.agreementRef, .text(person.agreement)), (.subject, .person(person.pid))])
    }

    /// An offer opened two days before.
    mutating func offer(_ rome: String, before instant: Int64) -> CaseOffer {
        var offer = unopenedOffer(rome)
        offer.rome = rome
        open(offer, at: instant - 2 * SampleTime.day)
        return offer
    }

    /// An offer that no event opens.
    mutating func unopenedOffer(_ rome: String) -> CaseOffer {
        CaseOffer(reference: reference("OF"), employer: reference("E"), rome: rome)
    }

    mutating func open(_ offer: CaseOffer, at instant: Int64) {
        add(
            "offer.open", .employment, instant,
            [
                (.offerRef, .text(offer.reference)), (.employerRef, .text(offer.employer)),
                (.rome, .text(offer.rome)),
            ])
    }

    mutating func close(_ offer: CaseOffer, at instant: Int64) {
        add("offer.close", .employment, instant, [(.offerRef, .text(offer.reference))])
    }

    /// An event about a person and nothing else.
    mutating func mention(
        _ type: String, _ person: CasePerson, at instant: Int64,
        _ members: [SampleEvent.Member] = []
    ) {
        add(type, .employment, instant, members + [(.subject, .person(person.pid))])
    }
}
