// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Testing

/// What is called decisive, held against the decision of a set in which one thing is otherwise.
@Suite struct PolicyCoverageTests {
    private static let atoms = [
        "principal.vip", "context.ok", "principal.level < 2", "context.s == \"a\"", "context.r.x",
        "resource.owner == principal", "principal in Group::\"g1\"",
    ]

    /// A policy of two clauses, whose conditions are numbered; one of them may be turned round.
    private struct Sketch {
        let id: String
        let effect: String
        let atoms: [String]
        let isAnd: Bool
        let isUnless: Bool

        init(_ id: String, _ random: inout SeededGenerator) {
            self.id = id
            effect = random.below(3) < 2 ? "permit" : "forbid"
            atoms = (0..<3).map { _ in PolicyCoverageTests.atoms[random.below(7)] }
            (isAnd, isUnless) = (random.below(2) == 0, random.below(2) == 0)
        }

        func text(turning number: Int? = nil) -> String {
            let parts = atoms.enumerated().map { $0 == number ? "!(\($1))" : $1 }
            return "@id(\"\(id)\") \(effect) (principal, action, resource) "
                + "when { \(parts[0]) \(isAnd ? "&&" : "||") \(parts[1]) } "
                + "\(isUnless ? "unless" : "when") { \(parts[2]) };\n"
        }

        /// A policy that always does, or never does, what this one sometimes does.
        func constant(_ holds: Bool) -> String {
            holds ? "@id(\"\(id)\") \(effect) (principal, action, resource);\n" : ""
        }
    }

    private func decision(_ texts: [String], _ world: RandomWorld) -> Decision {
        Authorizer(RandomPolicies.parse(texts)).isAuthorized(world.request, world.entities).decision
    }

    @Test(arguments: [31, 32] as [UInt64])
    func decisiveIsWhatChangesTheDecision(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var decisive = 0
        for _ in 0..<12 {
            let sketches = (0..<3).map { Sketch("p\($0)", &random) }
            let texts = sketches.map { $0.text() }
            for _ in 0..<6 {
                let world = RandomWorld(&random)
                var coverage = PolicyCoverage(RandomPolicies.parse(texts))
                coverage.add(world.request, world.entities)
                let now = decision(texts, world)
                for (place, line) in coverage.lines.enumerated() where !line.failed {
                    func otherwise(_ text: String) -> Bool {
                        var changed = texts
                        changed[place] = text
                        return decision(changed, world) != now
                    }
                    let story = "seed \(seed): \(line.policy.id)\n\(texts.joined())\n\(world)"
                    let flips = otherwise(sketches[place].constant(!line.held))
                    try #require(line.decidedByHolding == (line.held && flips), "\(story)")
                    try #require(line.decidedByFailing == (!line.held && flips), "\(story)")
                    for (number, condition) in line.conditions.enumerated()
                    where condition.wasTrue || condition.wasFalse {
                        let decides = otherwise(sketches[place].text(turning: number))
                        decisive += decides ? 1 : 0
                        let said = condition.decidedTrue || condition.decidedFalse
                        try #require(said == decides, "\(story): condition \(number)")
                        try #require(!(condition.decidedTrue && condition.wasFalse), "\(story)")
                    }
                }
            }
        }
        #expect(decisive > 20, "seed \(seed): \(decisive)")
    }

    @Test func aConditionIsCoveredByBothItsValues() throws {
        let set = try PolicySet(
            parsing: #"permit (principal, action, resource) when { context.ok && principal.vip };"#)
        var coverage = PolicyCoverage(set)
        #expect(coverage.lines[0].conditions.count == 2)
        for (ok, vip) in [(true, true), (false, true)] {
            let user = RandomWorld.user("alice")
            coverage.add(
                Request(
                    principal: user, action: RandomWorld.action("view"),
                    resource: EntityUID(type: "Doc", id: "d"), context: Record([("ok", .bool(ok))])),
                Entities([Entity(uid: user, attributes: Record([("vip", .bool(vip))]))]))
        }
        #expect(coverage.lines[0].conditions.map(\.isCovered) == [true, false])
        #expect(coverage.lines[0].decidedByHolding && coverage.lines[0].decidedByFailing)
    }
}
