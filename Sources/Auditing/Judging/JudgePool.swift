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

    init(_ setting: AuditSetting, _ log: VerifiedLog, workers: Int) {
        (self.setting, self.log) = (setting, log)
        self.workers = max(1, workers)
    }

    /// How many runs are worth judging at once, so that no worker waits long for the others.
    var roundCount: Int { workers * 16 }

    /// Judges runs of entries.
    ///
    /// - Parameters:
    ///   - ranges: The runs.
    ///   - meanwhile: What else there is to do: the first worker does it before it judges.
    /// - Returns: What was found in each, in their order.
    /// - Throws: ``ReplayError`` if the log changed after it was verified, and what `meanwhile` throws.
    func judge(
        _ ranges: [Range<UInt64>], meanwhile: @Sendable () throws -> Void = {}
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
                    try log.replay(ranges[number]) { judge.judge($0) }
                    return judge.take(ranges[number])
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
