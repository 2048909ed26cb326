// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cedar
import Testing

@Suite struct PolicyCaseTests {
    @Test func everyCaseOfThePilotIsAsExpected() throws {
        let archive = PolicyArchive(try PilotPolicies.files())
        let folder = try PolicySetFolder(archive)
        let cases = try PolicyCase.cases(in: archive)
        #expect(cases.count >= 60)
        for test in cases {
            let outcome = test.run(folder)
            #expect(
                outcome.isExpected,
                "\(test.name): \(outcome.decision) \(outcome.policies) \(outcome.failed)")
        }
        for policy in folder.policySet.policies where policy.effect == .forbid {
            let hasViolation = cases.contains { $0.policies.contains(policy.id) }
            let rule = policy.id.prefix { $0 != "-" }
            let hasKept = cases.contains { $0.name.hasPrefix(rule) && $0.expected == .allow }
            #expect(hasViolation && hasKept, "\(policy.id)")
        }
    }

    @Test func unknownFactIsRefused() throws {
        let text =
            "facts:\n  a: true\ncases:\n  - {name: x, action: y, with: {b: true}, expect: deny}\n"
        let file = PolicyArchive.File(path: "cases/x.yaml", bytes: [UInt8](text.utf8))
        #expect(throws: PolicySetErrors.self) {
            try PolicyCase.cases(in: PolicyArchive([file]))
        }
    }
}
