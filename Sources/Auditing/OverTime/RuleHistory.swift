// SPDX-License-Identifier: Apache-2.0

import TemporalRules
import TransparencyLog

/// The rules over time across two audits: what the earlier one judged for good, and the rest.
struct RuleHistory {
    private let audit: OverTimeAudit?
    private var state = RuleState()
    private var replay: RuleReplay?
    /// Whether everything must be judged again: the state is of other rules, or something reaches
    /// back to before what was judged for good.
    private(set) var isLost = false
    /// What this audit found; nil where there are no rules over time.
    private(set) var outcome: OverTimeAudit.Outcome?

    init(_ setting: AuditSetting, _ log: VerifiedLog, _ snapshot: AuditSnapshot?) {
        audit = setting.overTime.map { OverTimeAudit(setting: setting, rules: $0, log: log) }
        guard let audit else { return }
        if let snapshot {
            state = snapshot.ruleState
            let fits = snapshot.parts.allSatisfy { $0.ruleEvents.fits(audit.rules) }
            // A gap of before may have been filled since, or be told only now.
            let gaps = setting.sourceFindings.values.filter {
                $0.kind == .gap && $0.index < snapshot.treeSize
            }
            isLost =
                !fits || Set(state.gaps) != Set(gaps.map(\.index))
                || !audit.rules.formulas.isEmpty
        }
        replay = audit.replay(from: state)
        isLost = isLost || replay == nil
    }

    /// Looks whether changes reach back, given the earliest instant that they reach.
    mutating func check(_ earliest: Int64) {
        guard let audit else { return }
        if state.settledBefore > .min, earliest / 1_000 - 1 < state.settledBefore { isLost = true }
        guard isLost else { return }
        state = RuleState()
        replay = RuleReplay(audit.rules)
    }

    /// Judges what is new, and drops from the runs what is judged for good.
    ///
    /// - Returns: What to leave for the next audit.
    mutating func audit(_ parts: inout [AuditPart], wholeSize: UInt64) throws -> RuleState {
        guard let audit, var replay else { return RuleState() }
        let whole = parts.filter { $0.range.upperBound <= wholeSize }.map(\.ruleEvents)
        var left = state
        let end = audit.settled(after: whole)
        if end > left.settledBefore {
            try audit.settle(&left, &replay, whole, before: end)
            left.monitor = replay.monitor.encodeState(head: RuleState.head)
        }
        outcome = try audit.conclude(left, replay, parts.map(\.ruleEvents))
        var kept = whole
        kept.drop(before: left.settledBefore, audit.rules)
        for place in parts.indices where parts[place].range.upperBound <= wholeSize {
            parts[place].ruleEvents = kept[place]
        }
        return left
    }
}
