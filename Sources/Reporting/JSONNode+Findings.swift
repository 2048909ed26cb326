// SPDX-License-Identifier: Apache-2.0

public import Auditing
import Cryptography
import Diagnostics

extension JSONNode {
    /// A finding, in the form of `docs/report-format.md`.
    init(_ finding: Finding) {
        self = .object([
            ("id", .string(finding.id)), ("fingerprint", .string(finding.fingerprint.hex)),
            ("rule", .string(finding.rule)), ("severity", .string(finding.severity.rawValue)),
            ("kind", .string(finding.kind.rawValue)), ("title", JSONNode(finding.title)),
            ("basis", .string(finding.basis)),
            ("provenance", .string(finding.provenance.rawValue)),
            ("entry_index", JSONNode(finding.entry.index)),
            ("byte_offset", JSONNode(finding.entry.byteOffset)),
            ("leaf_hash", .string(finding.entry.leafHash.hex)),
            ("event_type", .string(finding.eventType)),
            ("occurred_at", .string(ShownInstant(finding.occurredAt).utc)),
            ("region", JSONNode(finding.region)), ("actor", JSONNode(finding.actor)),
            ("subject", JSONNode(finding.subject)),
            ("policies", .array(finding.policies.map { .string($0) })),
            ("policy_version", JSONNode(finding.policyVersion?.hex)),
            ("values", JSONNode(finding.values)),
            ("recorded_decision", JSONNode(finding.recordedDecision?.rawValue)),
            ("replayed_decision", JSONNode(finding.replayedDecision?.rawValue)),
            ("explanation", JSONNode(finding.explanation)),
            ("templates", JSONNode(finding.templates)),
            ("evidence", .array(finding.evidence.map { JSONNode($0) })),
            ("witnesses", JSONNode(finding.witnesses)),
            ("searched", JSONNode(searched: finding.searched)),
            ("known_at_the_time", .boolean(finding.knownAtTheTime)),
            ("waiver", JSONNode(finding.waiver)),
        ])
    }

    /// What deciding conditions saw.
    init(_ values: [Finding.DecidingValue]) {
        self = .array(
            values.map {
                .object([("source", .string($0.source)), ("value", .string($0.value))])
            })
    }

    /// What was tried to explain an access.
    init(_ attempts: [Finding.TemplateAttempt]) {
        self = .array(
            attempts.map { attempt in
                .object([
                    ("template", .string(attempt.template)), ("holds", .boolean(attempt.holds)),
                    ("reason", JSONNode(attempt.reason)),
                    ("evidence", JSONNode(attempt.evidence)),
                ])
            })
    }

    /// A person, or that the person is withheld.
    init(_ pseudonym: Finding.Pseudonym) {
        switch pseudonym {
        case .none: self = .null
        case .masked: self = .object([("masked", .boolean(true))])
        case .shown(let pid):
            self = .object([("masked", .boolean(false)), ("pid", .string(pid))])
        }
    }

    /// The waiver that covers a finding, if one does.
    init(_ waiver: Finding.CoveringWaiver?) {
        guard let waiver else {
            self = .null
            return
        }
        self = .object([
            ("id", .string(waiver.id)), ("entry_index", JSONNode(waiver.index)),
        ])
    }

    /// A waiver, and how many findings it covers.
    public init(_ waiver: Waiver) {
        self = .object([
            ("id", .string(waiver.id)), ("entry_index", JSONNode(waiver.entry.index)),
            ("rule", .string(waiver.rule)),
            ("scope", .array(waiver.scope.items.map { .string($0) })),
            ("reason_code", .string(waiver.reason)), ("owner", .string(waiver.owner)),
            ("approver", .string(waiver.approver)),
            ("granted_at", .string(ShownInstant(waiver.grantedAt).utc)),
            ("valid_from", .string(ShownInstant(waiver.validFrom).utc)),
            ("valid_until", .string(ShownInstant(waiver.validUntil).utc)),
            ("revoked_at", JSONNode(waiver.revokedAt.map { ShownInstant($0).utc })),
            ("closed", .boolean(waiver.isClosed)),
            ("covered", .integer(Int64(waiver.coveredCount))),
            ("faults", .array(waiver.faults.map { .string($0.rawValue) })),
        ])
    }

    /// A diagnostic, with its texts in both languages.
    init(_ diagnostic: Diagnostic) {
        var members: [(String, JSONNode)] = [
            ("code", .string(diagnostic.code)),
            ("severity", .string(diagnostic.severity.rawValue)),
            ("place", .string(diagnostic.place.rendered(in: .english))),
        ]
        if case .entry(_, let index, let byteOffset) = diagnostic.place {
            members += [
                ("entry_index", JSONNode(index)), ("byte_offset", JSONNode(byteOffset)),
            ]
        }
        members += [
            ("message", JSONNode(diagnostic.message)), ("remedy", JSONNode(diagnostic.remedy)),
        ]
        self = .object(members)
    }

    /// A text in both languages.
    init(_ text: LocalizedText) {
        self = .object([("fr", .string(text.french)), ("en", .string(text.english))])
    }

    /// A text, or null.
    init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    /// A whole number, or null.
    init(_ number: UInt64?) { self = number.map { .integer(Int64(clamping: $0)) } ?? .null }
}
