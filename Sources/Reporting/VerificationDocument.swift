// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
public import TransparencyLog

/// A verification as a program reads it.
public struct VerificationDocument: Sendable {
    private let report: VerificationReport
    private let log: String
    private let exitCode: Int32

    /// Makes the document of a verification.
    public init(_ report: VerificationReport, log: String, exitCode: Int32) {
        self.report = report
        self.log = log
        self.exitCode = exitCode
    }

    /// The JSON text.
    public var json: String {
        var members: [(String, JSONNode)] = [
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(exitCode))),
            ("complete", .boolean(report.isComplete)), ("intact", .boolean(report.isIntact)),
            ("log", .string(log)),
            ("entries", Self.number(report.entryCount)),
            ("not_covered", Self.number(report.uncoveredEntryCount)),
        ]
        if let head = report.head { members.append(("head", Self.node(head))) }
        if let good = report.lastGoodHead { members.append(("last_good_head", Self.node(good))) }
        if let witnesses = report.witnesses {
            members.append(("witnesses", WitnessLines(report: witnesses).node))
        }
        if let anchors = report.anchors {
            members.append(("anchors", AnchorLines(report: anchors).node))
        }
        if let first = report.firstBadIndex {
            members.append(("first_bad_index", Self.number(first)))
        }
        members.append(("violation_count", .integer(Int64(report.violationCount))))
        members.append(("violations", .array(report.violations.map(Self.node))))
        members.append(("findings", .array(report.findings.map(Self.node))))
        members.append(("source_findings", .array(report.sourceFindings.map(Self.node))))
        return JSONNode.object(members).rendered()
    }

    private static func number(_ value: UInt64) -> JSONNode { .integer(Int64(clamping: value)) }

    private static func node(_ head: Checkpoint) -> JSONNode {
        .object([
            ("origin", .string(head.origin)), ("size", number(head.treeSize)),
            ("root", .string(head.rootHash.hex)),
        ])
    }

    private static func node(_ violation: IntegrityViolation) -> JSONNode {
        var members: [(String, JSONNode)] = [("code", .string(violation.code.rawValue))]
        if let index = violation.index { members.append(("index", number(index))) }
        if let path = violation.path { members.append(("file", .string(path.text))) }
        if let offset = violation.byteOffset { members.append(("byte_offset", number(offset))) }
        members.append(("message_fr", .string(violation.diagnostic.message.french)))
        members.append(("message_en", .string(violation.diagnostic.message.english)))
        return .object(members)
    }

    private static func node(_ finding: LogFinding) -> JSONNode {
        .object([
            ("code", .string(finding.kind.rawValue)), ("index", number(finding.index)),
            ("first", number(finding.entries.lowerBound)),
            ("end", number(finding.entries.upperBound)),
            ("message_fr", .string(finding.diagnostic.message.french)),
            ("message_en", .string(finding.diagnostic.message.english)),
        ])
    }

    private static func node(_ finding: SourceFinding) -> JSONNode {
        .object([
            ("kind", .string(finding.kind.rawValue)), ("source", .string(finding.source)),
            ("first", number(finding.numbers.lowerBound)),
            ("last", number(finding.numbers.upperBound)), ("index", number(finding.index)),
        ])
    }
}
