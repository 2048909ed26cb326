// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// What an adviser lacks, for the cases that ask for it.
struct Recruitment: Sendable {
    var role = "CONS_PRO"
    var region = ""
    var trained = true
    var charterUntil: Int64?
    var enrolled = true
    /// How far the licence gets: 0 none, 1 requested, 2 granted, 3 assigned, 4 active.
    var licenceSteps = 4
    var links: [String] = []
}

// MARK: - Staff

extension CaseBook {
    /// An employee with a new pseudonym; nothing is recorded.
    mutating func newcomer(_ role: String, region: String = "", place: Int? = nil) -> SampleAdviser
    {
        let number = place ?? random.below(40)
        let code = region.isEmpty ? SampleRegions.codes[number % 5] : region
        return SampleAdviser(
            pid: "A" + random.hexadecimal(12), role: role, region: code,
            establishment: "ET-\(code)-\(number / 5 % 4 + 1)",
            unit: "UN-\(code)-\(number / 5 % 20 + 1)", licence: "")
    }

    /// Enrols somebody from an instant on: volunteer, charter, training, licence.
    mutating func recruit(_ wish: Recruitment = Recruitment(), at start: Int64) -> SampleAdviser {
        var adviser = newcomer(wish.role, region: wish.region)
        if wish.enrolled { enrol(adviser, at: start, links: wish.links) }
        prepare(adviser, at: start, wish)
        adviser.licence = license(adviser, at: start + SampleTime.hour, steps: wish.licenceSteps)
        return adviser
    }

    /// Makes somebody a volunteer.
    mutating func enrol(_ adviser: SampleAdviser, at instant: Int64, links: [String] = []) {
        var members: [SampleEvent.Member] = [(.actor, .object(adviser.object))]
        if !links.isEmpty { members.append((.links, .texts(links.sorted()))) }
        add("adviser.enrol", .licences, instant, members)
    }

    private mutating func prepare(
        _ adviser: SampleAdviser, at start: Int64, _ wish: Recruitment
    ) {
        let actor = SampleEvent.Member(.actor, .object(adviser.object))
        func sign(_ instant: Int64, until end: Int64) {
            add(
                "charter.sign", .licences, instant,
                [actor, (.charterVersion, .text("1")), (.validUntil, .instant(end))])
        }
        let (signed, year) = (start + 10 * SampleTime.minute, 365 * SampleTime.day)
        sign(signed, until: wish.charterUntil ?? start + year)
        // Signed again before it lapses, in a log that lasts so long.
        let again = signed + 350 * SampleTime.day
        if wish.charterUntil == nil, again < SampleTime.paris(pilotEnd, 0) {
            sign(again, until: again + year)
        }
        if wish.trained {
            add(
                "training.complete", .licences, start + 30 * SampleTime.minute,
                [actor, (.module, .text("MOD-RGPD"))])
        }
    }

    /// Takes a licence as far as asked; returns its reference, or nothing when there is none.
    mutating func license(_ adviser: SampleAdviser, at start: Int64, steps: Int = 4) -> String {
        guard steps > 0 else { return "" }
        let licence = reference("LIC")
        let identity = SampleEvent.Member(.licenceID, .text(licence))
        let minute = SampleTime.minute
        add("licence.request", .licences, start, [identity, (.requester, .text(adviser.pid))])
        if steps > 1 {
            add(
                "licence.grant", .licences, start + 20 * minute,
                [identity, (.approver, .text(officers.director))])
        }
        if steps > 2 {
            add(
                "licence.assign", .licences, start + 40 * minute,
                [
                    identity, (.to, .text(adviser.pid)),
                    (.approver, .text(officers.administrator)),
                ])
        }
        if steps > 3 { add("licence.activate", .licences, start + 60 * minute, [identity]) }
        return licence
    }

    /// A change of a licence that needs no more than its name.
    mutating func licence(_ change: String, _ licence: String, at instant: Int64) {
        add("licence.\(change)", .licences, instant, [(.licenceID, .text(licence))])
    }

    /// An event of an employee and nothing else.
    func act(
        _ type: String, _ source: SampleSource, _ adviser: SampleAdviser, _ instant: Int64,
        _ members: [SampleEvent.Member] = []
    ) -> SampleEvent {
        SampleEvent(
            type, source, at: instant, members + [(.actor, .object(adviser.object))])
    }
}

// MARK: - Governance

extension CaseBook {
    /// The policy set proposed, approved and activated by three persons.
    mutating func adoptPolicy(_ version: String, hash: String, at instant: Int64) {
        let common: [SampleEvent.Member] = [
            (.version, .text(version)), (.author, .text(officers.lawyer)), (.hash, .text(hash)),
        ]
        add("policy.propose", .governance, instant, common)
        add(
            "policy.approve", .governance, instant + SampleTime.hour,
            common + [(.approver, .text(officers.dpo))])
        add(activation(version, hash, at: instant + 2 * SampleTime.hour))
    }

    /// The activation of a policy set for the whole pilot.
    func activation(_ version: String, _ hash: String, at instant: Int64) -> SampleEvent {
        SampleEvent(
            "policy.activate", .governance, at: instant,
            [
                (.version, .text(version)), (.author, .text(officers.lawyer)),
                (.approver, .text(officers.dpo)), (.hash, .text(hash)),
                (.regions, .texts(SampleRegions.codes)),
                (.roles, .texts(["CONS_PRO", "REF_PILOTE", "RESP"])),
                (.categories, .texts(["CO", "CT", "CV", "EM", "ID", "LK", "PR", "QU"])),
                (.purposes, .texts([Self.prospection, Self.offers, Self.promotion])),
            ])
    }

    /// The consultation of a staff body.
    func consultation(_ level: String, at instant: Int64, hash: String? = nil) -> SampleEvent {
        var members: [SampleEvent.Member] = [
            (.body, .text(level == "central" ? "CSEC" : "CSE-28")), (.level, .text(level)),
        ]
        if let hash { members.append((.hash, .text(hash))) }
        return SampleEvent("cse.consult", .governance, at: instant, members)
    }

    /// The start of the pilot, from its first day to the day after its last.
    mutating func startPilot(at instant: Int64) {
        add(
            "pilot.start", .governance, instant,
            [
                (.decisionRef, .text("DEC-1")), (.regions, .texts(SampleRegions.codes)),
                (.validFrom, .instant(SampleTime.paris(pilotStart, 0))),
                (.validUntil, .instant(SampleTime.paris(pilotEnd, 0))),
            ])
    }

    /// The platform's operator, and the tool under which data go to it until an instant.
    mutating func arrangePlatform(at instant: Int64, until: Int64) {
        add(
            "partner.register", .governance, instant,
            [(.partner, .text("LINKEDIN")), (.operation, .text("RECHERCHE"))])
        add(transfer(at: instant + 1000, until: until))
    }

    /// The authorisation of a transfer to the platform.
    func transfer(at instant: Int64, until: Int64) -> SampleEvent {
        SampleEvent(
            "transfer.authorise", .governance, at: instant,
            [
                (.partner, .text("LINKEDIN")), (.tool, .text("DPF")),
                (.validUntil, .instant(until)),
            ])
    }

    /// The step of a nominative act or of an identity opened in a case.
    func pseudonym(
        _ step: String, _ reference: String, _ caseReference: String, at instant: Int64
    ) -> SampleEvent {
        var members: [SampleEvent.Member] = [
            (.reference, .text(reference)), (.caseRef, .text(caseReference)),
        ]
        switch step {
        case "request": members.append((.requester, .text(officers.dpo)))
        case "approve": members.append((.approver, .text(officers.auditor)))
        default: members.append((.actor, .object(SampleAdviser.object(pid: officers.dpo))))
        }
        return SampleEvent("pseudonym.\(step)", .governance, at: instant, members)
    }
}
