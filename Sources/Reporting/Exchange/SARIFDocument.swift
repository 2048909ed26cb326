// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Diagnostics

/// The report as SARIF 2.1.0 (OASIS), for the tools that collect results of analysers.
struct SARIFDocument {
    let report: Report
    let language: Language

    var text: String {
        JSONNode.object([
            ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")),
            ("version", .string("2.1.0")),
            ("runs", .array([run])),
        ]).rendered()
    }

    /// One rule for each that was broken, in order; alterations are the rules of the verifier.
    private var rules: [(id: String, title: String, basis: String, severity: Finding.Severity)] {
        var rules: [String: (String, String, Finding.Severity)] = [:]
        for finding in report.findings {
            let severity = max(finding.severity, rules[finding.rule]?.2 ?? .low)
            rules[finding.rule] = (finding.title[language], finding.basis, severity)
        }
        for violation in report.damage?.violations ?? [] {
            rules[violation.code] = (violation.message[language], "", .critical)
        }
        return rules.map { ($0.key, $0.value.0, $0.value.1, $0.value.2) }.sorted { $0.0 < $1.0 }
    }

    private var run: JSONNode {
        let rules = rules
        let places = Dictionary(
            uniqueKeysWithValues: rules.enumerated().map { ($1.id, $0) })
        let alterations = (report.damage?.violations ?? []).map {
            alteration($0, places[$0.code] ?? 0)
        }
        let results = report.findings.map { result($0, places[$0.rule] ?? 0) }
        let driver = JSONNode.object([
            ("name", .string(Product.name)), ("semanticVersion", .string(Product.version)),
            ("rules", .array(rules.map(rule))),
        ])
        return .object([
            ("tool", .object([("driver", driver)])),
            ("language", .string(language == .french ? "fr" : "en")),
            ("invocations", .array([invocation])),
            ("results", .array(alterations + results)),
            (
                "properties",
                .object([
                    ("origin", .string(VisibleText(report.origin).text)),
                    ("rootHash", JSONNode(report.result?.head.hex)),
                    ("treeSize", JSONNode(report.result?.treeSize)),
                ])
            ),
        ])
    }

    private var invocation: JSONNode {
        .object([
            ("executionSuccessful", .boolean(report.isComplete)),
            ("exitCode", .integer(Int64(report.exitCode))),
            ("exitCodeDescription", .string(report.verdict[language])),
        ])
    }

    private func rule(
        _ rule: (id: String, title: String, basis: String, severity: Finding.Severity)
    ) -> JSONNode {
        let text = { (value: String) in
            JSONNode.object([("text", .string(VisibleText(value).text))])
        }
        return .object([
            ("id", .string(rule.id)),
            ("shortDescription", text(rule.title)),
            ("help", text(rule.basis.isEmpty ? rule.title : rule.basis)),
            ("defaultConfiguration", .object([("level", .string(Self.level(rule.severity)))])),
            (
                "properties",
                .object([("security-severity", .string(Self.score(rule.severity)))])
            ),
        ])
    }

    private func result(_ finding: Finding, _ ruleIndex: Int) -> JSONNode {
        let details = FindingDetails(finding: finding, language: language)
        var members: [(String, JSONNode)] = [
            ("ruleId", .string(finding.rule)), ("ruleIndex", .integer(Int64(ruleIndex))),
            ("level", .string(Self.level(finding.severity))),
            ("message", .object([("text", .string(details.explanation))])),
            ("locations", .array([location(finding.entry)])),
            (
                "partialFingerprints",
                .object([("vigieFinding/v1", .string(finding.fingerprint.hex))])
            ),
            ("guid", .string(Self.guid(finding.fingerprint))),
            ("properties", .object(properties(finding))),
        ]
        if let waiver = finding.waiver {
            let suppression = JSONNode.object([
                ("kind", .string("external")), ("status", .string("accepted")),
                ("justification", .string(VisibleText(waiver.id).text)),
            ])
            members.append(("suppressions", .array([suppression])))
        }
        return .object(members)
    }

    private func properties(_ finding: Finding) -> [(String, JSONNode)] {
        [
            ("id", .string(finding.id)), ("severity", .string(finding.severity.rawValue)),
            ("occurredAt", .string(ShownInstant(finding.occurredAt).utc)),
            ("region", JSONNode(finding.region)), ("kind", .string(finding.kind.rawValue)),
        ]
    }

    private func alteration(_ violation: Diagnostic, _ ruleIndex: Int) -> JSONNode {
        .object([
            ("ruleId", .string(violation.code)), ("ruleIndex", .integer(Int64(ruleIndex))),
            ("level", .string("error")),
            (
                "message",
                .object([("text", .string(VisibleText(violation.rendered(in: language)).text))])
            ),
            ("locations", .array([place(violation.place)])),
        ])
    }

    private func place(_ place: Place) -> JSONNode {
        guard case .entry(_, let index, let byteOffset) = place else { return location(nil) }
        return location(
            Finding.EntryReference(
                index: index, byteOffset: byteOffset, leafHash: SHA256Digest(0, 0, 0, 0)))
    }

    private func location(_ entry: Finding.EntryReference?) -> JSONNode {
        let uri = JSONNode.object([("uri", .string(Self.uri(report.log)))])
        guard let entry else {
            return .object([("physicalLocation", .object([("artifactLocation", uri)]))])
        }
        let region = JSONNode.object([("byteOffset", JSONNode(entry.byteOffset))])
        let name = "\(Label.entry.text[language]) \(entry.index)"
        let logical = JSONNode.object([
            ("name", .string(name)), ("fullyQualifiedName", .string("\(entry.index)")),
            ("kind", .string("element")),
        ])
        return .object([
            ("physicalLocation", .object([("artifactLocation", uri), ("region", region)])),
            ("logicalLocations", .array([logical])),
        ])
    }

    private static func level(_ severity: Finding.Severity) -> String {
        switch severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .low: "note"
        }
    }

    /// The middle of the bands that readers of SARIF know.
    private static func score(_ severity: Finding.Severity) -> String {
        switch severity {
        case .critical: "9.5"
        case .high: "8.0"
        case .medium: "5.5"
        case .low: "2.0"
        }
    }

    /// A path as a relative or absolute URI reference: what is not unreserved is escaped.
    static func uri(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var text = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%"
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
        return text
    }

    /// A digest's first bits as a UUID of version 8 (RFC 9562): the same in every run.
    private static func guid(_ digest: SHA256Digest) -> String {
        var digits = Array(digest.hex.prefix(32))
        digits[12] = "8"
        digits[16] = "8"
        for place in [20, 16, 12, 8] { digits.insert("-", at: place) }
        return String(digits)
    }
}
