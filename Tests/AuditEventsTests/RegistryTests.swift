// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Testing
import TransparencyLog

/// The registry's answers against a model that replays all events for each question.
@Suite struct RegistryTests {
    static let seeds: [UInt64] = Array(1...12)

    @Test(arguments: seeds) func agreesWithReplay(_ seed: UInt64) throws {
        var history = PlainHistory(random: SeededGenerator(state: seed))
        let events = history.events(220)
        let registry = try TestLog(events).registry(builders: Int(seed % 3) + 1)
        for _ in 0..<150 {
            let time =
                history.instant() + [-1, 0, 0, 1][Int.random(in: 0..<4, using: &history.random)]
            let index = UInt64.random(in: 0...230, using: &history.random)
            let knownBefore =
                Bool.random(using: &history.random)
                ? UInt64.max : UInt64.random(in: 0...230, using: &history.random)
            let world = PlainWorld(events, time: time, index: index, knownBefore: knownBefore)
            let view = AsOf(Moment(time: time, index: index), knownBefore: knownBefore)
            let asked = Questions(registry: registry, view: view, world: world)
            let differences = asked.differences
            #expect(
                differences.isEmpty,
                "seed \(seed), time \(time), index \(index), known \(knownBefore): \(differences)")
        }
    }

    /// What a policy set adds is told list by list; the first one adds nothing.
    @Test func addedScopeIsToldApart() throws {
        func activation(_ number: Int, roles: [String], categories: [String]) -> PlainEvent {
            PlainEvent(
                "policy.activate", PlainHistory.start + Int64(number),
                [
                    "version": .text("v"), "author": .text("A1"), "approver": .text("A2"),
                    "hash": .text(PlainHistory.hashes[number]), "regions": .texts(["32"]),
                    "roles": .texts(roles), "categories": .texts(categories),
                    "purposes": .texts(["P3-PROMOTION"]),
                ])
        }
        let registry = try TestLog([
            activation(0, roles: ["DPO"], categories: ["CV"]),
            activation(1, roles: ["DPO", "CV"], categories: ["CV"]),
            activation(2, roles: ["DPO"], categories: ["CV"]),
        ]).registry()
        func added(_ number: Int) -> [String] {
            let moment = Moment(time: PlainHistory.start + Int64(number), index: UInt64(number + 1))
            return registry.addedScope(AsOf(moment)).map {
                $0.field.name + " " + registry.interner.string($0.text)
            }
        }
        #expect(added(0).isEmpty)
        #expect(added(1) == ["roles CV"])
        #expect(added(2).isEmpty)
    }

    /// An interval includes its start and excludes its end; equal instants are ordered by index.
    @Test func boundsAreExact() throws {
        let start = PlainHistory.start
        let adviser = PlainHistory.advisers[0]
        var events = [
            PlainEvent(
                "charter.sign", start,
                [
                    "actor.pid": .text(adviser), "charter_version": .text("1"),
                    "valid_until": .time(start + 10),
                ]),
            PlainEvent(
                "breakglass.open", start,
                [
                    "actor.pid": .text(adviser), "reason_code": .text("R"),
                    "expires_at": .time(start + 10),
                ]),
        ]
        for place in events.indices { events[place].index = UInt64(place + 1) }
        let registry = try TestLog(events).registry()
        let id = registry.find(adviser)
        func holds(_ time: Int64, _ index: UInt64) -> [Bool] {
            let view = AsOf(Moment(time: time, index: index))
            return [
                registry.charter(of: id, view) != nil, registry.breakGlass(of: id, view) != nil,
            ]
        }
        #expect(holds(start - 1, 9) == [false, false])
        #expect(holds(start, 1) == [false, false])
        #expect(holds(start, 2) == [true, false])
        #expect(holds(start, 9) == [true, true])
        #expect(holds(start + 9, 0) == [true, true])
        #expect(holds(start + 10, 9) == [false, false])
    }
}

extension Registry {
    func find(_ text: String) -> InternedID? {
        let bytes = Array(text.utf8)
        return unsafe find(bytes.span.bytes)
    }

    func text(_ id: InternedID?) -> String? { id.map { interner.string($0) } }
}

/// Every question at one point of view, asked of both.
struct Questions {
    let registry: Registry
    let view: AsOf
    let world: PlainWorld

    var differences: [String] {
        var found: [String] = []
        func compare<Answer: Equatable>(_ name: String, _ answer: Answer, _ expected: Answer) {
            if answer != expected { found.append("\(name): \(answer), not \(expected)") }
        }
        let pilot = registry.pilotState(view)
        compare("pilot runs", pilot?.isRunning(at: view.time), world.pilot?.isRunning)
        compare(
            "regions", pilot?.regions.compactMap(registry.text), world.pilot?.regions.sorted())
        compare("prepared", registry.isExtensionPrepared(view), world.isExtensionPrepared)
        compare("policy", registry.policy(view)?.hash.hex, world.policy)
        compare(
            "control", registry.allowsNominativeControl(view),
            world.last(["notice.staff"]) { _ in true } != nil
                && world.last(["cse.consult"]) { $0.text("level") == "central" } != nil)
        for adviser in PlainHistory.advisers { compareAdviser(adviser, compare) }
        for person in PlainHistory.persons { comparePerson(person, compare) }
        for offer in PlainHistory.offers {
            let id = registry.find(offer)
            let last = world.last(["offer.open", "offer.close"]) { $0.text("offer_ref") == offer }
            let opened = world.last(["offer.open"]) { $0.text("offer_ref") == offer }
            compare("open", registry.openOffer(id, view) != nil, last?.type == "offer.open")
            compare(
                "offer's occupation", registry.text(registry.occupation(ofOffer: id, view)),
                opened?.text("rome"))
        }
        compareReferences(compare)
        return found
    }

    typealias Compare = (String, AnyHashable, AnyHashable) -> Void
}

extension Questions {
    func compareAdviser(_ adviser: String, _ compare: Compare) {
        let id = registry.find(adviser)
        compare("volunteer", registry.enrolment(of: id, view) != nil, world.isVolunteer(adviser))
        compare("charter", registry.charter(of: id, view) != nil, world.hasCharter(adviser))
        compare("trained", registry.training(of: id, view) != nil, world.isTrained(adviser))
        compare("glass", registry.breakGlass(of: id, view) != nil, world.breaksGlass(adviser))
        var holdsAny = false
        for licence in PlainHistory.licences {
            let expected = world.licence(licence)
            let holds = expected.isActive && expected.holder == adviser
            holdsAny = holdsAny || holds
            compare(
                "holds \(licence)",
                registry.holdsActive(registry.find(licence), adviser: id, view), holds)
        }
        compare("licence", registry.activeLicence(of: id, view) != nil, holdsAny)
        for person in PlainHistory.persons {
            let other = registry.find(person)
            let portfolio = world.person(
                ["portfolio.assign", "portfolio.release"], person, and: adviser, "actor.pid")
            compare(
                "portfolio", registry.portfolio(of: id, holding: other, view)?.moment.index,
                portfolio?.type == "portfolio.assign" ? portfolio?.index : nil)
            compare(
                "release", registry.release(of: other, by: id, view)?.moment.index,
                portfolio?.type == "portfolio.release" ? portfolio?.index : nil)
            let mandate = world.person(
                ["mandate.open", "mandate.close"], person, and: adviser, "actor.pid")
            compare(
                "mandate", registry.mandate(of: id, for: other, view)?.moment.index,
                mandate?.type == "mandate.open" ? mandate?.index : nil)
            compare(
                "link", registry.declaredLink(of: id, to: other, view) != nil,
                world.isLinked(adviser, person))
            compare(
                "appointment",
                registry.nearestAppointment(of: id, with: other, view).map {
                    abs($0.moment.time - view.time)
                }, world.appointmentDistance(adviser, person))
        }
    }

    func comparePerson(_ person: String, _ compare: Compare) {
        let id = registry.find(person)
        let objection = world.person(["objection.register", "objection.lift"], person)
        let ended = world.person(["restriction.set", "erasure.perform"], person)
        compare(
            "informed", registry.notice(of: id, view) != nil,
            world.person(["notice.person"], person) != nil)
        compare(
            "objection", registry.objection(of: id, view)?.moment.index,
            objection?.type == "objection.register" ? objection?.index : nil)
        compare(
            "restricted", registry.restrictionOrErasure(of: id, view)?.moment.index, ended?.index)
        compare(
            "agreements",
            registry.agreements(of: id, monthsMax: 1, view).map(\.moment.index).sorted(),
            world.agreements(person))
        compare(
            "occupation", registry.text(registry.occupation(of: id, view)?.reference),
            world.occupation(ofPerson: person))
        for offer in PlainHistory.offers {
            compare(
                "application",
                registry.application(of: id, to: registry.find(offer), view) != nil,
                world.person(["application.receive"], person, and: offer, "offer_ref") != nil)
        }
        for reference in PlainHistory.references {
            let request = world.person(
                ["dsr.receive", "dsr.answer"], person, and: reference, "reference")
            compare(
                "request",
                registry.request(of: id, reference: registry.find(reference), view)?.moment.index,
                request?.type == "dsr.receive" ? request?.index : nil)
        }
    }

    func compareReferences(_ compare: Compare) {
        for reference in PlainHistory.references {
            let id = registry.find(reference)
            for caseID in PlainHistory.cases {
                func last(_ type: String) -> UInt64? {
                    world.last([type]) {
                        $0.text("reference") == reference && $0.text("case_ref") == caseID
                    }?.index
                }
                let inCase = registry.find(caseID)
                compare(
                    "requested",
                    registry.pseudonymRequest(id, inCase: inCase, view)?.moment.index,
                    last("pseudonym.request"))
                compare(
                    "approved",
                    registry.pseudonymApproval(id, inCase: inCase, view)?.moment.index,
                    last("pseudonym.approve"))
            }
        }
        for licence in PlainHistory.licences {
            let request = world.last(["licence.request"]) { $0.text("licence_id") == licence }
            compare(
                "requester",
                registry.text(registry.requester(of: registry.find(licence), view)?.party),
                request?.text("requester"))
        }
    }
}
