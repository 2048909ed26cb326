// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cedar
import TransparencyLog

/// What a saved run of the audit says, as far as the officer's report renders it.
public struct RunRecord: Sendable {
    /// One finding.
    struct Finding: Sendable {
        var rule: String
        var severity: String
        var titles: (french: String, english: String)
        var time: Int64
        var index: UInt64
        /// The pseudonym; nil where it is masked or there is none.
        var actor: String?
        var isCovered: Bool
    }

    /// One waiver, with what it covers; not who owns it.
    struct Waiver: Sendable {
        var rule: String
        var index: UInt64
        var start: Int64
        var end: Int64
        var isRevoked: Bool
        var coveredCount: UInt64
    }

    let origin: String
    /// How many entries the run judged.
    public let treeSize: UInt64
    /// The root hash over these, in hexadecimal digits.
    public let rootHash: String
    let isIntact: Bool
    let isComplete: Bool
    /// What verification says against the log.
    let violationCount: Int
    let first: Int64?
    let last: Int64?
    let policyVersion: String
    let findings: [Finding]
    let waivers: [Waiver]
    /// How often the findings of each rule were confirmed, for rules that were reviewed.
    let precisions: [RulePrecision]

    /// The greatest size of a saved run, in bytes.
    public static let byteCountMax = 1 << 26

    /// Reads what `vigie audit --format json` wrote; nil if the text is something else.
    public init?(parsing text: String) {
        guard text.utf8.count <= Self.byteCountMax,
            let json = try? JSONValue(parsing: text, file: "run"),
            case .int(1) = json["schema_version"], case .array(let items) = json["findings"],
            case .array(let waivers) = json["waivers"], let log = json["log"],
            let integrity = json["integrity"], case .bool(let isIntact) = integrity["intact"],
            case .bool(let isComplete) = json["complete"]
        else { return nil }
        var findings: [Finding] = []
        for item in items {
            guard let finding = Finding(item) else { return nil }
            findings.append(finding)
        }
        self.findings = findings
        self.isIntact = isIntact
        self.isComplete = isComplete
        self.waivers = waivers.compactMap { Waiver($0) }
        guard self.waivers.count == waivers.count else { return nil }
        // Runs of before it was told of have none.
        var precisions: [RulePrecision] = []
        if case .array(let items) = json["precision"] {
            for item in items {
                guard let precision = RulePrecision(item) else { return nil }
                precisions.append(precision)
            }
        }
        self.precisions = precisions
        violationCount = Int(clamping: Self.number(integrity["violation_count"]) ?? 0)
        origin = Self.string(log["origin"]) ?? "?"
        rootHash = Self.string(log["root_hash"]) ?? "–"
        treeSize = Self.number(log["tree_size"]) ?? 0
        first = Self.string(log["first_occurred_at"]).flatMap { Timestamp.parse($0) }
        last = Self.string(log["last_occurred_at"]).flatMap { Timestamp.parse($0) }
        guard case .array(let versions) = json["policies"]?["versions"] else { return nil }
        policyVersion = versions.last.flatMap { Self.string($0["hash"]) } ?? "–"
    }

    fileprivate static func string(_ value: JSONValue?) -> String? {
        guard case .string(let text) = value else { return nil }
        return text
    }

    fileprivate static func number(_ value: JSONValue?) -> UInt64? {
        guard case .int(let number) = value, number >= 0 else { return nil }
        return UInt64(number)
    }
}

extension RunRecord.Finding {
    fileprivate init?(_ json: JSONValue) {
        guard let rule = RunRecord.string(json["rule"]),
            let severity = RunRecord.string(json["severity"]),
            let french = RunRecord.string(json["title"]?["fr"]),
            let english = RunRecord.string(json["title"]?["en"]),
            let time = RunRecord.string(json["occurred_at"]).flatMap({ Timestamp.parse($0) }),
            let index = RunRecord.number(json["entry_index"])
        else { return nil }
        self.init(
            rule: rule, severity: severity, titles: (french, english), time: time, index: index,
            actor: RunRecord.string(json["actor"]?["pid"]), isCovered: json["waiver"]?["id"] != nil)
    }
}

extension RunRecord.Waiver {
    fileprivate init?(_ json: JSONValue) {
        guard let rule = RunRecord.string(json["rule"]),
            let index = RunRecord.number(json["entry_index"]),
            let start = RunRecord.string(json["valid_from"]).flatMap({ Timestamp.parse($0) }),
            let end = RunRecord.string(json["valid_until"]).flatMap({ Timestamp.parse($0) }),
            let covered = RunRecord.number(json["covered"])
        else { return nil }
        self.init(
            rule: rule, index: index, start: start, end: end,
            isRevoked: RunRecord.string(json["revoked_at"]) != nil, coveredCount: covered)
    }
}

extension RulePrecision {
    fileprivate init?(_ json: JSONValue) {
        guard let rule = RunRecord.string(json["rule"]),
            let confirmed = RunRecord.number(json["confirmed"]),
            let reviewed = RunRecord.number(json["reviewed"]),
            let all = RunRecord.number(json["findings"]), confirmed <= reviewed, reviewed <= all
        else { return nil }
        self.init(
            rule: rule, confirmed: Int(clamping: confirmed), reviewed: Int(clamping: reviewed),
            all: Int(clamping: all))
    }
}
