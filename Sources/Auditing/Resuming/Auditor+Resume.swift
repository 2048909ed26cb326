// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import Cryptography
import Synchronization
public import TransparencyLog

extension LogUnderAudit {
    /// Verifies a log from where an earlier audit left it, and folds its state.
    ///
    /// - Parameters:
    ///   - source: The log's bytes.
    ///   - verifier: The keys that are trusted, and what else is asked for.
    ///   - snapshot: What the earlier audit left; nil to read everything.
    ///   - workers: The number of threads that work at once.
    ///   - progress: Called from these threads with the entries judged and to be judged.
    /// - Returns: What was found, and, if the log is intact, the log and where to go on next time.
    /// - Throws: ``TransparencyLog/OutdatedPrefix`` if entries that the earlier audit read were purged
    ///   since: what is known of them, no other audit would find.
    public static func resume(
        _ source: some LogSource, by verifier: LogVerifier, from snapshot: AuditSnapshot?,
        workers: Int = 1,
        progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)? = nil
    ) throws(OutdatedPrefix) -> (
        report: VerificationReport, log: LogUnderAudit?, point: ResumePoint?
    ) {
        let (verification, prefix, states) = try verifier.resume(
            source, from: snapshot?.prefix, workers: workers, progress: progress,
            initial: { SplitBuilder(wholeSize: $0) }, fold: { $0.record($1) })
        guard let entries = verification.log, let prefix, var split = states.first else {
            return (verification.report, nil, nil)
        }
        for other in states.dropFirst() { split.merge(other) }
        // Nothing reaches back to before the first entry.
        var changes = RegistryBuilder()
        var stable = split.whole
        if let snapshot {
            changes = split.whole
            changes.merge(split.rest)
            stable = snapshot.registry
            stable.merge(split.whole)
        }
        split.whole = RegistryBuilder()
        var all = stable
        all.merge(split.rest)
        let log = LogUnderAudit(
            entries: entries, registry: all.build(),
            sourceFindings: verification.report.sourceFindings)
        let point = ResumePoint(prefix: prefix, registry: stable, reach: changes.reach)
        return (verification.report, log, point)
    }
}

/// The state that some entries tell, those of whole bundles apart from those after them.
private struct SplitBuilder: Sendable {
    let wholeSize: UInt64
    var whole = RegistryBuilder()
    var rest = RegistryBuilder()

    init(wholeSize: UInt64) { self.wholeSize = wholeSize }

    mutating func record(_ entry: borrowing EntryView) {
        if entry.index < wholeSize { whole.record(entry) } else { rest.record(entry) }
    }

    mutating func merge(_ other: SplitBuilder) {
        whole.merge(other.whole)
        rest.merge(other.rest)
    }
}

extension Auditor {
    /// The length of the runs that a saved state keeps apart: what a late event touches is judged
    /// again run by run.
    private static let runLength: UInt64 = 16_384

    /// What the auditor judges by: a state that was left under another setting is of no use.
    public var settingDigest: SHA256Digest {
        let versions = folders.map(\.version.hex).sorted() + [reference?.version.hex ?? "-"]
        let text = "vigie audit setting 1 \(versions.joined(separator: " "))"
        return SHA256Hasher().hash(Array(text.utf8))
    }

    /// Whether this auditor can go on from a state.
    public func canResume(_ snapshot: AuditSnapshot) -> Bool {
        snapshot.setting == settingDigest && !folders.contains(where: \.needsWholeLog)
    }

    /// Audits a log from where an earlier audit left it.
    ///
    /// Entries are judged by the state of their own moment, so what the earlier audit found stands,
    /// but for the runs of entries that later entries reach back to: these are judged again. The
    /// findings are those of an audit that reads everything.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - point: What its verification left.
    ///   - snapshot: What the earlier audit left; nil if everything is to be judged.
    ///   - workers: How many threads may work at once.
    /// - Returns: What was found, and the state to leave for the next audit.
    /// - Throws: ``TransparencyLog/ReplayError`` if the log changed after it was verified.
    public func audit(
        _ log: LogUnderAudit, at point: ResumePoint, from snapshot: AuditSnapshot?,
        workers: Int = 1
    ) throws -> (result: AuditResult, snapshot: AuditSnapshot) {
        let setting = try setting(log)
        let reach = Reach(point.reach, setting)
        let known = setting.overTime.flatMap { rules in
            snapshot.flatMap { snapshot in
                RunningHistory(
                    setting, rules, log.entries, from: snapshot, reaching: reach.earliest)
            }
        }
        // Where the rules over time must begin again, so must everything: they read what is judged.
        let kept = setting.overTime == nil || known != nil ? snapshot?.parts ?? [] : []
        let pool = JudgePool(
            setting, log.entries, workers: workers,
            history: known ?? setting.overTime.map { RunningHistory(setting, $0, log.entries) })
        var parts = try judgedAgain(kept, reach, pool)
        let start = parts.last?.range.upperBound ?? 0
        let whole = point.prefix.treeSize
        let runs = Self.runs(start..<whole, length: Self.runLength)
        try pool.judgeInRounds(runs) { parts.append($0) }
        let end = log.entries.treeSize
        let rest = try pool.judge(whole < end ? [whole..<end] : [])
        var merge = AuditMerge(setting)
        for part in parts + rest { merge.add(part) }
        var left = RuleState()
        try pool.history.withLock { history in
            try history?.settle()
            guard let history else { return }
            left = history.left
            merge.add(try history.conclude(with: rest.map(\.ruleEvents), workers: workers))
            for (place, events) in history.runs.enumerated() { parts[place].ruleEvents = events }
        }
        let result = merge.result(head: log.entries.rootHash, treeSize: end)
        let snapshot = AuditSnapshot(
            prefix: point.prefix, registry: point.registry, parts: parts, setting: settingDigest,
            ruleState: left)
        return (result, snapshot)
    }

    /// What an earlier audit found, with the runs that later entries touch judged again.
    private func judgedAgain(
        _ parts: [AuditPart], _ reach: Reach, _ pool: JudgePool
    ) throws -> [AuditPart] {
        let judged = try pool.judge(parts.filter(reach.touches).map(\.range))
        let fresh = Dictionary(uniqueKeysWithValues: judged.map { ($0.range.lowerBound, $0) })
        var parts = parts.map { fresh[$0.range.lowerBound] ?? $0 }
        pool.history.withLock { $0?.add(parts.map(\.ruleEvents)) }
        // Held once, by the history, which lets go of what it has judged.
        for place in parts.indices { parts[place].ruleEvents = RuleEvents() }
        return parts
    }
}

/// Which runs of entries the entries after them reach back to.
private struct Reach {
    let changes: ChangeReach
    let setting: AuditSetting
    /// How long before an appointment an access may be that it explains, in milliseconds.
    let appointmentReach: Int64

    init(_ changes: ChangeReach, _ setting: AuditSetting) {
        self.changes = changes
        self.setting = setting
        let folders =
            setting.judges.values.map(\.folder)
            + [setting.reference?.folder]
            .compactMap { $0 }
        let days = folders.map(\.delays.appointmentDays).max() ?? 0
        appointmentReach = Int64(min(max(days, 0), 36_500)) * 86_400_000
    }

    /// The earliest instant that the changes reach back to.
    var earliest: Int64 {
        guard changes.earliestAppointment != .max else { return changes.earliest }
        let (start, overflows) = changes.earliestAppointment
            .subtractingReportingOverflow(appointmentReach)
        return min(changes.earliest, overflows ? .min : start)
    }

    func touches(_ part: AuditPart) -> Bool {
        if part.latest > changes.earliest { return true }
        let (start, overflows) = changes.earliestAppointment
            .subtractingReportingOverflow(appointmentReach)
        if changes.earliestAppointment != .max, overflows || part.latest >= start { return true }
        // An explanation tells the nearest appointment, however far it is.
        let tellsOfOne = part.findings.contains { finding in
            guard !finding.templates.isEmpty, case .shown(let person) = finding.subject else {
                return false
            }
            return changes.personsWithAppointments.contains(Array(person.utf8))
        }
        if tellsOfOne { return true }
        let jumps = Set(part.jumps.map(\.entry.index))
        return setting.sourceFindings.keys.contains {
            part.range.contains($0) && !jumps.contains($0)
        }
    }
}
