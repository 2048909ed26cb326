// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Snapshots
import TransparencyLog

/// What was found in one run of entries, before runs are put together.
struct AuditPart: Sendable {
    /// The entries.
    var range: Range<UInt64>
    /// What was found, in the order of the log, with actors.
    var findings: [Finding] = []
    var counts = AuditResult.Counts()
    /// The first and the last `occurred_at`.
    var earliest = Int64.max
    var latest = Int64.min
    /// What nobody can know any more, since what would decide it was purged.
    var doubts: [OpenMatter] = []
    var missing: [SHA256Digest: Finding] = [:]
    var failing: [String: Finding] = [:]
    var jumps: [Finding] = []
    var declaredGaps: [EntryJudge.DeclaredGap] = []
    var waivers = WaiverLedger()
    var reviews: [ReviewEntry] = []
    /// What the rules over time need of the entries, but for what is judged for good.
    var ruleEvents = RuleEvents()

    init(_ range: Range<UInt64>) { self.range = range }
}

extension AuditPart {
    func encode(to writer: inout SnapshotWriter) {
        writer.write(range.lowerBound)
        writer.write(range.upperBound)
        writer.write(each: findings) { $1.encode(to: &$0) }
        for count in [
            counts.entries, counts.accesses, counts.judgedAccesses, counts.notJudgedAccesses,
            counts.governanceActs, counts.explainedAccesses,
        ] { writer.write(count) }
        writer.write(earliest)
        writer.write(latest)
        writer.write(each: doubts) { $1.encode(to: &$0) }
        writer.write(each: missing.sorted { $0.key < $1.key }) { writer, pair in
            writer.write(pair.key)
            pair.value.encode(to: &writer)
        }
        let failing = failing.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        writer.write(each: failing) { writer, pair in
            writer.write(pair.key)
            pair.value.encode(to: &writer)
        }
        writer.write(each: jumps) { $1.encode(to: &$0) }
        writer.write(each: declaredGaps) { writer, gap in
            writer.write(gap.source)
            writer.write(gap.first)
            writer.write(gap.last)
        }
        waivers.encode(to: &writer)
        writer.write(each: reviews) { $1.encode(to: &$0) }
        ruleEvents.encode(to: &writer)
    }

    init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        let (start, end) = (try reader.number(), try reader.number())
        guard start < end else { throw MalformedSnapshot() }
        self.init(start..<end)
        func finding(_ reader: inout SnapshotReader) throws(MalformedSnapshot) -> Finding {
            try Finding(from: &reader)
        }
        findings = try reader.list(finding)
        counts.entries = try reader.number()
        counts.accesses = try reader.number()
        counts.judgedAccesses = try reader.number()
        counts.notJudgedAccesses = try reader.number()
        counts.governanceActs = try reader.number()
        counts.explainedAccesses = try reader.number()
        earliest = try reader.integer()
        latest = try reader.integer()
        doubts = try reader.list { reader throws(MalformedSnapshot) in
            try OpenMatter(from: &reader)
        }
        let missing = try reader.list { reader throws(MalformedSnapshot) in
            let version = try reader.digest()
            return (version, try Finding(from: &reader))
        }
        self.missing = Dictionary(missing) { first, _ in first }
        let failing = try reader.list { reader throws(MalformedSnapshot) in
            let key = try reader.text()
            return (key, try Finding(from: &reader))
        }
        self.failing = Dictionary(failing) { first, _ in first }
        jumps = try reader.list(finding)
        declaredGaps = try reader.list { reader throws(MalformedSnapshot) in
            let source = try reader.text()
            let first = try reader.integer()
            return EntryJudge.DeclaredGap(
                source: source, first: first, last: try reader.integer())
        }
        waivers = try WaiverLedger(from: &reader)
        reviews = try reader.list { reader throws(MalformedSnapshot) in
            try ReviewEntry(from: &reader)
        }
        ruleEvents = try RuleEvents(from: &reader)
    }
}

extension WaiverLedger {
    func encode(to writer: inout SnapshotWriter) {
        writer.write(each: waivers) { writer, waiver in
            writer.write(waiver.id)
            waiver.entry.encode(to: &writer)
            writer.write(waiver.rule)
            writer.write(each: waiver.scope.items) { $0.write($1) }
            writer.write(waiver.reason)
            writer.write(waiver.owner)
            writer.write(waiver.approver)
            writer.write(waiver.grantedAt)
            writer.write(waiver.validFrom)
            writer.write(waiver.validUntil)
        }
        writer.write(each: endings) { writer, ending in
            writer.write(ending.correlates)
            writer.write(ending.time)
            writer.write(ending.isRevocation)
        }
    }

    init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        self.init()
        for _ in 0..<(try reader.count()) {
            let id = try reader.text()
            let entry = try Finding.EntryReference(from: &reader)
            let rule = try reader.text()
            let scope = try reader.list { reader throws(MalformedSnapshot) in
                try reader.text()
            }
            add(
                Waiver(
                    id: id, entry: entry, rule: rule, scope: WaiverScope(scope),
                    reason: try reader.text(), owner: try reader.text(),
                    approver: try reader.text(), grantedAt: try reader.integer(),
                    validFrom: try reader.integer(), validUntil: try reader.integer()))
        }
        for _ in 0..<(try reader.count()) {
            let correlates = try reader.text()
            add(
                Ending(
                    correlates: correlates, time: try reader.integer(),
                    isRevocation: try reader.flag()))
        }
    }
}
