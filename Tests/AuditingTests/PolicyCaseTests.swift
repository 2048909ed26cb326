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

    @Test func aPolicyThatFailsIsExpectedToFail() throws {
        let cases = """
            facts:
              role: "DPO"
            cases:
              - {name: named, action: offer.view, expect: deny, policies: [], errors: [B, A]}
              - {name: unnamed, action: offer.view, expect: deny, policies: []}
              - {name: half, action: offer.view, expect: deny, policies: [], errors: [A]}
            """
        let policies = ["A", "B"].map { id in
            """
            @id("\(id)") @title_fr("x") @title_en("x") @basis("x") @severity("low")
            @provenance("law")
            permit (principal, action, resource) when { context.role.missing };

            """
        }.joined()
        let manifest = """
            name: x
            title_fr: x
            title_en: x
            label: "1"
            default_deny_rule: R04
            files: [s.cedarschema, a.cedar]
            engine_rules:
              R04: {title_fr: x, title_en: x, basis: x, severity: high, provenance: law}

            """
        let files = [
            ("policy-set.yaml", manifest + (try PilotPolicies.parameters())), ("a.cedar", policies),
            ("cases/a.yaml", cases),
            (
                "s.cedarschema",
                "entity E; action \"offer.view\" appliesTo {principal: E, resource: E};"
            ),
        ].map { PolicyArchive.File(path: $0.0, bytes: [UInt8]($0.1.utf8)) }
        let archive = PolicyArchive(files)
        let folder = try PolicySetFolder(archive)
        let outcomes = try PolicyCase.cases(in: archive).map { $0.run(folder).isExpected }
        #expect(outcomes == [true, false, false])
    }
}
