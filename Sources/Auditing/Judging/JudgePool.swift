// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import TransparencyLog

/// The workers of an audit: each judges the next run of entries that nobody has, and keeps from run to
/// run what it learned of the policies and of the state.
final class JudgePool: Sendable {
    private let setting: AuditSetting
    private let log: VerifiedLog
    private let workers: Int
    private let idle = Mutex<[EntryJudge]>([])
    // The rules over time, nil where there are none: they get the runs in the order of the log.
    let history: Mutex<RunningHistory?>

    init(
        _ setting: AuditSetting, _ log: VerifiedLog, workers: Int, history: sending RunningHistory?
    ) {
        (self.setting, self.log) = (setting, log)
        self.workers = max(1, workers)
        self.history = Mutex(history)
    }

    /// Judges the next runs of entries, round by round, and the rules over time with them.
    ///
    /// The rules over time judge the last round meanwhile, so that no more than two rounds are held,
    /// however long the log is.
    ///
    /// - Parameters:
    ///   - ranges: The runs.
    ///   - visit: Gets every entry of them, in the order of the log; nil for nobody.
    ///   - take: Gets what was found in each, in their order; the history keeps its events.
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    func judgeInRounds(
        _ ranges: [Range<UInt64>],
        visiting visit: (@Sendable (borrowing VerifiedEntry) -> Void)? = nil,
        _ take: (AuditPart) -> Void
    ) throws {
        // So many that no worker waits long for the others, and no more entries than it takes.
        let length = max(1, ranges.first?.count ?? 1)
        let roundCount = workers * min(16, max(4, 65_536 / length))
        for first in stride(from: 0, to: ranges.count, by: roundCount) {
            let round = ranges[first..<min(first + roundCount, ranges.count)]
            // One worker shows each entry as it judges it; of several, one reads the round once more.
            let parts = try judge(Array(round), visiting: workers == 1 ? visit : nil) {
                try history.withLock { try $0?.settle() }
                guard workers > 1, let visit else { return }
                for range in round { try log.replay(range) { visit($0) } }
            }
            history.withLock { $0?.add(parts.map(\.ruleEvents)) }
            for var part in parts {
                part.ruleEvents = RuleEvents()
                take(part)
            }
        }
    }

    /// Judges runs of entries.
    ///
    /// - Parameters:
    ///   - ranges: The runs.
    ///   - visit: Gets every entry that is judged, in no order where several work; nil for nobody.
    ///   - meanwhile: What else there is to do: the first worker does it before it judges.
    /// - Returns: What was found in each, in their order.
    /// - Throws: ``ReplayError`` if the log changed after it was verified, and what `meanwhile` throws.
    func judge(
        _ ranges: [Range<UInt64>],
        visiting visit: (@Sendable (borrowing VerifiedEntry) -> Void)? = nil,
        meanwhile: @Sendable () throws -> Void = {}
    ) throws -> [AuditPart] {
        let next = Atomic<Int>(-1)
        let results = Mutex<[(Int, Result<AuditPart, any Error>)]>([])
        let other = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: min(workers, ranges.count + 1)) { _ in
            var judge = idle.withLock { $0.popLast() } ?? EntryJudge(setting)
            while true {
                let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard number < ranges.count else { break }
                if number < 0 {
                    do { try meanwhile() } catch { other.withLock { $0 = error } }
                    continue
                }
                let result = Result {
                    if let visit {
                        try log.replay(ranges[number]) {
                            judge.judge($0)
                            visit($0)
                        }
                    } else {
                        try log.replay(ranges[number]) { judge.judge($0) }
                    }
                    var part = judge.take(ranges[number])
                    part.ruleEvents.compact()
                    return part
                }
                results.withLock { $0.append((number, result)) }
            }
            idle.withLock { $0.append(judge) }
        }
        if let error = other.withLock({ $0 }) { throw error }
        let inOrder = results.withLock { results in results.sorted { $0.0 < $1.0 } }
        return try inOrder.map { try $0.1.get() }
    }
}
