// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Testing

/// What a purge leaves says of the world all that everything said, for whoever asks later.
@Suite struct StandingEntriesTests {
    static let seeds: [UInt64] = Array(1...6)
    static let count = 90
    /// How late an event may be recorded, in steps of half a day.
    static let latenessMax: Int64 = 8

    /// When the log records an event, by its number.
    private static func clock(_ number: Int) -> Int64 {
        PlainHistory.start + Int64(number / 2) * PlainHistory.step
    }

    /// Events that are recorded soon after they occurred, in whatever order, or before.
    private func events(_ count: Int, _ history: inout PlainHistory) -> [PlainEvent] {
        var events = history.events(count)
        for number in events.indices {
            let steps = Int64.random(in: -1...Self.latenessMax, using: &history.random)
            events[number].time = Self.clock(number + 1) - steps * PlainHistory.step
        }
        return events
    }

    /// At every cut of every history, and whenever somebody asks: the same answers.
    @Test(arguments: seeds) func whatStaysAnswersAsEverythingDoes(_ seed: UInt64) throws {
        var history = PlainHistory(random: SeededGenerator(state: seed))
        let events = events(Self.count, &history)
        let log = try TestLog(events)
        var (keptCount, entryCount) = (0, 0)
        for cut in 1...UInt64(Self.count) {
            let floor = Self.clock(Int(cut)) - Self.latenessMax * PlainHistory.step
            let standing = try log.standing(
                before: cut, since: floor, folds: Int(cut % 3) + 1)
            #expect(standing == standing.sorted() && standing.allSatisfy { $0 < cut })
            (keptCount, entryCount) = (keptCount + standing.count, entryCount + Int(cut))
            let registry = try log.registry(of: Set(standing), from: cut)
            for round in 0..<2 {
                let steps = Int64.random(in: 0..<60, using: &history.random)
                let time = round == 0 ? floor : floor + steps * PlainHistory.step / 2
                let index = UInt64.random(in: cut...UInt64(Self.count + 1), using: &history.random)
                let knownBefore = Bool.random(using: &history.random) ? UInt64.max : index
                let world = PlainWorld(events, time: time, index: index, knownBefore: knownBefore)
                let view = AsOf(Moment(time: time, index: index), knownBefore: knownBefore)
                let asked = Questions(registry: registry, view: view, world: world)
                let differences = asked.differences + asked.otherDifferences
                #expect(
                    differences.isEmpty,
                    "seed \(seed), cut \(cut), time \(time), index \(index): \(differences)")
            }
        }
        // It would be no purge if nearly everything stayed.
        #expect(keptCount < entryCount * 19 / 20, "\(keptCount) of \(entryCount)")
    }

    /// What was at the cut once, and is again nothing: it goes at the next purge.
    @Test func whatEndedGoes() throws {
        let (person, adviser) = (PlainHistory.persons[0], PlainHistory.advisers[0])
        func event(_ type: String, _ day: Int64, _ more: [String: PlainEvent.Field] = [:])
            -> PlainEvent
        {
            let common: [String: PlainEvent.Field] = [
                "subject.pid": .text(person), "actor.pid": .text(adviser),
                "agreement_ref": .text("AG-1"), "reference": .text("REF-1"),
                "due_at": .time(PlainHistory.start), "scope": .texts(["*"]),
                "valid_until": .time(PlainHistory.start + 90 * 86_400_000),
                "categories": .texts(["CV"]),
            ]
            return PlainEvent(
                type, PlainHistory.start + day * 86_400_000,
                common.merging(more) { _, new in new })
        }
        let log = try TestLog([
            event("agreement.give", 1), event("objection.register", 2),
            event("mandate.open", 3), event("dsr.receive", 4), event("profile.view", 5),
            event("objection.lift", 6), event("mandate.close", 7), event("dsr.answer", 8),
            event("agreement.withdraw", 9), event("heartbeat", 10), event("heartbeat", 11),
        ])
        func left(before cut: UInt64, since day: Int64) throws -> [UInt64] {
            try log.standing(
                before: cut, since: PlainHistory.start + day * 86_400_000, folds: 1)
        }
        // Entry 0 opens the log.
        #expect(try left(before: 6, since: 6) == [0, 1, 2, 3, 4])
        #expect(try left(before: 12, since: 12) == [0, 9, 11])
        // What happened since the instant stays whole, whatever became of it.
        #expect(try left(before: 12, since: 7) == [0, 1, 3, 4, 7, 8, 9, 11])
        // An appointment explains for some days, and goes after a year.
        let met = try TestLog([event("appointment.hold", 1)])
        func stays(since day: Int64) throws -> [UInt64] {
            try met.standing(
                before: 2, since: PlainHistory.start + day * 86_400_000, folds: 1)
        }
        #expect(try stays(since: 367) == [0, 1])
        #expect(try stays(since: 368) == [0])
        // An agreement that ran out goes by itself.
        #expect(try left(before: 3, since: 91) == [0, 2])
    }
}

extension Questions {
    /// Questions besides those of the model's page, by the same model.
    var otherDifferences: [String] {
        var found: [String] = []
        func compare(_ name: String, _ answer: UInt64?, _ expected: UInt64?) {
            if answer != expected {
                found.append("\(name): \(String(describing: answer)), not \(expected ?? 0)")
            }
        }
        for adviser in PlainHistory.advisers {
            let id = registry.find(adviser)
            let isTheirs = { (event: PlainEvent) in event.text("actor.pid") == adviser }
            compare(
                "departure", registry.departure(of: id, view)?.moment.index,
                world.last(["adviser.withdraw", "adviser.leave"], isTheirs)?.index)
            compare(
                "training", registry.training(of: id, view)?.moment.index,
                world.last(["training.complete"], isTheirs)?.index)
            compare(
                "charter", registry.charter(of: id, view)?.moment.index,
                world.last(["charter.sign"]) {
                    isTheirs($0) && world.time < $0.instant("valid_until")
                }?.index)
            let place = world.last(["adviser.enrol", "adviser.move"], isTheirs)
            if registry.text(registry.establishment(of: id, view))
                != place?.text("actor.establishment")
            {
                found.append("establishment of \(adviser)")
            }
        }
        for person in PlainHistory.persons {
            let id = registry.find(person)
            compare(
                "withdrawal", registry.withdrawal(of: id, view)?.moment.index,
                world.person(["agreement.withdraw"], person)?.index)
            compare(
                "notice", registry.notice(of: id, view)?.moment.index,
                world.person(["notice.person"], person)?.index)
        }
        compare(
            "policy", registry.previousPolicy(view)?.moment.index,
            world.last(["policy.activate"]) { _ in true }?.index)
        return found
    }
}
