// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Diagnostics
import Reporting

/// Reports made by hand, for the tests of the formats.
enum SampleReport {
    static let start: Int64 = 1_774_746_000_000

    static func finding(hostile: String = "") -> Finding {
        let entry = Finding.EntryReference(
            index: 1_042, byteOffset: 380_001, leafHash: SHA256Digest(1, 2, 3, 4))
        var finding = Finding(
            rule: "R15", severity: .medium, kind: .permittedButForbidden, entry: entry,
            eventType: "profile.view")
        finding.title = LocalizedText(
            fr: "Accès hors portefeuille non expliqué\(hostile)", en: "Unexplained access\(hostile)"
        )
        finding.basis = "RGPD 32\(hostile)"
        finding.occurredAt = start
        finding.region = "75"
        finding.actor = .masked
        finding.subject = .shown("P0123456789ab\(hostile)")
        finding.policies = ["R15-hors-portefeuille\(hostile)"]
        finding.values = [.init(source: "context.explained\(hostile)", value: "false")]
        finding.recordedDecision = .allow
        finding.replayedDecision = .deny
        finding.explanation = LocalizedText(
            fr: "Aucun des neuf motifs n’explique cette consultation\(hostile).",
            en: "None of the nine reasons explains this access\(hostile).")
        finding.templates = [
            .init(
                "E1", holds: false,
                reason: LocalizedText(
                    fr: "la personne n’est pas dans le portefeuille\(hostile)",
                    en: "the person is not in the portfolio\(hostile)"))
        ]
        return finding
    }

    static func report(_ findings: [Finding] = [finding()], hostile: String = "") -> Report {
        var result = AuditResult(head: SHA256Digest(5, 6, 7, 8), treeSize: 2_000)
        result.counts.entries = 2_000
        result.counts.accesses = 1_234
        result.counts.judgedAccesses = 1_234
        result.counts.explainedAccesses = 1_000
        result.findings = findings
        result.period = start...(start + 3_600_000)
        result.policySetName = "pilote-linkedin\(hostile)"
        result.policyVersions = [
            .init(
                hash: SHA256Digest(9, 9, 9, 9), label: "2026-01\(hostile)", activatedAt: start,
                activationIndex: 3)
        ]
        return Report(
            log: "audit-samples/story/log\(hostile)", origin: "vigie.example/pilote\(hostile)",
            result: result, findings: findings, exitCode: findings.isEmpty ? 0 : 1,
            isComplete: true)
    }

    static func altered() -> Report {
        Report(
            log: "log", origin: "vigie.example/pilote",
            damage: Damage(
                [
                    Diagnostic(
                        code: "LOG201", place: .entry(file: "log", index: 7, byteOffset: 900),
                        message: LocalizedText(
                            fr: "le maillon est rompu", en: "the link is broken"),
                        remedy: LocalizedText(fr: "gardez le journal", en: "keep the log"))
                ], affected: 7...9, lastGoodSize: 6), exitCode: 2)
    }
}
