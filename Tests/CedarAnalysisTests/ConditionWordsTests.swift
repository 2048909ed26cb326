// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarAnalysis
import Diagnostics
import Testing

/// Conditions in words, and what a permit lacked.
@Suite struct ConditionWordsTests {
    static let words = ConditionWords(glossary: [
        "context.purpose": GlossaryTerm(
            subject: LocalizedText(fr: "la finalité", en: "the purpose")),
        "context.trained": GlossaryTerm(
            true: LocalizedText(fr: "la formation est faite", en: "the training is complete"),
            false: LocalizedText(fr: "la formation manque", en: "the training is missing")),
    ])

    static let table: [(condition: String, applies: Bool, french: String, english: String)] = [
        (
            "context.purpose == \"P3\"", true, "– la finalité est «\u{A0}P3\u{A0}»\n",
            "– the purpose is “P3”\n"
        ),
        (
            "[\"P1\", \"P2\"].contains(context.purpose)", false,
            "– la finalité n’est pas parmi «\u{A0}P1\u{A0}», «\u{A0}P2\u{A0}»\n",
            "– the purpose is none of “P1”, “P2”\n"
        ),
        ("!context.trained", true, "– la formation manque\n", "– the training is missing\n"),
        (
            "context.trained && context.n < 3", false,
            "– l’un au moins\u{202F}:\n  – la formation manque\n"
                + "  – `context.n` est supérieur ou égal à 3\n",
            "– at least one of:\n  – the training is missing\n  – `context.n` is at least 3\n"
        ),
        (
            "principal in Team::\"a\" || resource has owner", true,
            "– l’un au moins\u{202F}:\n  – qui demande est dans Team::\"a\"\n"
                + "  – ce qui est demandé a l’attribut `owner`\n",
            "– at least one of:\n  – who asks is in Team::\"a\"\n"
                + "  – what is asked for has the attribute `owner`\n"
        ),
        (
            "context.tags.containsAny([\"x\", \"y\"])", false,
            "– `context.tags` ne contient aucun de «\u{A0}x\u{A0}», «\u{A0}y\u{A0}»\n",
            "– `context.tags` contains none of “x”, “y”\n"
        ),
        (
            "[\"x\"].containsAll(context.tags)", true,
            "– `context.tags` ne contient rien hors de «\u{A0}x\u{A0}»\n",
            "– `context.tags` contains nothing besides “x”\n"
        ),
        (
            "context.name like \"a*\"", true, "– `context.name` est de la forme \"a*\"\n",
            "– `context.name` is like \"a*\"\n"
        ),
        ("true", true, "– toujours\n", "– always\n"),
        ("1 == 1 && false", true, "– jamais\n", "– never\n"),
    ]

    @Test(arguments: table.indices)
    func conditionsAreSaid(row: Int) throws {
        let (condition, applies, french, english) = Self.table[row]
        let set = try PolicySet(
            parsing: "permit (principal, action, resource) when { \(condition) };")
        let phrase = Self.words.phrase(set.policies[0], applies: applies)
        #expect(phrase.list(in: .french, indent: 0) == french)
        #expect(phrase.list(in: .english, indent: 0) == english)
    }

    @Test func theNearestPermitLacksLeast() throws {
        let set = try PolicySet(
            parsing: """
                @id("far") permit (principal, action, resource)
                when { context.trained && context.purpose == "P3" && principal == User::"a" };
                @id("near") permit (principal, action, resource)
                when { context.purpose == "P1" && principal == User::"z" };
                @id("odd") permit (principal, action, resource) when { context.none };
                """)
        let request = Request(
            principal: EntityUID(type: "User", id: "z"), action: RandomWorld.action("view"),
            resource: EntityUID(type: "Doc", id: "d"),
            context: Record([("trained", .bool(false)), ("purpose", .string("P2"))]))
        let gaps = PermitGap.all(set, request, .empty, Self.words)
        // As few facts, of which what is missing comes before what says something else.
        #expect(gaps.map(\.policyID) == ["odd", "near", "far"])
        #expect(gaps.map(\.size) == [1, 1, 3])
        #expect(
            gaps[1].lacking.list(in: .french, indent: 0)
                == "– la finalité est «\u{A0}P1\u{A0}» (vu\u{202F}: la finalité = «\u{A0}P2\u{A0}»)\n"
        )
        #expect(gaps[0].lacking.list(in: .english, indent: 0).contains("`context.none` is true ("))
    }

    @Test func whatHoldsLacksNothing() throws {
        var policies = RandomPolicies(random: SeededGenerator(seed: 41), computes: true)
        var random = SeededGenerator(seed: 42)
        for _ in 0..<150 {
            let texts = policies.set(3)
            let set = RandomPolicies.parse(texts)
            let world = RandomWorld(&random)
            let permits = RandomPolicies.parse(texts.filter { $0.contains(" permit (") })
            let holding = Authorizer(permits).isAuthorized(world.request, world.entities)
            let gaps = PermitGap.all(set, world.request, world.entities, Self.words)
            let lacking = Set(permits.policies.map(\.id)).subtracting(holding.determiningPolicies)
            try #require(Set(gaps.map(\.policyID)) == lacking, "\(texts.joined())\n\(world)")
            try #require(gaps.allSatisfy { $0.size > 0 })
        }
    }
}
