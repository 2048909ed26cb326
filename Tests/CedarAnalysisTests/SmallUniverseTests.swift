// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Foundation
import Testing

/// Every statement of the analysis, held against all requests of a small universe, one by one.
///
/// `ANALYSIS_CASES=2000 swift test --filter SmallUniverseTests` runs that many for each seed.
@Suite struct SmallUniverseTests {
    static let caseCount: Int =
        ProcessInfo.processInfo.environment["ANALYSIS_CASES"].flatMap { Int($0) } ?? 12

    /// Which policies hold in each world: each is made a permit, so that none hides another.
    private func holding(_ texts: [String], _ universe: SmallUniverse) -> [Set<String>] {
        let permits = texts.map { $0.replacing(" forbid (", with: " permit (") }
        let authorizer = Authorizer(RandomPolicies.parse(permits))
        return universe.worlds.map {
            Set(authorizer.isAuthorized($0.request, $0.entities).determiningPolicies)
        }
    }

    private func decisions(_ set: PolicySet, _ holding: [Set<String>]) -> [Decision] {
        let permits = Set(set.policies.filter { $0.effect == .permit }.map(\.id))
        let forbids = Set(set.policies.filter { $0.effect == .forbid }.map(\.id))
        return holding.map {
            $0.isDisjoint(with: permits) || !$0.isDisjoint(with: forbids) ? .deny : .allow
        }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func whatIsSaidOfPoliciesHoldsOfEveryRequest(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var said = 0
        var open = 0
        for number in 0..<Self.caseCount {
            let universe = try SmallUniverse(&random, worldMax: 1_000)
            let texts = (0..<4).map { universe.policy("p\($0)", &random) }
            let story = "seed \(seed), case \(number)\n\(universe.schemaText)\n\(texts.joined())"
            let holding = holding(texts, universe)
            let analysis = PolicyAnalysis(RandomPolicies.parse(texts), universe.schema)
            for finding in analysis.findings {
                said += 1
                let others = Set(finding.others)
                let isRefuted = holding.contains {
                    $0.contains(finding.policyID) && $0.isDisjoint(with: others)
                }
                try #require(!isRefuted, "\(finding)\n\(story)")
            }
            open += analysis.undecided.count
        }
        #expect(open * 20 <= Self.caseCount, "seed \(seed): \(open) questions open")
        #expect(said * 4 >= Self.caseCount, "seed \(seed): only \(said) findings")
    }

    @Test(arguments: [3, 4] as [UInt64])
    func comparisonsHoldOfEveryRequest(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (equal, different, open) = (0, 0, 0)
        for number in 0..<Self.caseCount {
            let universe = try SmallUniverse(&random, worldMax: 1_000)
            let texts = (0..<3).map { universe.policy("p\($0)", &random) }
            var others = texts
            let place = random.below(3)
            switch random.below(3) {
            case 0: others[place] = universe.policy("q", &random)
            case 1:
                others[place] = texts[place].replacing(
                    ";\n", with: " when { \(universe.condition(1, &random)) };\n")
            default:
                others[place] = texts[place].replacing("when {", with: "when { !(!(")
                    .replacing(" }", with: ")) }")
                    .replacing("unless { ", with: "unless { !(!(")
            }
            let (old, new) = (RandomPolicies.parse(texts), RandomPolicies.parse(others))
            guard universe.schema.validate(new).isValid else { continue }
            let story =
                "seed \(seed), case \(number)\n\(universe.schemaText)\n"
                + "\(texts.joined())---\n\(others.joined())"
            let comparison = PolicyComparison(old, new, universe.schema)
            let before = decisions(old, self.holding(texts, universe))
            let after = decisions(new, self.holding(others, universe))
            try check(comparison, old, new, universe, story)
            for index in universe.worlds.indices where before[index] != after[index] {
                let change: PolicyComparison.Change = after[index] == .allow ? .allowed : .denied
                let action = universe.worlds[index].request.action
                let isSaid =
                    comparison.differences.contains { difference in
                        difference.change == change
                            && difference.cases.contains { $0.types.action == action }
                    }
                    || comparison.undecided.contains {
                        $0.change == change && $0.types.action == action
                    }
                try #require(isSaid, "\(universe.worlds[index])\n\(story)")
            }
            if comparison.isEqual { equal += 1 } else { different += 1 }
            open += comparison.undecided.isEmpty ? 0 : 1
        }
        #expect(open * 20 <= Self.caseCount, "seed \(seed): \(open) comparisons open")
        #expect(min(equal, different) * 8 >= Self.caseCount, "seed \(seed): \(equal), \(different)")
    }

    /// Each case of a difference conforms, and is decided as is said.
    private func check(
        _ comparison: PolicyComparison, _ old: PolicySet, _ new: PolicySet,
        _ universe: SmallUniverse, _ story: String
    ) throws {
        for difference in comparison.differences {
            for found in difference.cases {
                let (request, entities) = (found.example.request, found.example.entities)
                try universe.schema.validate(request)
                try universe.schema.validate(entities)
                let decisions = [old, new].map {
                    Authorizer($0).isAuthorized(request, entities).decision
                }
                try #require(
                    decisions
                        == (difference.change == .allowed ? [.deny, .allow] : [.allow, .deny]),
                    "\(story)")
            }
        }
    }

    @Test(arguments: [5, 6] as [UInt64])
    func entitlementsHoldOfEveryRequest(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var counts: [Decision?: Int] = [:]
        for number in 0..<Self.caseCount {
            let universe = try SmallUniverse(&random, worldMax: 800)
            let texts = (0..<3).map { universe.policy("p\($0)", &random) }
            let set = RandomPolicies.parse(texts)
            let story = "seed \(seed), case \(number)\n\(universe.schemaText)\n\(texts.joined())"
            let start = universe.worlds[random.below(universe.worlds.count)]
            let known = start.entities.all.filter { _ in random.below(2) == 0 }
            let fields = zip(start.request.context.keys, start.request.context.values)
                .filter { _ in random.below(2) == 0 }.map { ($0, $1) }
            let entitlements = Entitlements(
                set, universe.schema, PartialEntities(known: Entities(known), isComplete: false),
                context: PartialRecord(known: Record(fields), isOpen: true))
            let actions = universe.schema.requestActions
            let who = entitlements.principals(for: start.request.resource, actions: actions)
            let what = entitlements.resources(for: start.request.principal, actions: actions)
            #expect(!who.isEmpty && !what.isEmpty)
            let agreeing = universe.worlds.filter { world in
                known.allSatisfy { entity in
                    entity.uid.isAction || isSame(world.entities[entity.uid], entity)
                } && fields.allSatisfy { world.request.context[$0.0] == $0.1 }
            }
            for answer in who + what {
                counts[answer.response.decision, default: 0] += 1
                for world in agreeing where speaks(answer, of: world.request, known) {
                    let whole = Authorizer(set).isAuthorized(world.request, world.entities)
                    let left = Authorizer(answer.response.residualSet)
                        .isAuthorized(world.request, world.entities)
                    try #require(left.decision == whole.decision, "\(answer)\n\(story)")
                    if let decision = answer.response.decision {
                        try #require(decision == whole.decision, "\(answer)\n\(story)")
                    }
                }
            }
        }
        #expect(Set(counts.keys).count == 3, "seed \(seed): \(counts)")
    }

    private func isSame(_ found: Entity?, _ known: Entity) -> Bool {
        guard let found else { return false }
        return found.attributes == known.attributes && found.ancestors == known.ancestors
    }

    /// Whether an answer is about a request: "any other" is about those that have no known entity.
    private func speaks(
        _ answer: Entitlements.Answer, of request: Request, _ known: [Entity]
    ) -> Bool {
        func matches(_ party: PartialEntityUID, _ uid: EntityUID) -> Bool {
            party.uid.map { $0 == uid } ?? !known.contains { $0.uid == uid }
        }
        return answer.action == request.action && matches(answer.principal, request.principal)
            && matches(answer.resource, request.resource)
    }
}
