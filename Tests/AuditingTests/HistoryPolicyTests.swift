// SPDX-License-Identifier: Apache-2.0

import Auditing
import Diagnostics
import Testing
import TransparencyLog

/// The two surfaces of rules over time that are not sentences: `temporal { … }` blocks in Cedar
/// policies, and formulas in `.mfotl` files.
@Suite struct HistoryPolicyTests {
    private static let annotations = """
        @title_fr("Relecture après communication")
        @title_en("Read again after sharing")
        @basis("RGPD 5(1)(c)")
        @severity("high")
        @provenance("assumption")
        """

    /// The pilot with other files, and without its sentences.
    private func folder(
        cedar: String? = nil, rules: [String: String] = [:]
    ) throws -> PolicySetFolder {
        var files = try PilotPolicies.files().filter { !$0.path.hasPrefix("rules/") }
        if let cedar {
            let place = try #require(files.firstIndex { $0.path == "policy-set.yaml" })
            let manifest = String(decoding: files[place].bytes, as: UTF8.self)
                .replacing("  - journal.cedar\n", with: "  - journal.cedar\n  - histoire.cedar\n")
            files[place] = .init(path: "policy-set.yaml", bytes: Array(manifest.utf8))
            files.append(.init(path: "histoire.cedar", bytes: Array(cedar.utf8)))
        }
        for (name, text) in rules {
            files.append(.init(path: "rules/\(name)", bytes: Array(text.utf8)))
        }
        return try PolicySetFolder(PolicyArchive(files))
    }

    private func subject(_ number: Int) -> [String: Any] { ["pid": "P00000000000\(number)"] }

    private func found(_ rule: String, _ result: AuditResult) -> [Finding] {
        result.findings.filter { $0.rule == rule }
    }

    private let afterSharing = """
        \(annotations)
        @id("R90-relecture")
        forbid (principal, action == Action::"profile.view", resource)
        when temporal {
            formerly within 1h
                Action::"profile.share"::response{ input.subject: context.input.subject }
        };
        """

    @Test func aBlockForbidsByWhatCameBefore() throws {
        var story = try LogStory(folder: try folder(cedar: afterSharing))
        let (noon, minute) = (LogStory.noon, Int64(60_000))
        try story.access("profile.view", noon, ["subject": subject(1)])
        let share = try story.access("profile.share", noon + minute, ["subject": subject(1)])
        let again = try story.access("profile.view", noon + 2 * minute, ["subject": subject(1)])
        try story.access("profile.view", noon + 3 * minute, ["subject": subject(2)])
        let last = try story.access("profile.view", noon + 61 * minute, ["subject": subject(1)])
        try story.access("profile.view", noon + 62 * minute, ["subject": subject(1)])
        // Recorded last, though it happened while the block held.
        let late = try story.access("profile.view", noon + 5 * minute, ["subject": subject(1)])
        let result = try story.audit()
        let findings = found("R90", result)
        #expect(findings.map(\.entry.index) == [again, last, late])
        #expect(findings.allSatisfy { $0.policies == ["R90-relecture"] })
        #expect(findings.allSatisfy { $0.witnesses.map(\.index) == [share] })
        #expect(findings.allSatisfy { $0.searched == nil && $0.evidence == [share] })
        let seen = findings.first?.values.first { $0.source.hasPrefix("temporal {") }
        #expect(seen?.value == "true")
        // As with any other fact, workers change nothing.
        #expect(try story.audit(workers: 3).findings == result.findings)
    }

    @Test func aBlockThatMissesSomethingNamesTheTimeItSearched() throws {
        let cedar = """
            \(Self.annotations)
            @id("R91-sans-demande")
            forbid (principal, action == Action::"export.perform", resource)
            unless temporal {
                formerly within 24h
                    Action::"export.request"::response{ input.reference: context.input.reference }
            };
            """
        var story = try LogStory(folder: try folder(cedar: cedar))
        let noon = LogStory.noon
        let fields: [String: Any] = ["count": 1, "reference": "X-1"]
        let alone = try story.access("export.perform", noon, fields)
        try story.access("export.request", noon + LogStory.hour, fields)
        try story.access("export.perform", noon + 2 * LogStory.hour, fields)
        let findings = found("R91", try story.audit())
        #expect(findings.map(\.entry.index) == [alone])
        #expect(findings.first?.searched == noon - LogStory.day...noon)
        #expect(findings.first?.witnesses.isEmpty == true)
    }

    @Test func aWindowIsNoLongerThanThePolicySetAllows() throws {
        let cedar = afterSharing.replacing("within 1h", with: "within 48h")
        #expect(throws: PolicySetErrors.self) { try folder(cedar: cedar) }
    }

    /// What looks at the whole history is read whole, and leaves no state.
    @Test func nothingIsResumedUnderABlock() throws {
        let set = try folder(cedar: afterSharing)
        var story = try LogStory(folder: set)
        try story.access("profile.view", LogStory.noon, ["subject": subject(1)])
        let auditor = Auditor(folders: [set], reference: set)
        var signed = story.log
        try signed.sign()
        let (_, log, point) = try LogUnderAudit.resume(
            signed, by: LogVerifier(keys: [story.key.verificationKey]), from: nil)
        let (_, left) = try auditor.audit(try #require(log), at: try #require(point), from: nil)
        #expect(!auditor.canResume(left))
    }

    private func sheet(_ examples: String) -> String {
        """
        id: R92-formule
        title_fr: Relecture après communication
        title_en: Read again after sharing
        severity: high
        basis: RGPD 5(1)(c)
        provenance: assumption
        sentence_fr: une fiche n’est pas relue dans l’heure de sa communication
        sentence_en: a record is not read again within an hour of being shared
        formula: R92.mfotl
        examples:
        \(examples)
        """
    }

    private let formula = """
        (entry(i) AND profile_view() AND subject(p))
          AND (ONCE[0,3600) (profile_share() AND subject(p)))
        """

    @Test func aFormulaIsARuleLikeAnother() throws {
        let text = sheet(
            """
              - name: read again
                log: |
                  2026-03-02 09:00:00 profile.share subject=p1
                  2026-03-02 09:30:00 profile.view subject=p1
                  2026-03-02 09:40:00 profile.view subject=p2
                  2026-03-02 10:00:00 profile.view subject=p1
                violated: [1]
            """)
        let set = try folder(rules: ["R92.yaml": text, "R92.mfotl": formula])
        #expect(set.overTime.runExamples().map(\.isExpected) == [true])
        var story = try LogStory(folder: set)
        let noon = LogStory.noon
        try story.access("profile.share", noon, ["subject": subject(1)])
        let again = try story.access("profile.view", noon + 60_000, ["subject": subject(1)])
        try story.access("profile.view", noon + LogStory.hour, ["subject": subject(1)])
        let result = try story.audit()
        let findings = found("R92", result)
        #expect(findings.map(\.entry.index) == [again])
        #expect(findings.first?.kind == .overTime && findings.first?.policies == ["R92-formule"])
        #expect(findings.first?.witnesses.map(\.index) == [again])
        #expect(result.rules.map(\.policy) == ["R92-formule"])
        #expect(result.rules.first?.violated == 1)
    }

    /// A free variable of another `entry(…)` is a witness, and all of them are in one finding.
    @Test func aFormulaNamesWhatMadeItTrue() throws {
        let set = try folder(rules: [
            "R92.yaml": sheet("  []"),
            "R92.mfotl": """
            (entry(i) AND profile_view() AND subject(p))
              AND (ONCE[0,3600) (entry(w) AND profile_share() AND subject(p)))
            """,
        ])
        var story = try LogStory(folder: set)
        let (noon, minute) = (LogStory.noon, Int64(60_000))
        try story.access("profile.share", noon - LogStory.hour, ["subject": subject(1)])
        let first = try story.access("profile.share", noon, ["subject": subject(1)])
        try story.access("profile.share", noon + minute, ["subject": subject(2)])
        let second = try story.access("profile.share", noon + 2 * minute, ["subject": subject(1)])
        let again = try story.access("profile.view", noon + 3 * minute, ["subject": subject(1)])
        let result = try story.audit()
        let findings = found("R92", result)
        #expect(findings.map(\.entry.index) == [again])
        #expect(findings.first?.witnesses.map(\.index) == [first, second, again])
        #expect(findings.first?.evidence == [first, second])
        #expect(result.rules.first?.violated == 1)
    }

    /// What the Cedar policies answer is a relation of formulas.
    @Test func decisionsArePredicates() throws {
        let set = try folder(rules: [
            "R92.yaml": sheet("  []"),
            "R92.mfotl": """
            (entry(i) AND denied(i, "R03")) AND (NOT (EXISTS j. ONCE(0,*) denied(j, "R03")))
            """,
        ])
        var story = try LogStory(folder: set)
        try story.access("profile.view", LogStory.noon, ["subject": subject(1)])
        let first = try story.access(
            "profile.view", LogStory.noon + 60_000,
            ["subject": subject(1), "categories": ["NO"]])
        try story.access(
            "profile.view", LogStory.noon + 120_000,
            ["subject": subject(1), "categories": ["SA"]])
        let result = try story.audit()
        #expect(found("R03", result).count == 2)
        #expect(found("R92", result).map(\.entry.index) == [first])
    }

    /// A deadline of a formula that has not passed is no violation.
    @Test func aFormulaWaitsForItsDeadline() throws {
        let set = try folder(rules: [
            "R92.yaml": sheet("  []"),
            "R92.mfotl": """
            (entry(i) AND dsr_receive() AND reference(r))
              AND (NOT (EVENTUALLY[0,86400] (dsr_answer() AND reference(r))))
            """,
        ])
        var story = try LogStory(folder: set)
        let index = try story.add(
            "dsr.receive", LogStory.noon,
            [
                "subject": subject(1), "reference": "D-1",
                "due_at": LogStory.date(LogStory.noon + LogStory.day),
            ])
        #expect(found("R92", try story.audit()).isEmpty)
        try story.add(
            "claim.register", LogStory.noon + 2 * LogStory.day, ["reference": "C", "value": 1])
        #expect(found("R92", try story.audit()).map(\.entry.index) == [index])
    }

    @Test(arguments: [
        (["R92.mfotl": "TRUE"], "POL108"),
        (["R92.yaml": "sheet"], "POL107"),
        (["R92.yaml": "sheet", "R92.mfotl": "entry(i) AND nosuch(i)"], "TMP105"),
        (["R92.yaml": "sheet", "R92.mfotl": "entry(i) AND NOT actor(a)"], "TMP111"),
    ])
    func faultsAreRefusedWithTheirPlace(rules: [String: String], code: String) throws {
        var files = rules
        if files["R92.yaml"] != nil { files["R92.yaml"] = sheet("  []") }
        let error = #expect(throws: PolicySetErrors.self) { try folder(rules: files) }
        let diagnostic = try #require(error?.diagnostics.first)
        #expect(diagnostic.code == code)
        #expect(diagnostic.rendered(in: .english).contains("rules/R92"))
    }
}
