// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Auditing
import Diagnostics
import Reviewing
import Testing
import TransparencyLog

/// Findings grouped in cases, and the steps that a case may take.
@Suite struct CaseTests {
    private static let dpo = "A0000000000d0"

    /// Three findings of one family and week, one of the week after, one of another family.
    private func story(prepared: Bool = true) throws -> LogStory {
        var story = try LogStory(folder: try PilotPolicies.folder(), prepared: prepared)
        for number in 0..<3 {
            try story.access(
                "offer.view", LogStory.noon + Int64(number), ["purpose": "P9-AUTRE"])
        }
        try story.access("offer.view", LogStory.noon + 7 * LogStory.day, ["purpose": "P9-AUTRE"])
        try story.access(
            "profile.view", LogStory.noon, ["subject": ["pid": "P00000000000f"]])
        return story
    }

    private func register(_ story: LogStory) throws -> CaseRegister {
        let log = try story.verified()
        let auditor = Auditor(folders: [story.folder], reference: story.folder)
        return CaseRegister(log, try auditor.audit(log), repetition: 3)
    }

    private func first(_ register: CaseRegister) throws -> Case {
        try #require(register.cases.first { $0.rules == ["R01"] && $0.findings.count == 3 })
    }

    private static func person(
        _ role: String = "DPO", pid: String = dpo, establishment: String = ""
    ) -> CaseRecord.Person {
        .init(pid: pid, role: role, establishment: establishment)
    }

    private func record(
        _ step: CaseStep, _ item: Case, at time: Int64, reviewer: String? = dpo,
        person: CaseRecord.Person? = nil
    ) -> CaseRecord {
        var person = person
        if step == .assign, person == nil { person = Self.person() }
        if step == .hear { person = .init(pid: item.key.actor ?? "", role: "") }
        return CaseRecord(
            step, of: item.id, at: time, reviewer: reviewer, person: person, code: "CODE")
    }

    /// Writes a step into the log, whether or not it may follow.
    private func add(_ record: CaseRecord, to story: inout LogStory) throws {
        var fields: [String: Any] = [
            "reference": record.caseID, "case_ref": record.caseID, "rule": "R01",
        ]
        if let reviewer = record.reviewer { fields["reviewer"] = reviewer }
        if let person = record.person {
            var actor = ["pid": person.pid]
            if !person.role.isEmpty { actor["role"] = person.role }
            if !person.establishment.isEmpty { actor["establishment"] = person.establishment }
            fields["actor"] = actor
        }
        switch record.step {
        case .explain: fields["reason_code"] = "CODE"
        case .correct: fields["measure"] = "CODE"
        default: fields["outcome_code"] = "CODE"
        }
        try story.add(record.step.rawValue, record.time, fields, source: "dpo")
    }

    @Test func findingsAreGrouped() throws {
        let register = try register(try story())
        let sizes = register.cases.map { ($0.rules, $0.findings.count, $0.key.week) }
        #expect(sizes.count == 3, "\(sizes)")
        let repeated = try first(register)
        #expect(repeated.key.week == "2026-W07" && repeated.key.actor == LogStory.adviser)
        #expect(register.cases.contains { $0.key.week == "2026-W08" && $0.rules == ["R01"] })
        let outside = try #require(register.cases.first { $0.rules == ["R15"] })
        #expect(outside.severity == .medium && !outside.isRaised)
        // R01 is critical already; three R15 of one week become high.
        #expect(repeated.severity == .critical && !repeated.isRaised)
        var more = try story()
        for number in 1...2 {
            try more.access(
                "profile.view", LogStory.noon + Int64(number),
                ["subject": ["pid": "P0000000000\(number)f"]])
        }
        let raised = try #require(try self.register(more).cases.first { $0.rules == ["R15"] })
        #expect(raised.severity == .high && raised.isRaised && raised.id == outside.id)
    }

    /// Every state and step: what may follow is what the table in `docs/cases.md` says.
    @Test func theTableOfSteps() {
        var allowed: [String] = []
        for state in CaseState.allCases {
            for step in CaseStep.allCases {
                guard let next = state.after(step, namesActor: true) else { continue }
                allowed.append("\(state.rawValue) \(step.rawValue) \(next.rawValue)")
            }
        }
        #expect(
            allowed == [
                "new finding.raise to_review", "new finding.explain explained",
                "new finding.assign assigned", "to_review finding.explain explained",
                "to_review finding.assign assigned", "explained finding.raise to_review",
                "explained finding.close closed", "assigned finding.assign assigned",
                "assigned adviser.hear heard", "assigned finding.dismiss dismissed",
                "heard finding.assign assigned", "heard adviser.hear heard",
                "heard finding.confirm confirmed", "heard finding.dismiss dismissed",
                "confirmed finding.correct corrected", "dismissed finding.close closed",
                "corrected finding.close closed", "closed finding.raise to_review",
            ])
        #expect(CaseState.assigned.after(.confirm, namesActor: false) == .confirmed)
    }

    @Test func aCaseIsLedToItsEnd() throws {
        var story = try story()
        var time = LogStory.noon + 10 * LogStory.day
        let steps: [CaseStep] = [.raise, .assign, .hear, .confirm, .correct, .close]
        for step in steps {
            let register = try register(story)
            let record = record(step, try first(register), at: time)
            try register.check(record)
            try add(record, to: &story)
            time += LogStory.hour
        }
        let register = try register(story)
        let item = try first(register)
        #expect(item.state == .closed && item.faults.isEmpty && item.history.map(\.step) == steps)
        #expect(!item.hasNewFindings)
        let precision = try #require(register.precisions.first { $0.rule == "R01" })
        #expect((precision.confirmed, precision.reviewed, precision.all) == (3, 3, 4))
        let page = item.page(in: .french)
        #expect(page.contains("finding.confirm") && page.contains("État\u{202F}: clos"))
        let table = register.table(Set(CaseState.allCases), in: .french)
        #expect(table.contains("100\u{202F}%") && !table.contains(LogStory.adviser))
        // A late finding of the same week is not covered by the decision.
        try story.access("offer.view", LogStory.noon + 99, ["purpose": "P9-AUTRE"])
        let later = try self.register(story)
        let again = try #require(later.cases.first { $0.id == item.id })
        #expect(again.hasNewFindings && again.state == .closed)
        #expect(again.state.after(.raise, namesActor: true) == .toReview)
        let still = try #require(later.precisions.first { $0.rule == "R01" })
        #expect((still.confirmed, still.reviewed, still.all) == (3, 3, 5))
    }

    @Test func nobodyIsConfirmedUnheard() throws {
        var story = try story()
        let time = LogStory.noon + 10 * LogStory.day
        let item = try first(try register(story))
        try add(record(.assign, item, at: time), to: &story)
        let register = try register(story)
        #expect(throws: ReviewError.self) {
            try register.check(record(.confirm, item, at: time + 1))
        }
        // Recorded all the same, it counts for nothing and is shown.
        try add(record(.confirm, item, at: time + 1), to: &story)
        let after = try first(try self.register(story))
        #expect(after.state == .assigned && after.faults.map(\.step) == [.confirm])
        #expect(try self.register(story).precisions.allSatisfy { $0.reviewed == 0 })
    }

    @Test func nominativeStepsAreLocked() throws {
        var story = try story(prepared: false)
        try story.activate(story.version, at: LogStory.start)
        try story.access("offer.view", LogStory.noon, ["purpose": "P9-AUTRE"])
        let register = try register(story)
        // Where nobody may be named, the cases name nobody.
        #expect(register.cases.allSatisfy { $0.key.actor == nil })
        let item = try #require(register.cases.first)
        for step in CaseStep.allCases where step.isNominative {
            let record = record(step, item, at: LogStory.noon + LogStory.day)
            #expect {
                try register.check(record)
            } throws: { ($0 as? ReviewError)?.code == .locked }
        }
        try register.check(record(.raise, item, at: LogStory.noon + LogStory.day))
    }

    @Test(
        arguments: [
            ("DPO", CaseTests.dpo, "", true), ("AUDIT", CaseTests.dpo, "E", true),
            ("RESP", CaseTests.dpo, "E", false), ("RESP", CaseTests.dpo, "", false),
            ("RESP", CaseTests.dpo, "E2", true), ("CONS_PRO", CaseTests.dpo, "E2", false),
            ("CSE_ELU", CaseTests.dpo, "E2", false), ("DPO", "A00000000000a", "", false),
            ("DPO", LogStory.adviser, "", false),
        ] as [(String, String, String, Bool)])
    func reviewersAreIndependent(
        role: String, pid: String, establishment: String, may: Bool
    ) throws {
        let register = try register(try story())
        let record = record(
            .assign, try first(register), at: LogStory.noon + LogStory.day, reviewer: pid,
            person: Self.person(role, pid: pid, establishment: establishment))
        if may {
            #expect(try register.check(record) == .assigned)
        } else {
            #expect {
                try register.check(record)
            } throws: { ($0 as? ReviewError)?.code == .notIndependent }
        }
    }

    @Test func onlyTheAssignedReviewerDecides() throws {
        var story = try story()
        let time = LogStory.noon + 10 * LogStory.day
        let item = try first(try register(story))
        try add(record(.assign, item, at: time), to: &story)
        try add(record(.hear, item, at: time + 1), to: &story)
        let register = try register(story)
        #expect {
            try register.check(record(.dismiss, item, at: time + 2, reviewer: "A0000000000d9"))
        } throws: { ($0 as? ReviewError)?.code == .notIndependent }
        #expect(try register.check(record(.dismiss, item, at: time + 2)) == .dismissed)
        #expect {
            try register.check(
                CaseRecord(.close, of: "CASE-000000000000", at: time))
        } throws: { ($0 as? ReviewError)?.code == .noSuchCase }
    }
}
