// SPDX-License-Identifier: Apache-2.0

import TemporalRules

extension RuleReplay {
    /// Where things stand at the end of a log, by some of the rules or by all.
    struct Ending: Sendable {
        /// What is violated, and what a gap leaves unknown.
        var due: [RuleVerdict] = []
        /// The deadlines that are open.
        var pending: [RuleVerdict] = []
        /// What each rule that was judged did.
        var statistics: [Int: RuleStatistics] = [:]
        /// The second at which the log ends.
        var now = Int64.min

        /// Judges the events of some runs at some places, and closes; `judged` are the rules that the
        /// monitor judges, nil if it judges all.
        mutating func take(
            _ replay: inout RuleReplay, _ judged: [Int]?, _ parts: [RuleEvents], _ places: [Place]
        ) throws {
            due = try replay.consume(parts, places)
            // The log's own clock says how late it is when it ends.
            let end = (parts.map(\.recordedMax).max() ?? 0) / 1_000
            now = max(end, replay.monitor.lastTime ?? end)
            let closed = replay.close(at: now)
            due += closed.due
            pending = closed.pending
            let found = replay.monitor.statistics
            for rule in judged ?? Array(found.indices) { statistics[rule] = found[rule] }
        }

        /// Takes in what other rules say.
        mutating func merge(_ other: Ending) {
            due += other.due
            pending += other.pending
            now = max(now, other.now)
            statistics.merge(other.statistics) { first, _ in first }
        }
    }
}
