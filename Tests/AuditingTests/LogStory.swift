// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Testing
import TransparencyLog

/// A log told event by event, in memory, then verified and audited.
struct LogStory {
    static let day: Int64 = 86_400_000
    static let hour: Int64 = 3_600_000
    static let adviser = "A000000000001"
    static let person = "P000000000001"

    let folder: PolicySetFolder
    var log: MemoryLog
    let key: LogSigningKey
    private var counters: [String: Int] = [:]
    var index: UInt64 { log.treeSize }

    /// A log in which the pilot runs and one adviser may promote one person.
    init(folder: PolicySetFolder, prepared: Bool = true) throws {
        self.folder = folder
        key = try LogSigningKey(
            name: "test.example/log", key: try SigningKey(seed: Array(repeating: 7, count: 32)))
        log = try MemoryLog(key: key, openedAt: Self.time("2026-01-01T08:00:00.000Z"))
        if prepared { try prepare() }
    }

    static func time(_ text: String) -> Int64 { Timestamp.parse(text) ?? 0 }
    /// The moment at which most accesses of the tests occur.
    static let noon = time("2026-02-10T12:00:00.000Z")
    static let start = time("2026-01-05T08:00:00.000Z")

    var version: String { folder.version.hex }

    private mutating func prepare() throws {
        let start = Self.start
        try add(
            "pilot.start", start,
            [
                "decision_ref": "D-1", "valid_from": Self.date(start),
                "valid_until": "2026-07-01T00:00:00.000Z",
                "regions": ["28", "32", "52", "75", "84"],
            ])
        try add("cse.consult", start, ["body": "CSEC", "level": "central"])
        try add("notice.staff", start, ["reference": "N-1"])
        try activate(version, at: start)
        try enrol(Self.adviser, licence: "LIC-1")
        try add("notice.person", start, ["subject": ["pid": Self.person]])
        try add(
            "portfolio.assign", start,
            ["actor": ["pid": Self.adviser], "subject": ["pid": Self.person], "rome": "M1805"])
        try agree("AG-1", at: start, until: "2026-12-01T00:00:00.000Z")
        try add(
            "offer.open", start, ["offer_ref": "OF-1", "employer_ref": "E-1", "rome": "M1805"])
    }

    mutating func activate(_ hash: String, at time: Int64, purposes: [String] = ["P2-OFFRES"])
        throws
    {
        try add(
            "policy.activate", time,
            [
                "version": "1", "author": "A00000000000a", "approver": "A00000000000b",
                "hash": hash, "regions": ["32"], "roles": ["CONS_PRO"], "categories": ["CV"],
                "purposes": purposes,
            ])
    }

    mutating func enrol(_ adviser: String, licence: String, links: [String] = []) throws {
        let start = Self.start
        var fields: [String: Any] = [
            "actor": [
                "pid": adviser, "role": "CONS_PRO", "unit": "U", "region": "32",
                "establishment": "E",
            ]
        ]
        if !links.isEmpty { fields["links"] = links }
        try add("adviser.enrol", start, fields)
        try add(
            "charter.sign", start,
            [
                "actor": ["pid": adviser], "charter_version": "1",
                "valid_until": "2026-06-01T00:00:00.000Z",
            ])
        try add("training.complete", start, ["actor": ["pid": adviser], "module": "M"])
        try add("licence.request", start, ["licence_id": licence, "requester": "A00000000000c"])
        try add("licence.grant", start, ["licence_id": licence, "approver": "A00000000000d"])
        try add(
            "licence.assign", start,
            ["licence_id": licence, "to": adviser, "approver": "A00000000000d"])
        try add("licence.activate", start, ["licence_id": licence])
    }

    mutating func agree(
        _ reference: String, at time: Int64, until: String, scope: [String] = ["M1805"]
    ) throws {
        try add(
            "agreement.give", time,
            [
                "subject": ["pid": Self.person], "agreement_ref": reference, "scope": scope,
                "valid_until": until,
            ])
    }

    /// An access; `changes` replace its fields, and an empty text takes a field away.
    @discardableResult
    mutating func access(
        _ type: String, _ time: Int64 = LogStory.noon, _ changes: [String: Any] = [:]
    ) throws -> UInt64 {
        var fields: [String: Any] = [
            "actor": [
                "pid": Self.adviser, "role": "CONS_PRO", "region": "32", "account_kind": "pro",
            ],
            "purpose": "P3-PROMOTION", "outcome": "done",
            "decision": ["effect": "allow", "policy_version": version],
        ]
        switch type {
        case "profile.view": fields["categories"] = ["CV"]
        case "profile.promote":
            fields["categories"] = ["CV"]
            fields["offer_ref"] = "OF-1"
        case "profile.share", "contact.reveal":
            fields["categories"] = ["CV"]
            fields["offer_ref"] = "OF-1"
            fields["recipient"] = "E-1"
        case "offer.view": fields["offer_ref"] = "OF-1"
        case "profile.search":
            fields["criteria_hash"] = String(repeating: "a", count: 64)
            fields["result_count"] = 3
        case "export.perform":
            fields["count"] = 1
            fields["categories"] = ["CV"]
        default: break
        }
        if type.hasPrefix("profile.") && type != "profile.search" || type == "contact.reveal" {
            fields["subject"] = ["pid": Self.person]
        }
        for (name, value) in changes {
            fields[name] = (value as? String) == "" ? nil : value
        }
        return try add(type, time, fields)
    }

    @discardableResult
    mutating func add(
        _ type: String, _ time: Int64, _ fields: [String: Any], source: String = "s1"
    ) throws -> UInt64 {
        counters[source, default: 0] += 1
        var entry = fields
        entry["type"] = type
        entry["v"] = 1
        entry["id"] = "\(source)-\(counters[source] ?? 0)"
        entry["source"] = source
        entry["source_seq"] = entry["source_seq"] ?? counters[source] ?? 0
        entry["occurred_at"] = Self.date(time)
        let index = log.treeSize
        try log.append(Self.json(entry), recordedAt: max(time, Self.start))
        return index
    }

    static func date(_ time: Int64) -> String { Timestamp.format(time) }

    private static func json(_ value: Any) -> String {
        switch value {
        case let object as [String: Any]:
            let keys = object.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            return "{" + keys.map { "\"\($0)\":" + json(object[$0] ?? "") }.joined(separator: ",")
                + "}"
        case let list as [String]:
            return "[" + list.sorted().map { "\"\($0)\"" }.joined(separator: ",") + "]"
        case let flag as Bool: return flag ? "true" : "false"
        case let number as Int: return String(number)
        default: return "\"\(value)\""
        }
    }

    func verified(workers: Int = 1) throws -> LogUnderAudit {
        var signed = log
        try signed.sign()
        return try #require(
            LogUnderAudit.verify(
                signed, by: LogVerifier(keys: [key.verificationKey]), workers: workers
            ).log)
    }

    func audit(
        _ folders: [PolicySetFolder]? = nil, reference: PolicySetFolder? = nil, workers: Int = 1
    ) throws -> AuditResult {
        let log = try verified(workers: workers)
        return try Auditor(folders: folders ?? [folder], reference: reference ?? folder)
            .audit(log, workers: workers)
    }

    /// The rules found at an entry, and elsewhere.
    func rules(at index: UInt64) throws -> [String] {
        try audit().findings.filter { $0.entry.index == index }.map(\.rule)
    }
}
