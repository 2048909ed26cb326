// SPDX-License-Identifier: Apache-2.0

import Auditing
import Diagnostics
import Reporting
import Reviewing
import Testing

/// One log under two policy sets, and under more regions than it had.
@Suite struct PolicyTrialTests {
    /// The pilot's set with one file changed.
    private func changed(
        _ file: String, _ change: (String) -> String
    ) throws -> PolicySetFolder {
        var files = try PilotPolicies.files()
        let place = try #require(files.firstIndex { $0.path == file })
        let text = change(String(decoding: files[place].bytes, as: UTF8.self))
        files[place] = PolicyArchive.File(path: file, bytes: Array(text.utf8))
        return try PolicySetFolder(PolicyArchive(files))
    }

    private func story() throws -> LogStory {
        var story = try LogStory(folder: try PilotPolicies.folder())
        for number in 0..<3 {
            try story.access("offer.view", LogStory.noon + Int64(number))
            try story.access("profile.view", LogStory.noon + Int64(number))
        }
        // From Bretagne, refused at the time: the pilot does not run there.
        let actor = [
            "pid": LogStory.adviser, "role": "CONS_PRO", "region": "53", "account_kind": "pro",
        ]
        for number in 0..<5 {
            try story.access(
                "offer.view", LogStory.noon + Int64(number) * 20 * LogStory.day,
                [
                    "actor": actor, "outcome": "denied",
                    "decision": ["effect": "deny", "policy_version": story.version],
                ])
        }
        return story
    }

    @Test func theSameSetChangesNothing() throws {
        let story = try story()
        let trial = PolicyTrial(old: story.folder, new: story.folder)
        let difference = try trial.run(try story.verified())
        #expect(difference.rows.isEmpty && difference.changedCounts.isEmpty)
        #expect(difference.examinedCount >= 11 && difference.skippedCount == 0)
    }

    /// The extension from five regions to more: what was refused there would be permitted.
    @Test func anExtensionIsTried() throws {
        let story = try story()
        let regions = ["28", "32", "52", "53", "75", "84"]
        let trial = PolicyTrial(old: story.folder, new: story.folder, newRegions: regions)
        let difference = try trial.run(try story.verified())
        #expect(difference.changedCounts == [.becomesAllowed: 5])
        #expect(Set(difference.rows.map(\.policy)) == ["R05"])
        #expect(difference.rows.allSatisfy { $0.region == "53" })
        #expect(difference.rows.map(\.month) == ["2026-02", "2026-03", "2026-04", "2026-05"])
        #expect(difference.rows.map(\.count) == [1, 2, 1, 1])
        #expect(difference.rows.allSatisfy { !$0.examples.isEmpty && $0.examples.count <= 3 })
        #expect(try trial.run(try story.verified(workers: 2), workers: 2).rows == difference.rows)
        let fewer = PolicyTrial(old: story.folder, new: story.folder, newRegions: ["53"])
        let other = try fewer.run(try story.verified())
        #expect(other.changedCounts == [.becomesAllowed: 5, .becomesDenied: 6])
        #expect(other.rows.first?.change == .becomesDenied && other.rows.first?.region == "32")
    }

    @Test func anotherPolicyIsTried() throws {
        let story = try story()
        let strict = try changed("perimetre.cedar") {
            $0 + """

                @id("R41")
                @title_fr("Consultation de profil suspendue")
                @title_en("Viewing of profiles suspended")
                @basis("essai")
                @severity("high")
                @provenance("assumption")
                forbid (principal, action == Action::"profile.view", resource);

                """
        }
        let forth = try PolicyTrial(old: story.folder, new: strict).run(try story.verified())
        #expect(forth.changedCounts == [.becomesDenied: 3])
        #expect(forth.rows.map(\.policy) == ["R41"] && forth.rows[0].region == "32")
        let back = try PolicyTrial(old: strict, new: story.folder).run(try story.verified())
        #expect(back.changedCounts == [.becomesAllowed: 3])
        #expect(back.rows.map(\.policy) == ["R41"])
        let french = forth.table(in: .french)
        #expect(french.contains("serait refusé\u{202F}: 3"))
        #expect(french.contains("32 Hauts-de-France"))
        #expect(
            !french.contains(LogStory.adviser) && !forth.json(exitCode: 0).rendered().contains("A0")
        )
    }
}
