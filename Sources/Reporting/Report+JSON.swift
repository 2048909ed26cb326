// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Diagnostics

extension Report {
    /// The report as JSON, in the form of `docs/report-format.md`, version 1.
    ///
    /// Every text is there in both languages, so that the bytes do not depend on who asked.
    public func json() -> String { document.rendered() }

    private var document: JSONNode {
        var members: [(String, JSONNode)] = [
            ("schema_version", .integer(1)),
            ("exit_code", .integer(Int64(exitCode))),
            ("complete", .boolean(isComplete)),
            ("verdict", JSONNode(verdict)),
            ("log", logNode),
            ("integrity", integrityNode),
            ("policies", policiesNode),
            ("counts", countsNode),
            ("findings", .array(findings.map { JSONNode($0) })),
            ("open", .array((result?.open ?? []).map { JSONNode($0) })),
            ("waivers", .array((result?.waivers ?? []).map { JSONNode($0) })),
            ("precision", .array(precisions.map { JSONNode($0) })),
        ]
        if tellsStatistics {
            let rules = (result?.rules ?? []).map { JSONNode($0) }
            members.append(
                (
                    "statistics",
                    .object([
                        ("rules", .array(rules)),
                        (
                            "saved_state_bytes",
                            stateByteCount.map { .integer(Int64($0)) } ?? .null
                        ),
                    ])
                ))
        }
        return .object(members)
    }

    private var logNode: JSONNode {
        .object([
            ("path", .string(log)), ("origin", .string(origin)),
            ("tree_size", JSONNode(result?.treeSize)),
            ("root_hash", JSONNode(result?.head.hex)),
            ("first_occurred_at", JSONNode(result?.period?.lowerBound.utc)),
            ("last_occurred_at", JSONNode(result?.period?.upperBound.utc)),
        ])
    }

    private var integrityNode: JSONNode {
        .object([
            ("intact", .boolean(damage == nil)),
            ("violation_count", .integer(Int64(damage?.count ?? 0))),
            ("first_bad_index", JSONNode(damage?.affected?.lowerBound)),
            ("last_bad_index", JSONNode(damage?.affected?.upperBound)),
            ("last_good_size", JSONNode(damage?.lastGoodSize)),
            ("violations", .array((damage?.violations ?? []).map { JSONNode($0) })),
        ])
    }

    private var policiesNode: JSONNode {
        let versions = (result?.policyVersions ?? []).map { version -> JSONNode in
            .object([
                ("hash", .string(version.hash.hex)), ("label", JSONNode(version.label)),
                ("activated_at", .string(version.activatedAt.utc)),
                ("activation_index", JSONNode(version.activationIndex)),
            ])
        }
        let missing = (result?.missingVersions ?? []).map { JSONNode.string($0.hex) }
        return .object([
            ("name", JSONNode(result?.policySetName)), ("versions", .array(versions)),
            ("missing_versions", .array(missing)),
            ("names_actors", .boolean(result?.namesActors ?? false)),
        ])
    }

    private var countsNode: JSONNode {
        let counts = result?.counts ?? AuditResult.Counts()
        let severities = tally.map { ($0.severity.rawValue, JSONNode.integer(Int64($0.count))) }
        return .object([
            ("entries", JSONNode(counts.entries)), ("accesses", JSONNode(counts.accesses)),
            ("judged_accesses", JSONNode(counts.judgedAccesses)),
            ("not_judged_accesses", JSONNode(counts.notJudgedAccesses)),
            ("explained_accesses", JSONNode(counts.explainedAccesses)),
            ("governance_acts", JSONNode(counts.governanceActs)),
            ("findings", .object(severities)),
        ])
    }
}

extension Int64 {
    fileprivate var utc: String { ShownInstant(self).utc }
}
