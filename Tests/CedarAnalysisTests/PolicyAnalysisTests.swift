// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Testing

/// What the analysis says of single policies, held against requests decided one by one.
@Suite struct PolicyAnalysisTests {
    static let schema = RandomWorld.schema

    private func analyse(_ text: String) throws -> PolicyAnalysis {
        let set = try PolicySet(parsing: text)
        try #require(Self.schema.validate(set).isValid)
        return PolicyAnalysis(set, Self.schema)
    }

    private func words(_ analysis: PolicyAnalysis) -> [String] {
        analysis.findings.map {
            ([$0.policyID, $0.kind.rawValue] + $0.others).joined(separator: " ")
        }
    }

    @Test(arguments: [
        (
            #"""
            @id("a") permit (principal, action, resource) when { context.ok };
            @id("b") permit (principal, action, resource) when { context.ok && principal.vip };
            """#, ["b covered a"]
        ),
        (
            #"""
            @id("a") permit (principal, action, resource) when { context.s == "a" && context.s == "b" };
            @id("b") permit (principal, action, resource) when { context.ok };
            """#, ["a never-applies"]
        ),
        (
            #"""
            @id("a") permit (principal, action, resource) when { context.ok };
            @id("b") forbid (principal, action, resource) when { context.ok && context.r.x };
            @id("c") forbid (principal, action, resource) when { context.ok } unless { context.r.x };
            """#, ["a cancelled b c"]
        ),
        (
            #"""
            @id("a") permit (principal, action == Action::"view", resource) when { context.ok };
            @id("b") permit (principal, action == Action::"edit", resource) when { context.ok };
            @id("c") permit (principal, action, resource) when { context.ok };
            """#, ["a covered c", "b covered c", "c covered a b"]
        ),
        (
            #"""
            @id("a") permit (principal, action, resource) when { principal.level > 3 };
            @id("b") permit (principal, action, resource) when { principal.level >= 3 };
            @id("c") forbid (principal, action, resource) when { principal.level == 3 };
            """#, ["a covered b"]
        ),
        (
            #"""
            @id("a") permit (principal in Group::"g1", action, resource);
            @id("b") permit (principal in Group::"g2", action, resource);
            """#, []
        ),
    ])
    func saysWhatChangesNothing(text: String, expected: [String]) throws {
        let analysis = try analyse(text)
        #expect(words(analysis) == expected)
        #expect(analysis.undecided.isEmpty)
    }

    @Test(arguments: [11, 12] as [UInt64])
    func noRequestContradictsAFinding(seed: UInt64) throws {
        var policies = RandomPolicies(random: SeededGenerator(seed: seed))
        var random = SeededGenerator(seed: seed &+ 1_000)
        let worlds = (0..<1_500).map { _ in RandomWorld(&random) }
        var count: [PolicyAnalysis.Kind: Int] = [:]
        for _ in 0..<40 {
            let texts = policies.set(4)
            let set = RandomPolicies.parse(texts)
            let analysis = PolicyAnalysis(set, Self.schema, stepMax: 4_000)
            let alone = Dictionary(
                uniqueKeysWithValues: set.policies.map { policy in
                    let single = texts.filter { $0.contains("@id(\"\(policy.id)\")") }
                        .map { $0.replacing(" forbid (", with: " permit (") }
                    return (policy.id, Authorizer(RandomPolicies.parse(single)))
                })
            func holds(_ id: PolicyID, _ world: RandomWorld) -> Bool {
                alone[id]?.isAuthorized(world.request, world.entities).decision == .allow
            }
            for finding in analysis.findings {
                count[finding.kind, default: 0] += 1
                let contradiction = worlds.first { world in
                    holds(finding.policyID, world) && !finding.others.contains { holds($0, world) }
                }
                #expect(contradiction == nil, "seed \(seed): \(finding)\n\(texts.joined())")
            }
        }
        #expect(count.values.reduce(0, +) >= 20, "seed \(seed): \(count)")
    }
}
