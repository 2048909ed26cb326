// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import TemporalRules
import Testing

/// What verdicts say: calendars, gaps, warnings, evidence and figures, on logs written by hand.
@Suite struct VerdictTests {
    private static let header = """
        id: T
        title_fr: Essai
        title_en: Test
        severity: low
        basis: essai

        """

    private func check(_ english: String, _ french: String, _ examples: String) throws {
        let text =
            Self.header + "sentence_fr: >-\n  \(french)\nsentence_en: >-\n  \(english)\nexamples:\n"
            + examples
        do {
            let sheet = try RuleSheet(
                yaml: Array(text.utf8), file: "T.yaml", setting: SentenceTests.setting)
            #expect(sheet.examples.count > 1)
            for example in sheet.examples {
                let isSatisfied = try example.isSatisfied(
                    by: sheet.rule, in: SentenceTests.setting.schema)
                #expect(isSatisfied, "\(example.name)")
            }
        } catch let errors as RuleSheetErrors {
            Issue.record("\(errors.diagnostics.map { $0.rendered(in: .english) })")
        }
    }

    /// Easter Monday is 6 April 2026, and 1 May a Friday.
    @Test func countsWorkingDaysOfFrance() throws {
        try check(
            "after dsr.receive(reference: r), dsr.answer(reference: r) within 2 working days",
            "après dsr.receive(reference: r), dsr.answer(reference: r) sous 2 jours ouvrés",
            """
              - name: Friday before Easter, over the Monday, to the last second of Wednesday
                log: |
                  2026-04-03 18:00:00 dsr.receive reference=r
                  2026-04-08 23:59:59 dsr.answer reference=r
              - name: to the last second of Tuesday 7
                log: |
                  2026-04-02 18:00:00 dsr.receive reference=r
                  2026-04-07 23:59:59 dsr.answer reference=r
              - name: Thursday 30 April, over 1 May and the week-end, to Tuesday
                log: |
                  2026-04-30 09:00:00 dsr.receive reference=r
                  2026-05-05 23:59:59 dsr.answer reference=r
              - name: a second later
                log: |
                  2026-04-30 09:00:00 dsr.receive reference=r
                  2026-05-06 00:00:00 dsr.answer reference=r
                violated: [0]

            """)
    }

    @Test func endsMonthsOnTheirLastDay() throws {
        try check(
            "after dsr.receive(reference: r), dsr.answer(reference: r) within 1 month",
            "après dsr.receive(reference: r), dsr.answer(reference: r) sous 1 mois",
            """
              - name: 31 January to the end of February
                log: |
                  2026-01-31 10:00:00 dsr.receive reference=r
                  2026-02-28 23:59:59 dsr.answer reference=r
              - name: 1 March is late
                log: |
                  2026-01-31 10:00:00 dsr.receive reference=r
                  2026-03-01 00:00:00 dsr.answer reference=r
                violated: [0]
              - name: open on the last day
                log: |
                  2026-01-31 10:00:00 dsr.receive reference=r
                until: 2026-02-28 23:59:59
                pending: [0]

            """)
    }

    /// In Paris the day of 29 March 2026 has 23 hours and that of 25 October 25.
    @Test func countsCivilDaysOverNightsOfChange() throws {
        try check(
            "at most 2 profile.view(actor: a) per a in a civil day",
            "au plus 2 profile.view(actor: a) par a en un jour civil",
            """
              - name: three in the short day
                log: |
                  2026-03-29 00:00:00 profile.view actor=a
                  2026-03-29 03:00:00 profile.view actor=a
                  2026-03-29 23:59:59 profile.view actor=a
                violated: [2]
              - name: the third is of the next day
                log: |
                  2026-03-29 00:00:00 profile.view actor=a
                  2026-03-29 23:59:59 profile.view actor=a
                  2026-03-30 00:00:00 profile.view actor=a
              - name: three in the long day, of 25 hours
                log: |
                  2026-10-24 22:00:00Z profile.view actor=a
                  2026-10-25 00:30:00Z profile.view actor=a
                  2026-10-25 22:59:59Z profile.view actor=a
                violated: [2]
              - name: the first second after the long day
                log: |
                  2026-10-24 22:00:00Z profile.view actor=a
                  2026-10-25 00:30:00Z profile.view actor=a
                  2026-10-25 23:00:00Z profile.view actor=a

            """)
    }

    @Test func knowsOfficeHoursAndWeeks() throws {
        try check(
            "never profile.view(actor: a, outside 07:30 to 19:30)",
            "jamais profile.view(actor: a, hors 07:30 à 19:30)",
            """
              - name: on the edges of a working day
                log: |
                  2026-07-13 07:29:59 profile.view actor=a
                  2026-07-13 07:30:00 profile.view actor=a
                  2026-07-13 19:29:59 profile.view actor=a
                  2026-07-13 19:30:00 profile.view actor=a
                violated: [0, 3]
              - name: on the national holiday and on a Sunday
                log: |
                  2026-07-14 10:00:00 profile.view actor=a
                  2026-07-19 10:00:00 profile.view actor=a
                violated: [0, 1]

            """)
        try check(
            "at most 1 profile.view(actor: a) per a in an ISO week",
            "au plus 1 profile.view(actor: a) par a en une semaine ISO",
            """
              - name: Monday and Sunday of week 1 of 2026
                log: |
                  2025-12-29 10:00:00 profile.view actor=a
                  2026-01-04 10:00:00 profile.view actor=a
                violated: [1]
              - name: Sunday and Monday
                log: |
                  2026-01-04 10:00:00 profile.view actor=a
                  2026-01-05 10:00:00 profile.view actor=a

            """)
    }

    // MARK: Gaps, warnings, evidence

    private static let schema = EventSchema(
        types: ["begin", "end", "use", "ask", "answer"], fields: [.init("a")])

    private func monitor(_ sentences: [String]) throws -> RuleMonitor {
        let rules = try sentences.enumerated().map { number, text in
            TemporalRule(
                id: "T\(number)",
                try RuleSentence(text, language: .english, setting: .init(schema: Self.schema))
                    .pattern)
        }
        return RuleMonitor(try RuleProgram(schema: Self.schema, rules: rules))
    }

    private func batch(_ events: [(String, Int64, Int64)]) throws -> EventBatch {
        var batch = EventBatch(schema: Self.schema)
        let field = try #require(Self.schema.field("a"))
        for (name, time, value) in events {
            batch.append(
                try #require(Self.schema.type(name)), time: time, index: UInt64(batch.count) + 100)
            batch.set(field, to: value)
        }
        return batch
    }

    @Test func saysUnknownWhereAGapCouldExcuse() throws {
        var monitor = try monitor([
            "after ask(a: x), answer(a: x) within 10 s",
            "use(a: x) only if begin(a: x) before within 10 s",
            "no use(a: x) after begin(a: x) until end(a: x)", "never both ask(a: x) and use(a: x)",
        ])
        monitor.recordGap(105...106)
        let verdicts = try monitor.consume(
            batch([
                ("ask", 100, 1), ("ask", 107, 2), ("use", 110, 3), ("begin", 111, 3),
                ("use", 112, 3), ("use", 117, 4), ("use", 118, 1), ("answer", 130, 9),
            ]))
        let answers = verdicts.map { "\($0.rule) \($0.index) \($0.outcome)" }
        #expect(
            answers == [
                "0 100 unknown", "0 101 violated", "1 102 unknown", "2 104 violated",
                "1 105 violated", "1 106 violated", "3 106 violated",
            ])
        #expect(monitor.statistics.map(\.unknown) == [1, 1, 0, 0])
        #expect(monitor.statistics.map(\.violated) == [1, 2, 1, 1])
        #expect(monitor.statistics.map(\.satisfied) == [0, 1, 3, 0])
    }

    @Test func namesEntriesAndWhatWasSearched() throws {
        var monitor = try monitor([
            "use(a: x) only if begin(a: x) before and no end(a: x) since",
            "at most 2 use(a: x) per x in 10 s",
            "after ask(a: x), answer(a: x) within 10 s, warning after 6 s",
        ])
        let verdicts = try monitor.consume(
            batch([
                ("begin", 100, 1), ("use", 101, 1), ("end", 102, 1), ("use", 103, 1),
                ("use", 104, 1), ("ask", 105, 1), ("ask", 111, 2),
            ]))
        #expect(verdicts.map(\.rule) == [0, 0, 1])
        #expect(verdicts[0].witnesses == [100, 102, 103])
        #expect(verdicts[0].searched == 102...103)
        #expect(verdicts[2].witnesses == [101, 103, 104])
        #expect(verdicts[2].measure == .init(observed: 3, limit: 2))
        var copy = monitor
        let (due, pending) = copy.close(at: 115)
        #expect(due.isEmpty)
        #expect(
            pending.map(\.outcome) == [
                .pending(until: 115, warns: true), .pending(until: 121, warns: false),
            ])
        let late = monitor.close(at: 116)
        #expect(late.due.map(\.index) == [105])
        #expect(late.due.map(\.searched) == [105...115])
    }

    @Test func refusesWhatItCannotJudge() throws {
        var monitor = try monitor(["never use"])
        _ = try monitor.consume(batch([("use", 100, 1)]))
        #expect(throws: RuleError(.timeWentBack, subject: "100")) {
            try monitor.consume(batch([("use", 99, 1)]))
        }
        #expect(throws: RuleError(.timeOutOfRange)) {
            try monitor.consume(batch([("use", .max, 1)]))
        }
        #expect(throws: RuleError(.columnMismatch)) {
            try monitor.consume(EventBatch(types: [0], times: [200], indexes: [0], columns: []))
        }
        #expect(throws: RuleError(.valueOutOfBounds, subject: "T0")) {
            try self.monitor(["every ask is followed by ask within 0 s"])
        }
    }
}
