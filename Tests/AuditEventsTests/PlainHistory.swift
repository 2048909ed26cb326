// SPDX-License-Identifier: Apache-2.0

/// Random events of a small world, so that they meet often: at the same millisecond, late, in
/// senseless order, and without the fields they need.
struct PlainHistory {
    static let advisers = (0..<3).map { "A00000000000\($0)" }
    static let persons = (0..<4).map { "P00000000000\($0)" }
    static let licences = ["LIC-1", "LIC-2", "LIC-3"]
    static let offers = ["OF-1", "OF-2", "OF-3"]
    static let agreements = ["AG-1", "AG-2"]
    static let references = ["REF-1", "REF-2"]
    static let cases = ["CASE-1", "CASE-2"]
    static let occupations = ["M1805", "M1801", "D1106"]
    static let hashes = ["0", "1", "2"].map { String(repeating: $0, count: 64) }
    /// 2026-01-01T00:00:00Z; all happens in the thirty days after it.
    static let start: Int64 = 1_767_225_600_000
    static let step: Int64 = 43_200_000
    /// When the log records them all.
    static let end = start + 61 * step

    static let types = [
        "pilot.start", "pilot.suspend", "pilot.evaluate", "pilot.extend", "pilot.stop",
        "licence.request", "licence.grant", "licence.assign", "licence.activate",
        "licence.suspend", "licence.restore", "licence.reassign", "licence.revoke",
        "adviser.enrol", "adviser.withdraw", "adviser.leave", "adviser.move", "notice.staff",
        "charter.sign", "training.complete", "portfolio.assign", "portfolio.release",
        "offer.open", "offer.close", "notice.person", "agreement.give", "agreement.withdraw",
        "objection.register", "objection.lift", "restriction.set", "erasure.perform",
        "dsr.receive", "dsr.answer", "appointment.hold", "mandate.open", "mandate.close",
        "application.receive", "breakglass.open", "breakglass.close", "policy.activate",
        "policy.retire", "cse.consult", "pseudonym.request", "pseudonym.approve", "heartbeat",
        "profile.view",
    ]

    var random: SeededGenerator

    mutating func instant() -> Int64 {
        Self.start + Int64.random(in: 0..<60, using: &random) * Self.step
    }

    mutating func events(_ count: Int) -> [PlainEvent] {
        (0..<count).map { number in
            var event = event()
            event.index = UInt64(number + 1)
            return event
        }
    }

    mutating func one(_ items: [String]) -> PlainEvent.Field {
        .text(items.randomElement(using: &random) ?? "")
    }

    private mutating func some(_ items: [String]) -> PlainEvent.Field {
        let chosen = items.filter { _ in Bool.random(using: &random) }
        return .texts(chosen)
    }

    private mutating func event() -> PlainEvent {
        let type = Self.types.randomElement(using: &random) ?? ""
        var fields = common()
        fields["actor.role"] = .text("CONS_PRO")
        fields["actor.unit"] = .text("FTPRO")
        fields["actor.region"] = .text("32")
        fields["actor.establishment"] = .text("EST-1")
        fields["regions"] = some(["28", "32", "75"])
        fields["roles"] = some(["CONS_PRO", "RESP"])
        fields["categories"] = some(["CV", "CT"])
        fields["purposes"] = some(["P3-PROMOTION"])
        fields["scope"] = some(["M1805", "M18", "*", "CT"])
        if Bool.random(using: &random) { fields["rome"] = one(Self.occupations) }
        if type == "offer.open" { fields["rome"] = one(Self.occupations) }
        if type == "adviser.enrol", Bool.random(using: &random) {
            fields["links"] = .texts([Self.persons[0]])
        }
        if !type.hasPrefix("cse."), Int.random(in: 0..<20, using: &random) == 0 {
            // What has no field it needs says nothing.
            fields = ["due_at": .time(Self.start)]
            return PlainEvent(type == "heartbeat" ? type : "incomplete:" + type, instant(), fields)
        }
        return PlainEvent(type, instant(), fields)
    }

    private mutating func common() -> [String: PlainEvent.Field] {
        [
            "actor.pid": one(Self.advisers), "subject.pid": one(Self.persons),
            "licence_id": one(Self.licences), "offer_ref": one(Self.offers),
            "agreement_ref": one(Self.agreements), "reference": one(Self.references),
            "case_ref": one(Self.cases), "to": one(Self.advisers), "from": one(Self.advisers),
            "requester": one(Self.advisers), "approver": one(Self.advisers),
            "author": one(Self.advisers), "employer_ref": .text("E-1"),
            "decision_ref": .text("D-1"), "charter_version": .text("1"),
            "module": .text("M"), "reason_code": .text("R"), "version": .text("v1"),
            "body": .text("CSE"), "level": one(["central", "establishment"]),
            "hash": one(Self.hashes), "valid_from": .time(instant()),
            "valid_until": .time(instant()), "expires_at": .time(instant()),
            "due_at": .time(instant()), "data_transferred": .truth(false),
        ]
    }
}
