// SPDX-License-Identifier: Apache-2.0

import Auditing
import Testing

/// A policy set with formulas goes on from a saved state, as one of sentences alone does.
@Suite struct FormulaResumeTests {
    private static let formulas = [
        """
        (entry(i) AND profile_view() AND subject(p))
          AND (ONCE[0,86400) (entry(w) AND profile_share() AND subject(p)))
        """,
        """
        (entry(i) AND profile_share() AND subject(p))
          AND (NOT (EVENTUALLY[0,7200] (appointment_hold() AND subject(p))))
        """,
        "(entry(i) AND denied(i, \"R03\")) AND (NOT (EXISTS j. ONCE(0,*) denied(j, \"R03\")))",
    ]

    private func folder() throws -> PolicySetFolder {
        var files = try PilotPolicies.files()
        for (number, formula) in Self.formulas.enumerated() {
            let name = "R\(91 + number)"
            let sheet = """
                id: \(name)-formule
                title_fr: Relecture
                title_en: Read again
                severity: high
                basis: RGPD 5(1)(c)
                provenance: assumption
                sentence_fr: une fiche n’est pas relue
                sentence_en: a record is not read again
                formula: \(name).mfotl
                examples: []
                """
            files.append(.init(path: "rules/\(name).yaml", bytes: Array(sheet.utf8)))
            files.append(.init(path: "rules/\(name).mfotl", bytes: Array(formula.utf8)))
        }
        return try PolicySetFolder(PolicyArchive(files))
    }

    /// Four months, of which all but the last weeks are judged for good.
    @Test(arguments: [(UInt64(11), 1), (12, 2)])
    func goingOnFindsWhatReadingEverythingFinds(_ seed: UInt64, _ workers: Int) throws {
        var story = try LogStory(folder: try folder())
        var numbers = SeededNumbers(state: seed)
        var clock = LogStory.noon
        var saved: [UInt8]?
        for _ in 0..<8 {
            for _ in 0..<(100 + numbers.below(60)) {
                clock += Int64(numbers.below(360)) * 60_000
                let subject: [String: Any] = ["pid": "P00000000000\(numbers.below(8))"]
                switch numbers.below(4) {
                case 0: try story.access("profile.share", clock, ["subject": subject])
                case 1:
                    try story.add(
                        "appointment.hold", clock,
                        ["actor": ["pid": "A000000000001"], "subject": subject])
                default: try story.access("profile.view", clock, ["subject": subject])
                }
            }
            let (result, bytes) = try resume(story, from: saved, workers: workers)
            let whole = try story.audit(workers: workers)
            expectSame(result, whole)
            let uses = whole.rules.filter { $0.policy.hasSuffix("-formule") }
            #expect(uses.count == 3 && result.rules.suffix(3).elementsEqual(uses))
            saved = bytes
        }
        let result = try story.audit()
        for rule in ["R91", "R92"] {
            let count = result.findings.count { $0.rule == rule }
            #expect(count > 30, "seed \(seed): \(count) of \(rule)")
        }
    }
}
