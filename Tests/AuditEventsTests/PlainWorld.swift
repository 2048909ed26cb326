// SPDX-License-Identifier: Apache-2.0

/// The state of the world as `docs/events.md` says it, by replaying all events for each question.
struct PlainWorld {
    /// What a point of view sees, in the order of the page: `occurred_at`, then index.
    let seen: [PlainEvent]
    /// All that is known, also of later instants.
    let known: [PlainEvent]
    let time: Int64

    init(_ events: [PlainEvent], time: Int64, index: UInt64, knownBefore: UInt64) {
        let order = { (left: PlainEvent, right: PlainEvent) in
            (left.time, left.index) < (right.time, right.index)
        }
        known = events.filter { $0.index < knownBefore }.sorted(by: order)
        seen = known.filter { ($0.time, $0.index) < (time, index) }
        self.time = time
    }

    func last(_ types: [String], _ matches: (PlainEvent) -> Bool) -> PlainEvent? {
        seen.last { types.contains($0.type) && matches($0) }
    }

    var pilot: (isRunning: Bool, regions: [String])? {
        var (phase, regions, from, until) = ("", [String](), Int64.max, Int64.min)
        for event in seen {
            switch event.type {
            case "pilot.start":
                (phase, regions) = ("running", event.texts("regions"))
                (from, until) = (event.instant("valid_from"), event.instant("valid_until"))
            case "pilot.suspend" where phase == "running": phase = "suspended"
            case "pilot.extend" where phase == "running" || phase == "suspended":
                (phase, regions) = ("running", event.texts("regions"))
                until = event.instant("valid_until")
            case "pilot.stop" where phase != "": phase = "stopped"
            default: break
            }
        }
        guard phase != "" else { return nil }
        return (phase == "running" && from <= time && time < until, regions)
    }

    var isExtensionPrepared: Bool {
        guard let start = seen.lastIndex(where: { $0.type == "pilot.start" }) else { return false }
        let since = seen[start...]
        return since.contains { $0.type == "pilot.evaluate" }
            && since.contains { $0.type == "cse.consult" }
    }

    var policy: String? {
        var inForce: String?
        for event in seen {
            if event.type == "policy.activate" { inForce = event.text("hash") }
            if event.type == "policy.retire", event.text("hash") == inForce { inForce = nil }
        }
        return inForce
    }

    func licence(_ licence: String) -> (holder: String?, isActive: Bool) {
        var (holder, isActive) = (String?.none, false)
        for event in seen where event.text("licence_id") == licence {
            switch event.type {
            case "licence.assign": (holder, isActive) = (event.text("to"), false)
            case "licence.reassign": (holder, isActive) = (event.text("to"), true)
            case "licence.activate", "licence.restore": isActive = true
            case "licence.suspend": isActive = false
            case "licence.revoke", "licence.return", "licence.expire": return (nil, false)
            default: break
            }
        }
        return (holder, isActive)
    }

    func isVolunteer(_ adviser: String) -> Bool {
        last(["adviser.enrol", "adviser.withdraw", "adviser.leave"]) {
            $0.text("actor.pid") == adviser
        }?.type == "adviser.enrol"
    }

    func hasCharter(_ adviser: String) -> Bool {
        seen.contains {
            $0.type == "charter.sign" && $0.text("actor.pid") == adviser
                && time < $0.instant("valid_until")
        }
    }

    func isTrained(_ adviser: String) -> Bool {
        last(["training.complete"]) { $0.text("actor.pid") == adviser } != nil
    }

    func breaksGlass(_ adviser: String) -> Bool {
        let latest = last(["breakglass.open", "breakglass.close"]) {
            $0.text("actor.pid") == adviser
        }
        return latest?.type == "breakglass.open" && time < (latest?.instant("expires_at") ?? 0)
    }

    func isLinked(_ adviser: String, _ person: String) -> Bool {
        seen.contains {
            $0.type == "adviser.enrol" && $0.text("actor.pid") == adviser
                && $0.texts("links").contains(person)
        }
    }

    /// The indices of the agreements in force, at most `monthsMax` (1) old.
    func agreements(_ person: String) -> [UInt64] {
        seen.indices.filter { place in
            let given = seen[place]
            guard given.type == "agreement.give", given.text("subject.pid") == person,
                time < given.instant("valid_until"), time < Self.monthLater(given.time)
            else { return false }
            return !seen[place...].contains {
                $0.type == "agreement.withdraw" && $0.text("subject.pid") == person
                    && $0.text("agreement_ref") == given.text("agreement_ref")
            }
        }.map { seen[$0].index }.sorted()
    }

    /// One month later in Paris; right for January and February of 2026, all in winter time.
    static func monthLater(_ time: Int64) -> Int64 {
        let day: Int64 = 86_400_000
        let newYear: Int64 = 1_767_222_000_000
        let dayOfYear = (time - newYear) / day
        // The last days of January have no namesake in February, and become its last.
        let lost = dayOfYear < 31 ? max(0, dayOfYear - 27) : 0
        return time + (dayOfYear < 31 ? 31 - lost : 28) * day
    }

    func person(_ types: [String], _ person: String, and other: String? = nil, _ key: String = "")
        -> PlainEvent?
    {
        last(types) {
            $0.text("subject.pid") == person && (other == nil || $0.text(key) == other)
        }
    }

    func occupation(ofPerson person: String) -> String? {
        last(["portfolio.assign"]) {
            $0.text("subject.pid") == person && $0.text("rome") != nil
        }?.text("rome")
    }

    func appointmentDistance(_ adviser: String, _ person: String) -> Int64? {
        known.filter {
            $0.type == "appointment.hold" && $0.text("actor.pid") == adviser
                && $0.text("subject.pid") == person
        }.map { abs($0.time - time) }.min()
    }
}
