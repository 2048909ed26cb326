// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import LogStorage
import Synchronization
import TransparencyLog

/// What durable appending gives to many callers at once, each with one entry a call, and the next one
/// once the last is durable.
///
/// Callers are threads, or tasks. Two bare programs stand beside them: one whose threads share syncs,
/// as the callers of the log do, and one without any callers, which writes and syncs as many entries
/// at once.
struct CallersBenchmark {
    let folder: String
    private static let roundCount = 5

    func run() async throws {
        print("durable append, one entry a call (medians of \(Self.roundCount))")
        for (callers, each) in [(1, 400), (64, 100), (1_000, 24)] {
            var rates: [[Double]] = [[], [], [], []]
            for round in 0..<Self.roundCount {
                let path = "\(folder)/callers-\(callers)-\(round)"
                rates[0].append(try threads(path, callers, each))
                rates[1].append(try await tasks(path + ".tasks", callers, each))
                rates[2].append(bareThreads(path + ".shared", callers, each))
                rates[3].append(bare(path + ".bare", callers, each))
            }
            let medians = rates.map { $0.sorted()[Self.roundCount / 2] }
            func ratio(_ one: Int, _ other: Int) -> Double {
                (medians[one] / medians[other] * 100).rounded() / 100
            }
            print(
                """
                  \(callers) callers: threads \(Int(medians[0])) entries a second, \
                tasks \(Int(medians[1])); bare with threads \(Int(medians[2])), ratios \
                \(ratio(0, 2)) and \(ratio(1, 2)); bare without callers \(Int(medians[3])), \
                ratios \(ratio(0, 3)) and \(ratio(1, 3))
                """)
        }
    }

    private static func submissions(_ callers: Int, _ each: Int) throws -> [[Submission]] {
        try (0..<callers).map { caller in
            try (0..<each).map { try BenchLog.submission(caller * each + $0 + 1) }
        }
    }

    private func threads(_ path: String, _ callers: Int, _ each: Int) throws -> Double {
        let appender = try BenchLog.appender(path, isDurable: true)
        let submissions = try Self.submissions(callers, each)
        let failed = Atomic<Int>(0)
        let group = DispatchGroup()
        let start = ContinuousClock.now
        for own in submissions {
            group.enter()
            let thread = Thread {
                for submission in own where (try? appender.append([submission])) == nil {
                    failed.wrappingAdd(1, ordering: .relaxed)
                }
                group.leave()
            }
            thread.start()
        }
        group.wait()
        precondition(failed.load(ordering: .relaxed) == 0, "the disk takes the entries")
        return Double(callers * each) / BenchLog.seconds(since: start)
    }

    private func tasks(_ path: String, _ callers: Int, _ each: Int) async throws -> Double {
        let appender = try BenchLog.appender(path, isDurable: true)
        let submissions = try Self.submissions(callers, each)
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for own in submissions {
                group.addTask {
                    for submission in own {
                        _ = try await appender.appendWithoutBlocking([submission])
                    }
                }
            }
            try await group.waitForAll()
        }
        return Double(callers * each) / BenchLog.seconds(since: start)
    }

    private func bareThreads(_ path: String, _ callers: Int, _ each: Int) -> Double {
        let log = SharedBareLog(
            BareLog(path, isDurable: true, countMax: callers), callCount: callers * each)
        let group = DispatchGroup()
        let start = ContinuousClock.now
        for _ in 0..<callers {
            group.enter()
            let thread = Thread {
                let turn = DispatchSemaphore(value: 0)
                for _ in 0..<each { log.append(turn) }
                group.leave()
            }
            thread.start()
        }
        group.wait()
        return Double(callers * each) / BenchLog.seconds(since: start)
    }

    private func bare(_ path: String, _ callers: Int, _ each: Int) -> Double {
        let log = BareLog(path, isDurable: true, countMax: callers)
        let start = ContinuousClock.now
        for _ in 0..<each { log.append(count: callers) }
        return Double(callers * each) / BenchLog.seconds(since: start)
    }
}
