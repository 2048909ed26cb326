// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

extension CaseBook {
    /// Parks the licences of the cases while they do not serve, and gives them back after their last
    /// use: nobody keeps an active seat that is idle (X02).
    mutating func returnIdleLicences() {
        for (licence, uses) in licenceUses().sorted(by: { $0.key < $1.key })
        where !keptLicences.contains(licence) {
            for idle in uses.idleTimes {
                self.licence("suspend", licence, at: evening(after: idle.lowerBound))
                self.licence("restore", licence, at: idle.upperBound - SampleTime.day)
            }
            guard uses.isActive, let last = uses.mentions.last else { continue }
            self.licence("return", licence, at: evening(after: last))
        }
    }

    private func evening(after instant: Int64) -> Int64 {
        SampleTime.paris(Int(instant.flooredQuotient(SampleTime.day)) + 1, 20)
    }

    private func licenceUses() -> [String: LicenceUses] {
        var holders: [String: String] = [:]
        var uses: [String: LicenceUses] = [:]
        for event in events.sorted(by: { $0.occurredAt < $1.occurredAt }) {
            let licence = event.text(.licenceID)
            if let licence {
                switch event.type {
                case "licence.assign": holders[licence] = event.text(.to)
                case "licence.reassign":
                    holders[licence] = event.text(.to)
                    uses[licence, default: LicenceUses()].isActive = true
                case "licence.activate", "licence.restore":
                    uses[licence, default: LicenceUses()].isActive = true
                case "licence.revoke", "licence.return", "licence.expire", "licence.suspend":
                    uses[licence]?.isActive = false
                default: break
                }
            }
            let actor = event.actorPID
            for (held, holder) in holders where held == licence || holder == actor {
                guard uses[held]?.isActive == true else { continue }
                uses[held]?.mentions.append(event.occurredAt)
                if held == licence { uses[held]?.accesses.append(event.occurredAt) }
            }
        }
        return uses
    }

    /// Gives every rule that seldom has something to judge something harmless in the last week, so
    /// that none looks dead (X05).
    mutating func keepRulesAlive() {
        let start = SampleTime.paris(pilotEnd - 7, 7)
        let helper = recruit(at: start)
        let licence = helper.licence
        let end = start + 30 * SampleTime.hour
        add(act("adviser.withdraw", .licences, helper, end))
        self.licence("revoke", licence, at: end + SampleTime.minute)
        keepGovernanceAlive(start)
        keepRightsAlive(start)
        registerSources(start)
    }

    /// Sources that are registered: some that beat, as all do, and some that nobody ever hears.
    private mutating func registerSources(_ start: Int64) {
        let sources: [SampleSource] = [.portal, .employment, .governance]
        for (place, source) in sources.enumerated() {
            let instant = start + (4 + Int64(place)) * SampleTime.hour
            nearMiss(
                "R36", "registered, and beats",
                SampleEvent(
                    "source.register", .governance, at: instant,
                    [(.reference, .text(source.name))]))
            violate(
                ["R36"], "registered, and never beats",
                SampleEvent(
                    "source.register", .governance, at: instant + SampleTime.minute,
                    [(.reference, .text(reference("SRC")))]))
        }
    }

    private mutating func keepGovernanceAlive(_ start: Int64) {
        let later = start + 20 * SampleTime.hour
        let name = reference("MES")
        let measure = SampleEvent.Member(.measure, .text(name))
        nearMiss(
            "X05", "a measure in the last week",
            SampleEvent(
                "dpia.measure", .governance, at: start,
                [measure, (.owner, .text(officers.dpo))]))
        add("control.link", .governance, later, [measure, (.control, .text("R14"))])
        nearMiss("X05", "an indicator in the last week", indicator(name, 1, later + 1000))
        let body = SampleEvent.Member(.body, .text("CSEC"))
        let observation = SampleEvent.Member(.observationRef, .text(reference("OBS")))
        nearMiss(
            "X05", "an observation in the last week",
            SampleEvent(
                "cse.observation", .governance, at: start,
                [observation, body, (.dueAt, .instant(later))]))
        add("cse.answer", .governance, later, [observation, body])
        add(
            "entitlement.review", .governance, start,
            [(.reference, .text(reference("PER"))), (.reviewer, .text(officers.auditor))])
        let summary = reference("SYN")
        add(compute(summary, "Z", "2026-10", start))
        add(release(summary, "Z", start + 1000))
    }

    private mutating func keepRightsAlive(_ start: Int64) {
        let later = start + 20 * SampleTime.hour
        let (helper, person) = (newcomer("CONS_PRO"), personPID())
        let subject = SampleEvent.Member(.subject, .person(person))
        let request = SampleEvent.Member(.reference, .text(reference("DSR")))
        add("dsr.receive", .employment, start, [subject, request, (.dueAt, .instant(later))])
        add("dsr.answer", .employment, later, [subject, request])
        add(
            act(
                "breakglass.open", .portal, helper, start,
                [(.reasonCode, .text("URGENCE")), (.expiresAt, .instant(start + 1000))]))
        add(
            act(
                "breakglass.review", .governance, helper, later,
                [(.reviewer, .text(officers.dpo))]))
        add(act("auth.fail", .portal, helper, start, [(.attempts, .integer(1))]))
        add(act("portfolio.release", .employment, helper, start, [subject]))
    }
}

/// When a licence that was active once serves, in order of time.
private struct LicenceUses {
    /// The events that name the licence.
    var accesses: [Int64] = []
    /// Those, and every event of its holder: a session opens without a licence being used.
    var mentions: [Int64] = []
    var isActive = true

    /// From one mention to the next, wherever no access came for 45 days: the longest such time that
    /// begins within those days.
    var idleTimes: [Range<Int64>] {
        let limit = 45 * SampleTime.day
        return zip(accesses, accesses.dropFirst() + mentions.suffix(1)).compactMap { use, next in
            guard next - use > limit else { return nil }
            let between = mentions.filter { $0 >= use && $0 <= next }
            return zip(between, between.dropFirst()).filter { $0.0 - use < limit }
                .map { $0.0..<$0.1 }
                .max { $0.upperBound - $0.lowerBound < $1.upperBound - $1.lowerBound }
        }
    }
}

extension SampleEvent {
    /// The text of a field; nil if the event has none.
    func text(_ field: EntryField) -> String? {
        for member in members where member.field == field {
            if case .text(let text) = member.value { return text }
        }
        return nil
    }

    /// The pseudonym in the `actor` object.
    var actorPID: String? {
        for member in members where member.field == .actor {
            guard case .object(let bytes) = member.value else { continue }
            let words = String(decoding: bytes, as: UTF8.self).split(separator: "\"")
            guard let name = words.firstIndex(of: "pid"), name + 2 < words.count else { continue }
            return String(words[name + 2])
        }
        return nil
    }
}
