// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Auditing
import Cryptography
import Diagnostics
import TransparencyLog

/// The run as events of the Open Cybersecurity Schema Framework, one a line.
///
/// Alterations of the log are Detection Findings (2004); accesses are Datastore Activities (6005),
/// and what happens to licences is Entity Management (3004), in the order of the log; findings are
/// Compliance Findings (2003). Each event carries the attestation of the `record_integrity`
/// profile: SHA-256 of its canonical form (RFC 8785) without that fingerprint, and the fingerprint
/// of the event before it, so that no line can be altered, moved or dropped unseen.
struct OCSFDocument {
    let report: Report
    let language: Language
    private var number = 0
    private var previous: (uid: String, type: Int64, fingerprint: JSONNode)?

    init(report: Report, language: Language) {
        (self.report, self.language) = (report, language)
    }

    mutating func write(to sink: (String) throws -> Void) throws {
        for violation in report.damage?.violations ?? [] {
            try sink(attested(event(violation)))
        }
        if let entries = report.entries, let result = report.result {
            let events = OCSFActivity(
                origin: report.origin, namesActors: result.namesActors)
            let vocabulary = EventVocabulary()
            var lines: [String] = []
            try entries.replay { entry in
                guard report.period.contains(entry.occurredAt),
                    let type = vocabulary.type(of: entry),
                    let event = events.event(entry, type)
                else { return }
                lines.append(attested(event))
                if lines.count == 256 {
                    try sink(lines.joined())
                    lines = []
                }
            }
            try sink(lines.joined())
        }
        for finding in report.findings { try sink(attested(event(finding))) }
    }

    /// The line of an event, with its attestation.
    private mutating func attested(_ event: OCSFEvent) -> String {
        let chain = report.result?.head.hex ?? report.origin
        let uid = "\(chain):\(number)"
        var attestation: [(String, JSONNode)] = [
            ("authority_uid", .string(report.origin)), ("chain_uid", .string(chain)),
            ("uid", .string(uid)),
        ]
        if let previous {
            attestation.append(
                (
                    "prev_event",
                    .object([
                        ("uid", .string(previous.uid)), ("type_uid", .integer(previous.type)),
                        ("fingerprint", previous.fingerprint),
                    ])
                ))
        }
        func line(_ attestation: [(String, JSONNode)]) -> String {
            let list = JSONNode.array([.object(attestation)])
            return JSONNode.object(event.members(at: number) + [("attestation_list", list)])
                .canonical()
        }
        let digest = SHA256Hasher().hash(Array(line(attestation).utf8))
        let fingerprint = JSONNode.object([
            ("algorithm", .string("SHA-256")), ("algorithm_id", .integer(3)),
            ("encoding", .string("Hex")), ("encoding_id", .integer(1)),
            ("serialization", .string("JCS")), ("serialization_id", .integer(2)),
            ("value", .string(digest.hex)),
        ])
        attestation.append(("fingerprint", fingerprint))
        let text = line(attestation)
        previous = (event.uid, event.typeUID, fingerprint)
        number += 1
        return text + "\n"
    }

    private func event(_ finding: Finding) -> OCSFEvent {
        var event = OCSFEvent(
            classUID: 2003, className: "Compliance Finding", categoryUID: 2,
            categoryName: "Findings", activity: 1, activityName: "Create",
            time: finding.occurredAt, uid: finding.fingerprint.hex, origin: report.origin)
        event.severity = Self.severity(finding.severity)
        event.entry = finding.entry.index
        event.eventCode = finding.rule
        // 1 is New, 3 is Suppressed.
        let (status, statusName) = finding.waiver == nil ? (1, "New") : (3, "Suppressed")
        event.more = [
            ("status_id", .integer(Int64(status))), ("status", .string(statusName)),
            ("message", .string(finding.explanation[language])),
            (
                "finding_info",
                .object([
                    ("uid", .string(finding.fingerprint.hex)),
                    ("title", .string(finding.title[language])),
                    ("desc", .string(finding.explanation[language])),
                    ("types", .array([.string(finding.kind.rawValue)])),
                    ("first_seen_time", .integer(finding.occurredAt)),
                    ("data_sources", .array([.string(report.origin)])),
                ])
            ),
            (
                "compliance",
                .object([
                    ("control", .string(finding.rule)),
                    ("standards", .array([.string(finding.basis)])),
                    (
                        "requirements", .array(finding.policies.map { JSONNode.string($0) })
                    ),
                    ("status_id", .integer(3)), ("status", .string("Fail")),
                ])
            ),
        ]
        event.unmapped = [
            ("id", .string(finding.id)), ("leaf_hash", .string(finding.entry.leafHash.hex)),
            ("event_type", .string(finding.eventType)), ("region", JSONNode(finding.region)),
            ("actor", JSONNode(finding.actor)), ("subject", JSONNode(finding.subject)),
            ("policy_version", JSONNode(finding.policyVersion?.hex)),
            ("recorded_decision", JSONNode(finding.recordedDecision?.rawValue)),
            ("replayed_decision", JSONNode(finding.replayedDecision?.rawValue)),
            ("evidence", .array(finding.evidence.map { JSONNode($0) })),
            ("waiver", JSONNode(finding.waiver?.id)),
        ]
        return event
    }

    private func event(_ violation: Diagnostic) -> OCSFEvent {
        var index: UInt64?
        if case .entry(_, let place, _) = violation.place { index = place }
        let uid = index.map { "\(violation.code)-\($0)" } ?? violation.code
        var event = OCSFEvent(
            classUID: 2004, className: "Detection Finding", categoryUID: 2,
            categoryName: "Findings", activity: 1, activityName: "Create",
            time: report.result?.period?.upperBound ?? 0, uid: uid, origin: report.origin)
        event.severity = (5, "Critical")
        event.entry = index
        event.eventCode = violation.code
        let text = violation.message[language]
        event.more = [
            ("status_id", .integer(1)), ("status", .string("New")), ("message", .string(text)),
            ("risk_level_id", .integer(4)), ("risk_level", .string("Critical")),
            (
                "finding_info",
                .object([
                    ("uid", .string(uid)), ("title", .string(text)),
                    ("desc", .string(violation.rendered(in: language))),
                    ("types", .array([.string("log tampering")])),
                    ("data_sources", .array([.string(report.origin)])),
                ])
            ),
            (
                "remediation", .object([("desc", .string(violation.remedy[language]))])
            ),
        ]
        return event
    }

    private static func severity(_ severity: Finding.Severity) -> (id: Int64, name: String) {
        switch severity {
        case .low: (2, "Low")
        case .medium: (3, "Medium")
        case .high: (4, "High")
        case .critical: (5, "Critical")
        }
    }
}
