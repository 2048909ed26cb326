// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import TemporalRules
import Testing

/// Sentences in both languages: what they say, and what is said of those that make no sense.
@Suite struct SentenceTests {
    static let setting = RuleSentence.Setting(
        schema: EventSchema(
            types: [
                "adviser.withdraw", "licence.revoke", "licence.grant", "profile.view",
                "export.perform", "heartbeat", "dsr.receive", "dsr.answer", "dsr.extend",
                "charter.sign",
            ],
            fields: [
                .init("actor"), .init("to"), .init("subject"), .init("reference"),
                .init("count", .number), .init("effect", .word(["allow", "deny"])),
                .init("categories", .wordSet(["CV", "SA", "FA"])), .init("region"),
                .init("recorded", .number), .init("occurred", .number),
            ],
            groups: ["access": ["profile.view", "export.perform"]]),
        parameters: ["hours": .number(24), "regions": .words(["32", "28"])],
        identify: { Int64($0) })

    static let pairs: [(english: String, french: String)] = [
        (
            "after adviser.withdraw(actor: a), licence.revoke(to: a) within $hours h",
            "après adviser.withdraw(actor: a), licence.revoke(to: a) sous $hours h"
        ),
        (
            """
            after dsr.receive(reference: r), dsr.answer(reference: r) within 1 month \
            or within 3 months if dsr.extend(reference: r), warning after 20 days
            """,
            """
            après dsr.receive(reference: r), dsr.answer(reference: r) sous 1 mois \
            ou sous 3 mois si dsr.extend(reference: r), alerte après 20 jours
            """
        ),
        (
            """
            after adviser.withdraw(actor: a) while licence.grant(to: a) until licence.revoke(to: a), \
            licence.revoke(to: a) within 2 working days unless licence.grant(to: a), \
            counted from occurred
            """,
            """
            après adviser.withdraw(actor: a) tant que licence.grant(to: a) jusqu’à licence.revoke(to: a), \
            licence.revoke(to: a) sous 2 jours ouvrés sauf licence.grant(to: a), \
            à compter de occurred
            """
        ),
        (
            "every heartbeat(actor: s) is followed by heartbeat(actor: s) within 15 min",
            "chaque heartbeat(actor: s) est suivi de heartbeat(actor: s) sous 15 min"
        ),
        (
            "no access(actor: a) after adviser.withdraw(actor: a) within 1 civil day until licence.grant(to: a)",
            "aucun access(actor: a) après adviser.withdraw(actor: a) sous 1 jour civil jusqu'à licence.grant(to: a)"
        ),
        (
            """
            profile.view(actor: a) only if licence.grant(to: a) or charter.sign(actor: a) \
            before within 12 months and no licence.revoke(to: a) since
            """,
            """
            profile.view(actor: a) seulement si licence.grant(to: a) ou charter.sign(actor: a) \
            avant sous 12 mois et pas de licence.revoke(to: a) depuis
            """
        ),
        (
            "at most 60 distinct p of profile.view(actor: a, subject: p) per a in 1 h",
            "au plus 60 p distincts de profile.view(actor: a, subject: p) par a en 1 h"
        ),
        (
            "at most 50 total n of export.perform(actor: a, count: n) per a in a civil day, each time",
            "au plus 50 total n de export.perform(actor: a, count: n) par a en un jour civil, à chaque fois"
        ),
        (
            "at most 10 profile.view(actor: a, effect = deny) per a in 1 h, starting again after charter.sign(actor: a)",
            "au plus 10 profile.view(actor: a, effect = deny) par a en 1 h, en recommençant après charter.sign(actor: a)"
        ),
        (
            "at most 500 open from licence.grant(reference: l, region: r) to licence.revoke(reference: l) per r",
            "au plus 500 ouvertes de licence.grant(reference: l, region: r) à licence.revoke(reference: l) par r"
        ),
        (
            """
            at most median + 6 MAD of distinct p of profile.view(actor: a, subject: p) per a \
            over 30 days, at least 10 active, above 20
            """,
            """
            au plus médiane + 6 MAD de p distincts de profile.view(actor: a, subject: p) par a \
            sur 30 jours, au moins 10 actifs, au-delà de 20
            """
        ),
        (
            "never both dsr.receive(reference: r, actor: a) and dsr.answer(reference: r, actor: a)",
            "jamais à la fois dsr.receive(reference: r, actor: a) et dsr.answer(reference: r, actor: a)"
        ),
        (
            """
            never access(region != $regions, categories has {SA, FA}, count > 20, \
            recorded > occurred + 24 h, actor != to, outside 07:30 to 19:30)
            """,
            """
            jamais access(region != $regions, categories contient {SA, FA}, count > 20, \
            recorded > occurred + 24 h, actor != to, hors 07:30 à 19:30)
            """
        ),
    ]

    @Test(arguments: pairs.indices)
    func saysTheSameInBothLanguages(_ index: Int) throws {
        let (english, french) = Self.pairs[index]
        let left = try RuleSentence(english, language: .english, setting: Self.setting)
        let right = try RuleSentence(french, language: .french, setting: Self.setting)
        #expect(left == right)
        let rule = TemporalRule(id: "T", left.pattern)
        _ = try RuleProgram(schema: Self.setting.schema, rules: [rule])
        for (other, pair) in Self.pairs.enumerated() where other != index {
            let different = try RuleSentence(
                pair.english, language: .english, setting: Self.setting)
            #expect(different.pattern != left.pattern)
        }
    }

    @Test(arguments: [
        ("before noon", "TRL113", 1), ("never profil.view", "TRL114", 7),
        ("never profile.view(actors: a)", "TRL115", 20),
        ("never profile.view(effect = maybe)", "TRL116", 29),
        ("never profile.view(count > $limit)", "TRL117", 28),
        ("never profile.view(categories = SA)", "TRL112", 31),
        ("after dsr.receive(actor: a), dsr.answer within 2 h", "TRL118", 30),
        ("after dsr.receive(actor: a), dsr.answer(actor: a, to: b) within 2 h", "TRL118", 30),
        ("after dsr.receive, dsr.answer within 99999999999 h", "TRL119", 38),
        ("after dsr.receive, dsr.answer within 99999999999999999999 h", "TRL119", 38),
        ("after dsr.receive, dsr.answer within 2", "TRL112", 39),
        ("never profile.view profile.view", "TRL112", 20), ("never [", "TRL111", 7),
        ("never profile.view(actor: \"x", "TRL111", 27), ("", "TRL113", 1),
    ])
    func refusesWithThePlace(_ text: String, _ code: String, _ column: Int) {
        let error = #expect(throws: SentenceError.self) {
            try RuleSentence(text, language: .english, setting: Self.setting)
        }
        #expect(error?.code.rawValue == code, "\(text): \(String(describing: error))")
        #expect(error?.column == column, "\(text): \(String(describing: error))")
    }

    static let sheet = """
        id: R24
        title_fr: Désactivation tardive
        title_en: Late deactivation
        severity: high
        basis: RGPD 32
        sentence_fr: >-
          après adviser.withdraw(actor: a), licence.revoke(to: a) sous $hours h
        sentence_en: >-
          after adviser.withdraw(actor: a), licence.revoke(to: a) within $hours h
        examples:
          - name: exactly in time, over the night without a second hour
            log: |
              2026-03-28 09:00:00 adviser.withdraw actor=a1
              2026-03-29 10:00:00 licence.revoke to=a1
          - name: a second late
            log: |
              2026-03-28 09:00:00 adviser.withdraw actor=a1
              2026-03-29 10:00:01 licence.revoke to=a1
            violated: [0]
          - name: not yet
            log: |
              2026-03-28 08:00:00Z adviser.withdraw actor=a1
              2026-03-28 09:00:00Z licence.revoke to=a2
            until: 2026-03-28 20:00:00
            pending: [0]

        """

    @Test func readsASheetAndItsExamples() throws {
        let sheet = try RuleSheet(
            yaml: Array(Self.sheet.utf8), file: "rules/R24.yaml", setting: Self.setting)
        #expect(sheet.rule.id == "R24")
        #expect(sheet.variables == ["a"])
        #expect(sheet.examples.count == 3)
        for example in sheet.examples {
            #expect(
                try example.isSatisfied(by: sheet.rule, in: Self.setting.schema), "\(example.name)")
        }
        let other = try RuleSentence(
            "never adviser.withdraw(actor: a)", language: .english, setting: Self.setting)
        let isSatisfied = try sheet.examples[0].isSatisfied(
            by: TemporalRule(id: "X", other.pattern), in: Self.setting.schema)
        #expect(!isSatisfied)
    }

    @Test(arguments: [
        ("within $hours h", "within 25 h", "TRL125"),
        ("severity: high", "severity: huge", "TRL124"),
        ("basis: RGPD 32", "base: RGPD 32", "TRL122"), ("examples:", "examples: [", "TRL121"),
        ("actor=a1", "actor:a1", "TRL126"), ("09:00:00", "25:00:00", "TRL126"),
        ("03-28 08", "02-30 08", "TRL126"), ("[0]", "[x]", "TRL124"), ("sous", "sur", "TRL112"),
    ])
    func saysWhatIsWrongWithASheet(_ good: String, _ bad: String, _ code: String) {
        let text = Self.sheet.replacing(good, with: bad, maxReplacements: 1)
        let error = #expect(throws: RuleSheetErrors.self) {
            try RuleSheet(yaml: Array(text.utf8), file: "R24.yaml", setting: Self.setting)
        }
        #expect(
            error?.diagnostics.map(\.code).contains(code) == true, "\(String(describing: error))")
    }
}
