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
        .object([
            ("schema_version", .integer(1)),
            ("exit_code", .integer(Int64(exitCode))),
            ("complete", .boolean(isComplete)),
            ("verdict", Self.node(verdict)),
            ("log", logNode),
            ("integrity", integrityNode),
            ("policies", policiesNode),
            ("counts", countsNode),
            ("findings", .array(findings.map(Self.node))),
        ])
    }

    private var logNode: JSONNode {
        .object([
            ("path", .string(log)), ("origin", .string(origin)),
            ("tree_size", Self.node(result?.treeSize)),
            ("root_hash", Self.node(result?.head.hex)),
            ("first_occurred_at", Self.node(result?.period?.lowerBound.utc)),
            ("last_occurred_at", Self.node(result?.period?.upperBound.utc)),
        ])
    }

    private var integrityNode: JSONNode {
        .object([
            ("intact", .boolean(integrity.isEmpty)),
            ("violations", .array(integrity.map(Self.node))),
        ])
    }

    private var policiesNode: JSONNode {
        let versions = (result?.policyVersions ?? []).map { version -> JSONNode in
            .object([
                ("hash", .string(version.hash.hex)), ("label", Self.node(version.label)),
                ("activated_at", .string(version.activatedAt.utc)),
                ("activation_index", Self.node(version.activationIndex)),
            ])
        }
        let missing = (result?.missingVersions ?? []).map { JSONNode.string($0.hex) }
        return .object([
            ("name", Self.node(result?.policySetName)), ("versions", .array(versions)),
            ("missing_versions", .array(missing)),
            ("names_actors", .boolean(result?.namesActors ?? false)),
        ])
    }

    private var countsNode: JSONNode {
        let counts = result?.counts ?? AuditResult.Counts()
        let severities = tally.map { ($0.severity.rawValue, JSONNode.integer(Int64($0.count))) }
        return .object([
            ("entries", Self.node(counts.entries)), ("accesses", Self.node(counts.accesses)),
            ("judged_accesses", Self.node(counts.judgedAccesses)),
            ("not_judged_accesses", Self.node(counts.notJudgedAccesses)),
            ("explained_accesses", Self.node(counts.explainedAccesses)),
            ("governance_acts", Self.node(counts.governanceActs)),
            ("findings", .object(severities)),
        ])
    }

    private static func node(_ finding: Finding) -> JSONNode {
        .object([
            ("id", .string(finding.id)), ("fingerprint", .string(finding.fingerprint.hex)),
            ("rule", .string(finding.rule)), ("severity", .string(finding.severity.rawValue)),
            ("kind", .string(finding.kind.rawValue)), ("title", node(finding.title)),
            ("basis", .string(finding.basis)),
            ("provenance", .string(finding.provenance.rawValue)),
            ("entry_index", node(finding.entry.index)),
            ("byte_offset", node(finding.entry.byteOffset)),
            ("leaf_hash", .string(finding.entry.leafHash.hex)),
            ("event_type", .string(finding.eventType)),
            ("occurred_at", .string(finding.occurredAt.utc)),
            ("region", node(finding.region)), ("actor", node(finding.actor)),
            ("subject", node(finding.subject)),
            ("policies", .array(finding.policies.map { .string($0) })),
            ("policy_version", node(finding.policyVersion?.hex)),
            ("values", .array(finding.values.map(node))),
            ("recorded_decision", node(finding.recordedDecision?.rawValue)),
            ("replayed_decision", node(finding.replayedDecision?.rawValue)),
            ("explanation", node(finding.explanation)),
            ("templates", .array(finding.templates.map(node))),
            ("evidence", .array(finding.evidence.map { node($0) })),
            ("known_at_the_time", .boolean(finding.knownAtTheTime)),
        ])
    }

    private static func node(_ value: Finding.DecidingValue) -> JSONNode {
        .object([("source", .string(value.source)), ("value", .string(value.value))])
    }

    private static func node(_ attempt: Finding.TemplateAttempt) -> JSONNode {
        .object([
            ("template", .string(attempt.template)), ("holds", .boolean(attempt.holds)),
            ("reason", node(attempt.reason)), ("evidence", node(attempt.evidence)),
        ])
    }

    private static func node(_ pseudonym: Finding.Pseudonym) -> JSONNode {
        switch pseudonym {
        case .none: .null
        case .masked: .object([("masked", .boolean(true))])
        case .shown(let pid): .object([("masked", .boolean(false)), ("pid", .string(pid))])
        }
    }

    private static func node(_ diagnostic: Diagnostic) -> JSONNode {
        var members: [(String, JSONNode)] = [
            ("code", .string(diagnostic.code)),
            ("severity", .string(diagnostic.severity.rawValue)),
            ("place", .string(diagnostic.place.rendered(in: .english))),
        ]
        if case .entry(_, let index, let byteOffset) = diagnostic.place {
            members += [("entry_index", node(index)), ("byte_offset", node(byteOffset))]
        }
        return .object(
            members + [
                ("message", node(diagnostic.message)), ("remedy", node(diagnostic.remedy)),
            ])
    }

    private static func node(_ text: LocalizedText) -> JSONNode {
        .object([("fr", .string(text.french)), ("en", .string(text.english))])
    }

    private static func node(_ text: String?) -> JSONNode { text.map { .string($0) } ?? .null }

    private static func node(_ number: UInt64?) -> JSONNode {
        number.map { .integer(Int64(clamping: $0)) } ?? .null
    }
}

extension Int64 {
    fileprivate var utc: String { ShownInstant(self).utc }
}
