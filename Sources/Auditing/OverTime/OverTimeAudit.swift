// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Diagnostics
import Dispatch
import Synchronization
import Temporal
import TemporalRules
import TransparencyLog

/// Judges a log by the rules over time, from its start or from where an earlier audit left it.
struct OverTimeAudit {
    let setting: AuditSetting
    let rules: OverTimeRules
    let log: VerifiedLog
    /// What a purge took of the history; nil if nothing was purged.
    private let purged: PurgedHistory?

    init(setting: AuditSetting, rules: OverTimeRules, log: VerifiedLog) {
        (self.setting, self.rules, self.log) = (setting, rules, log)
        purged = setting.past.map { PurgedHistory($0, rules) }
    }

    /// What was found.
    struct Outcome {
        var findings: [Finding] = []
        var open: [OpenMatter] = []
        var rules: [AuditResult.RuleUse] = []
    }

    /// The second before which everything can be judged for good, after some runs.
    func settled(after parts: [RuleEvents]) -> Int64 {
        rules.floor(parts.map(\.recordedMax).max() ?? .min)
    }

    /// Goes on from a state, or from nothing.
    ///
    /// - Returns: Nil if the state is of other rules, or does not read.
    func replay(from state: RuleState) -> RuleReplay? {
        guard !state.monitor.isEmpty else { return fresh() }
        guard
            let monitor = try? RuleMonitor(
                rules.program, state: state.monitor, head: RuleState.head),
            let formulas = FormulaRun(rules, from: state.formulas)
        else { return nil }
        return RuleReplay(rules, monitor: monitor, formulas: formulas)
    }

    /// Begins at the start of the log, or of what a purge left of it.
    func fresh() -> RuleReplay {
        var replay = RuleReplay(rules)
        if let purged { replay.prepare(for: purged) }
        return replay
    }

    /// Judges for good what later entries cannot change.
    ///
    /// The monitor's own state is left to be saved by the caller.
    ///
    /// - Parameters:
    ///   - state: What was judged before, and is judged after.
    ///   - replay: The monitor in that state.
    ///   - parts: The events of all whole runs.
    ///   - end: The second before which to judge.
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    func settle(
        _ state: inout RuleState, _ replay: inout RuleReplay, _ parts: [RuleEvents],
        before end: Int64
    ) throws {
        let known = Set(state.gaps)
        replay.note(parts) { stands($0) && !known.contains($0) }
        let verdicts = try replay.consume(parts, from: state.settledBefore, before: end)
        let outcome = try outcome(of: verdicts)
        state.findings += outcome.findings
        state.unknown += outcome.open
        state.gaps = parts.flatMap(\.gaps).map(\.index).filter(stands)
        state.settledBefore = max(state.settledBefore, end)
    }

    /// Whether something is still missing before an entry.
    func stands(_ index: UInt64) -> Bool { setting.sourceFindings[index]?.kind == .gap }

    /// Judges what is not judged for good yet, as if the log ended here.
    ///
    /// Nothing else is left to do then, so the rules are shared among the workers; not where formulas
    /// are among them.
    func conclude(
        _ state: RuleState, _ replay: consuming RuleReplay, _ parts: [RuleEvents], workers: Int
    ) throws -> Outcome {
        let known = Set(state.gaps)
        replay.note(parts) { stands($0) && !known.contains($0) }
        var ending = RuleReplay.Ending()
        let places = RuleReplay.order(parts, rules, from: state.settledBefore)
        if workers < 2 || !rules.formulas.isEmpty {
            try ending.take(&replay, nil, parts, places)
        } else {
            let shares = replay.monitor.divided(into: workers)
            let found = Mutex<[Result<RuleReplay.Ending, any Error>]>([])
            DispatchQueue.concurrentPerform(iterations: shares.count) { place in
                let result = Result {
                    var part = RuleReplay.Ending()
                    var replay = RuleReplay(rules, monitor: shares[place].monitor)
                    try part.take(&replay, shares[place].rules, parts, places)
                    return part
                }
                found.withLock { $0.append(result) }
            }
            for part in found.withLock({ $0 }) { ending.merge(try part.get()) }
        }
        let statistics = rules.program.rules.indices.compactMap { ending.statistics[$0] }
        var outcome = try outcome(of: ending.due + ending.pending.filter(isTold))
        outcome.findings += state.findings
        outcome.open += state.unknown
        outcome.findings += try deadRules(statistics, at: ending.now)
        outcome.open.sort()
        outcome.rules = uses(replay, statistics)
        outcome.findings += try failures(replay.formulas)
        outcome.open += try purgedMatters()
        return outcome
    }

    /// What each rule did, and what its state holds.
    private func uses(
        _ replay: RuleReplay, _ statistics: [RuleStatistics]
    ) -> [AuditResult.RuleUse] {
        rules.sheets.enumerated().map { place, sheet in
            if place < statistics.count {
                return AuditResult.RuleUse(sheet.rule.id, statistics[place])
            }
            var use = AuditResult.RuleUse(policy: sheet.rule.id)
            use.evaluated = replay.formulas.evaluated
            use.violated = replay.formulas.violated[place] ?? 0
            use.heldCount = replay.formulas.heldCount(place)
            return use
        }
    }

    /// The formulas that could not be evaluated to the end: a rule that fails is never a pass.
    private func failures(_ run: FormulaRun) throws -> [Finding] {
        let entries = try entries(Set(run.failures.map(\.index)))
        return run.failures.compactMap { failure in
            guard let entry = entries[failure.index] else { return nil }
            let sheet = rules.sheets[failure.rule]
            var finding = entry.renamed(Judgement.rule(of: sheet.rule.id))
            finding.apply(OverTimeRules.rule(of: sheet))
            finding.kind = .notEvaluated
            finding.policies = [sheet.rule.id]
            let message = failure.error.diagnostic.message
            finding.explanation = LocalizedText(
                fr: "La règle n’a pas pu être évaluée à partir de cette entrée\u{202F}: "
                    + "\(message.french).",
                en: "The rule could not be evaluated from this entry on: \(message.english).")
            return finding
        }
    }

    /// Whether an open deadline is worth telling: what must recur is always open, and is told of
    /// once its early warning has come.
    private func isTold(_ verdict: RuleVerdict) -> Bool {
        guard rules.sheets[verdict.rule].rule.pattern.recurs else { return true }
        if case .pending(_, let warns) = verdict.outcome { return warns }
        return true
    }

    // MARK: Findings

    private func outcome(of verdicts: [RuleVerdict]) throws -> Outcome {
        let verdicts = verdicts.compactMap { verdict -> RuleVerdict? in
            guard let purged else { return verdict }
            if purged.isOld(verdict) { return nil }
            // How far a formula looks back is not known here.
            var verdict = verdict
            if verdict.rule >= rules.program.rules.count, verdict.outcome == .violated {
                verdict.outcome = .unknown
            }
            return verdict
        }
        var outcome = Outcome()
        var wanted = Set(verdicts.map(\.index))
        for verdict in verdicts where verdict.outcome == .violated {
            wanted.formUnion(named(verdict))
        }
        let entries = try entries(wanted)
        for verdict in verdicts {
            guard let entry = entries[verdict.index] else { continue }
            let sheet = rules.sheets[verdict.rule]
            switch verdict.outcome {
            case .violated: outcome.findings.append(finding(verdict, sheet, entry, entries))
            case .unknown: outcome.open.append(matter(sheet, .unknown, entry))
            case .pending(let until, let warns):
                outcome.open.append(
                    matter(sheet, .pending(until: until * 1_000, warns: warns), entry))
            }
        }
        return outcome
    }

    /// The rules that what was purged might have convicted: each is told once, at the last purge.
    private func purgedMatters() throws -> [OpenMatter] {
        guard let purged, let index = setting.past?.lastPurge else { return [] }
        guard let entry = try entries([index])[index] else { return [] }
        return purged.doubtfulRules(of: rules).map { matter(rules.sheets[$0], .unknown, entry) }
    }

    /// The witnesses that a finding names: the first, which began it, and the latest.
    private func named(_ verdict: RuleVerdict) -> [UInt64] {
        let limit = 20
        guard verdict.witnesses.count > limit else { return verdict.witnesses }
        return verdict.witnesses.prefix(1) + verdict.witnesses.suffix(limit - 1)
    }

    private func matter(
        _ sheet: RuleSheet, _ state: OpenMatter.State, _ entry: Finding
    ) -> OpenMatter {
        OpenMatter(
            sheet, state: state, entry: entry.entry, eventType: entry.eventType,
            occurredAt: entry.occurredAt)
    }

    private func finding(
        _ verdict: RuleVerdict, _ sheet: RuleSheet, _ entry: Finding,
        _ entries: [UInt64: Finding]
    ) -> Finding {
        var finding = entry.renamed(Judgement.rule(of: sheet.rule.id))
        finding.kind = .overTime
        finding.apply(OverTimeRules.rule(of: sheet))
        finding.policies = [sheet.rule.id]
        finding.explanation = RuleWords(sheet: sheet, verdict: verdict).text
        finding.evidence = verdict.witnesses.filter { $0 != verdict.index }
        finding.witnesses = named(verdict).compactMap { entries[$0]?.entry }
        finding.searched = verdict.searched.map { $0.lowerBound * 1_000...$0.upperBound * 1_000 }
        return finding
    }

    /// The entries of some indices, each as a finding that says nothing yet.
    private func entries(_ wanted: Set<UInt64>) throws -> [UInt64: Finding] {
        let judge = EntryJudge(setting)
        var found: [UInt64: Finding] = [:]
        let width: UInt64 = 256
        var bundles: [UInt64: [UInt64]] = [:]
        for index in wanted { bundles[index / width, default: []].append(index) }
        for indices in bundles.values {
            guard let first = indices.min(), let last = indices.max() else { continue }
            try log.replay(first..<(last + 1)) { entry in
                guard wanted.contains(entry.index) else { return }
                found[entry.index] = judge.engineFinding("", entry, judge.reader.type(of: entry))
            }
        }
        return found
    }

    // MARK: Dead rules

    /// The rules that had nothing to judge for so long that nobody knows whether they still would
    /// (X05): at the entries that they judged last, or at that which put the policies in force.
    private func deadRules(
        _ statistics: [RuleStatistics], at now: Int64
    ) throws -> [Finding] {
        guard let said = setting.rule("X05", nil) else { return [] }
        let activation = setting.registry.policies.last(where: \.isActivation)
        var dead: [UInt64: [String]] = [:]
        for (sheet, statistics) in zip(rules.sheets, statistics) {
            if case .never = sheet.rule.pattern { continue }
            if let last = statistics.lastEvaluated, let index = statistics.lastIndex {
                if now - last > rules.idleMax { dead[index, default: []].append(sheet.rule.id) }
            } else if let moment = activation?.moment, now - moment.time / 1_000 > rules.idleMax {
                dead[moment.index, default: []].append(sheet.rule.id)
            }
        }
        let entries = try entries(Set(dead.keys))
        return dead.compactMap { index, names in
            guard let entry = entries[index] else { return nil }
            var finding = entry.renamed("X05")
            finding.kind = .overTime
            // It is about the rule: whoever was judged last by it has nothing to do with that.
            (finding.actor, finding.subject, finding.region) = (.none, .none, nil)
            finding.apply(said)
            let list = names.joined(separator: ", ")
            let days = rules.idleMax / 86_400
            finding.explanation = LocalizedText(
                fr: "Rien à juger depuis plus de \(days) jours\u{202F}: \(list).",
                en: "Nothing to judge for more than \(days) days: \(list).")
            finding.witnesses = [entry.entry]
            return finding
        }
    }
}

extension Finding {
    /// The same entry, as a finding of a rule.
    fileprivate func renamed(_ rule: String) -> Finding {
        var finding = Finding(
            rule: rule, severity: severity, kind: kind, entry: entry, eventType: eventType)
        finding.occurredAt = occurredAt
        finding.region = region
        finding.actor = actor
        finding.subject = subject
        finding.policyVersion = policyVersion
        finding.recordedDecision = recordedDecision
        return finding
    }
}

extension AuditResult.RuleUse {
    fileprivate init(_ policy: String, _ statistics: RuleStatistics) {
        self.init(policy: policy)
        (evaluated, satisfied) = (statistics.evaluated, statistics.satisfied)
        (violated, unknown) = (statistics.violated, statistics.unknown)
        (pending, keyCount) = (statistics.pending, statistics.keyCount)
        (heldCount, byteCount) = (statistics.heldCount, statistics.byteCount)
    }
}
