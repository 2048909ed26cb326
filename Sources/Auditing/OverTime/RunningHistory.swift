// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The rules over time while a log is judged from its start: what no later entry can change is judged
/// at once and let go, so that only the events that may still be overtaken are held.
struct RunningHistory {
    private let audit: OverTimeAudit
    private var state = RuleState()
    private var replay: RuleReplay
    /// The runs so far: of those that are judged for good, only what the sources said is left.
    private var runs: [RuleEvents] = []

    init(_ setting: AuditSetting, _ rules: OverTimeRules, _ log: VerifiedLog) {
        audit = OverTimeAudit(setting: setting, rules: rules, log: log)
        replay = RuleReplay(rules)
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

    /// Judges the rest, as if the log ended here.
    mutating func conclude() throws -> OverTimeAudit.Outcome {
        try audit.conclude(state, replay, runs)
    }
}
