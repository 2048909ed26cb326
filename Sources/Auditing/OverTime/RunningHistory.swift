// SPDX-License-Identifier: Apache-2.0

import TemporalRules
import TransparencyLog

/// The rules over time while a log is judged, from its start or from where an earlier audit left it:
/// what no later entry can change is judged at once and let go, so that only the events that may still
/// be overtaken are held.
struct RunningHistory {
    private let audit: OverTimeAudit
    private var state = RuleState()
    private var replay: RuleReplay
    /// The runs so far: of those that are judged for good, only what the sources said is left.
    private(set) var runs: [RuleEvents] = []

    /// Begins at the start of a log.
    init(_ setting: AuditSetting, _ rules: OverTimeRules, _ log: VerifiedLog) {
        audit = OverTimeAudit(setting: setting, rules: rules, log: log)
        replay = audit.fresh()
    }

    /// Goes on from what an earlier audit left, unless everything must be judged again: if the state is
    /// of other rules, if a gap was filled since, or if the entries since then reach back to before what
    /// was judged for good (`earliest`, in milliseconds).
    init?(
        _ setting: AuditSetting, _ rules: OverTimeRules, _ log: VerifiedLog,
        from snapshot: AuditSnapshot, reaching earliest: Int64
    ) {
        self.init(setting, rules, log)
        state = snapshot.ruleState
        let isReached =
            state.settledBefore > .min && earliest / 1_000 - 1 < state.settledBefore
        // A gap of before may have been filled since, or be told only now.
        let gaps = setting.sourceFindings.values.filter {
            $0.kind == .gap && $0.index < snapshot.treeSize
        }
        guard !isReached, Set(state.gaps) == Set(gaps.map(\.index)),
            snapshot.parts.allSatisfy({ $0.ruleEvents.fits(rules) }),
            let replay = audit.replay(from: state)
        else { return nil }
        self.replay = replay
    }

    /// Takes in the next runs of entries.
    mutating func add(_ runs: [RuleEvents]) { self.runs += runs }

    /// Judges what is settled by now.
    mutating func settle() throws {
        let end = audit.settled(after: runs)
        guard end > state.settledBefore else { return }
        try audit.settle(&state, &replay, runs, before: end)
        runs.drop(before: end, audit.rules)
    }

    /// What is judged for good, with the monitor that goes on from there; to be asked for before the
    /// rest is judged.
    var left: RuleState {
        var left = state
        if left.settledBefore > .min {
            left.monitor = replay.monitor.encodeState(head: RuleState.head)
            left.formulas = replay.formulas.encoded
        }
        return left
    }

    /// Judges the rest, as if the log ended after some more runs.
    func conclude(with rest: [RuleEvents] = [], workers: Int) throws -> OverTimeAudit.Outcome {
        try audit.conclude(state, replay, runs + rest, workers: workers)
    }
}
