// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Testing

/// Every verdict of the comparison, held against thousands of requests decided one by one.
@Suite struct PolicyComparisonTests {
    static let schema = RandomWorld.schema

    private func decision(_ set: PolicySet, _ world: RandomWorld) -> Decision {
        Authorizer(set).isAuthorized(world.request, world.entities).decision
    }

    /// What a run of random comparisons came to.
    private struct Tally {
        var equal = 0
        var different = 0
        var undecided = 0
        var missed = 0
    }

    private func compare(
        seed: UInt64, count: Int, computes: Bool
    ) throws -> Tally {
        var policies = RandomPolicies(random: SeededGenerator(seed: seed), computes: computes)
        var random = SeededGenerator(seed: seed &+ 1_000)
        let worlds = (0..<400).map { _ in RandomWorld(&random) }
        var tally = Tally()
        for _ in 0..<count {
            let texts = policies.set(3)
            let others = policies.variant(of: texts)
            let (old, new) = (RandomPolicies.parse(texts), RandomPolicies.parse(others))
            try #require(Self.schema.validate(old).isValid, "\(texts.joined())")
            let comparison = PolicyComparison(old, new, Self.schema, stepMax: 4_000)
            let story = "seed \(seed):\n\(texts.joined())---\n\(others.joined())"
            for difference in comparison.differences {
                for found in difference.cases {
                    let (request, entities) = (found.example.request, found.example.entities)
                    try Self.schema.validate(request)
                    try Self.schema.validate(entities)
                    let before = Authorizer(old).isAuthorized(request, entities).decision
                    let after = Authorizer(new).isAuthorized(request, entities).decision
                    let isDenial = difference.change == .denied
                    #expect(before == (isDenial ? .allow : .deny), "\(story)")
                    #expect(after == (isDenial ? .deny : .allow), "\(story)")
                }
            }
            for change in PolicyComparison.Change.allCases {
                let (from, to): (Decision, Decision) =
                    change == .allowed ? (.deny, .allow) : (.allow, .deny)
                let witness = worlds.first {
                    decision(old, $0) == from && decision(new, $0) == to
                }
                let isFound = comparison.differences.contains { $0.change == change }
                let isOpen = comparison.undecided.contains { $0.change == change }
                if let witness, !isFound {
                    try #require(isOpen, "\(story)\n\(witness)")
                    tally.missed += 1
                }
            }
            if comparison.isEqual {
                tally.equal += 1
            } else if comparison.differences.isEmpty {
                tally.undecided += 1
            } else {
                tally.different += 1
            }
        }
        return tally
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func verdictsAgreeWithDecisions(seed: UInt64) throws {
        let tally = try compare(seed: seed, count: 15, computes: false)
        // Without computations nothing should stay open, and both verdicts are met.
        #expect(tally.undecided + tally.missed <= 1, "seed \(seed): \(tally)")
        #expect(tally.equal >= 2 && tally.different >= 3, "seed \(seed): \(tally)")
    }

    @Test(arguments: [4, 5] as [UInt64])
    func computationsAreNeverCalledEqualInVain(seed: UInt64) throws {
        let tally = try compare(seed: seed, count: 12, computes: true)
        #expect(tally.different >= 3, "seed \(seed): \(tally)")
    }

    private func compare(_ old: String, _ new: String) throws -> PolicyComparison {
        let (old, new) = (try PolicySet(parsing: old), try PolicySet(parsing: new))
        try #require(Self.schema.validate(old).isValid && Self.schema.validate(new).isValid)
        return PolicyComparison(old, new, Self.schema)
    }

    @Test(arguments: [
        ("context.s == \"a\" || context.s == \"b\"", "[\"a\", \"b\"].contains(context.s)"),
        ("!(context.ok && principal.vip)", "!context.ok || !principal.vip"),
        ("context has n && context.n < 3", "context has n && context.n <= 2"),
        ("context has n && context.n < 3 && context.n > 1", "context has n && context.n == 2"),
        (
            "context.set.containsAll([\"a\", \"b\"])",
            "context.set.contains(\"b\") && context.set.contains(\"a\")"
        ),
        (
            "context.set == [\"a\"]",
            "[\"a\"].containsAll(context.set) && !context.set.isEmpty()"
        ),
        ("context.s like \"a*\" && context.s like \"*\"", "context.s like \"a*\""),
        ("context.s like \"a*\" && !(context.s like \"*b*\") && context.s like \"*b\"", "false"),
        (
            "principal in Group::\"g1\" && Group::\"g1\" in Group::\"g2\"",
            "principal in Group::\"g1\" && Group::\"g1\" in Group::\"g2\" "
                + "&& principal in Group::\"g2\""
        ),
        (
            "principal == User::\"bob\" && principal.vip",
            "principal == User::\"bob\" && User::\"bob\".vip"
        ),
        (
            "resource.owner == principal && principal.level > 2",
            "resource.owner == principal && resource.owner.level > 2"
        ),
        (
            "context.at < datetime(\"2024-01-01\")",
            "!(datetime(\"2024-01-01T00:00:00Z\") <= context.at)"
        ),
        (
            "principal.hasTag(\"t\") && principal.getTag(\"t\") == \"a\" && principal.hasTag(\"t\")",
            "principal.hasTag(\"t\") && principal.getTag(\"t\") == \"a\""
        ),
        ("context has n && principal.level < context.n && context.n < principal.level", "false"),
    ])
    func equalConditionsAreEqual(first: String, second: String) throws {
        func policy(_ condition: String) -> String {
            "permit (principal, action, resource) when { \(condition) };"
        }
        let comparison = try compare(policy(first), policy(second))
        #expect(comparison.isEqual, "\(comparison.differences) \(comparison.undecided)")
    }

    @Test(arguments: [
        ("context has n && context.n < 3", "context has n && context.n <= 3"),
        ("context.s like \"a*\"", "context.s like \"a*\" && !(context.s like \"a*bc\")"),
        ("principal in Group::\"g1\"", "principal in [Group::\"g1\", Group::\"g2\"]"),
        ("context.set.containsAny([\"a\", \"b\"])", "context.set.containsAll([\"a\", \"b\"])"),
        ("[\"a\"].containsAll(context.set)", "context.set == [\"a\"]"),
        ("resource.owner == principal", "resource.owner == principal && principal.vip"),
        // Only a missing entity tells them apart.
        ("context.ok", "context.ok && (principal.vip || !principal.vip)"),
        ("context has n && context.n < 9223372036854775807", "context has n"),
        ("principal.level + 1 > 3", "principal.level > 3"),
    ])
    func unequalConditionsHaveAnExample(first: String, second: String) throws {
        func policy(_ condition: String) -> String {
            "permit (principal, action, resource) when { \(condition) };"
        }
        let comparison = try compare(policy(first), policy(second))
        #expect(!comparison.differences.isEmpty, "\(comparison.undecided)")
    }

    @Test func whatTheMethodDoesNotReachIsUndecided() throws {
        let comparison = try compare(
            "permit (principal, action, resource) when { principal.level * 2 == 7 };",
            "permit (principal, action, resource) when { false };")
        #expect(!comparison.isEqual && comparison.differences.isEmpty)
        #expect(comparison.undecided.allSatisfy { $0.reason == .beyondMethod })
        #expect(comparison.undecided.count == comparison.requestKindCount)
    }

    @Test func moreAssumptionsThanTheStackBearsAreNoProof() throws {
        let many = (0..<600).map { "context.set.contains(\"t\($0)\")" }.joined(separator: " && ")
        let comparison = try compare(
            "permit (principal, action == Action::\"view\", resource) when { \(many) };",
            "permit (principal, action, resource) when { false };")
        #expect(!comparison.isEqual && comparison.differences.isEmpty)
        #expect(comparison.undecided.map(\.reason) == [.tooManySteps])
    }
}
