// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Dispatch
import Glibc
import LogStorage
import Synchronization
import TransparencyLog

/// What durable appending gives to many callers at once, each waiting for its own acknowledgement.
///
/// A bare program does the same for each of its groups: one write to each of two files, and a sync of
/// each, with as many entries in a group as there are callers.
struct CallersBenchmark {
    let folder: String
    private static let roundCount = 3

    func run() throws {
        print("durable append, one entry a call (medians of \(Self.roundCount))")
        for (callers, each) in [(1, 300), (64, 60), (1_000, 12)] {
            var (rates, bareRates): ([Double], [Double]) = ([], [])
            for round in 0..<Self.roundCount {
                let path = "\(folder)/callers-\(callers)-\(round)"
                rates.append(try rate(path, callers, each))
                bareRates.append(try bareRate(path + ".bare", callers, each))
            }
            let (rate, bare) = (rates.sorted()[1], bareRates.sorted()[1])
            print(
                "  \(callers) callers: \(Int(rate)) entries a second, bare \(Int(bare)),",
                "ratio \((rate / bare * 100).rounded() / 100)")
        }
    }

    /// Each caller is a thread of its own, and has the next entry ready when the last is durable.
    private func rate(_ path: String, _ callers: Int, _ each: Int) throws -> Double {
        let appender = try BenchLog.appender(path, isDurable: true)
        let submissions = try (0..<callers).map { caller in
            try (0..<each).map { try BenchLog.submission(caller * each + $0 + 1) }
        }
        let failed = Atomic<Int>(0)
        let group = DispatchGroup()
        let start = ContinuousClock.now
        for own in submissions {
            let thread = Caller(group) {
                for submission in own {
                    if (try? appender.append([submission])) == nil {
                        failed.wrappingAdd(1, ordering: .relaxed)
                    }
                }
            }
            thread.start()
        }
        group.wait()
        precondition(failed.load(ordering: .relaxed) == 0, "the disk takes the entries")
        return Double(callers * each) / BenchLog.seconds(since: start)
    }

    private func bareRate(_ path: String, _ callers: Int, _ each: Int) throws -> Double {
        let files = [(".seg", 437), (".leaf", 32)].map {
            (
                unsafe open(path + $0.0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600),
                [UInt8](repeating: 0x61, count: callers * $0.1)
            )
        }
        defer { for (file, _) in files { close(file) } }
        let start = ContinuousClock.now
        for _ in 0..<each {
            for (file, bytes) in files {
                precondition(unsafe write(file, bytes, bytes.count) == bytes.count, "disk")
            }
            for (file, _) in files { precondition(fdatasync(file) == 0, "disk") }
        }
        return Double(callers * each) / BenchLog.seconds(since: start)
    }
}

/// A thread of its own for each caller.
private final class Caller: Sendable {
    private let group: DispatchGroup
    private let body: @Sendable () -> Void

    init(_ group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        (self.group, self.body) = (group, body)
    }

    func start() {
        group.enter()
        var thread = pthread_t()
        let pointer = unsafe Unmanaged.passRetained(self).toOpaque()
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let caller = unsafe Unmanaged<Caller>.fromOpaque(argument).takeRetainedValue()
                caller.body()
                caller.group.leave()
                return nil
            }, pointer)
        precondition(status == 0, "the system gives threads")
        pthread_detach(thread)
    }
}

/// The log and the entries that benchmarks of writing share.
enum BenchLog {
    static func key() throws -> LogSigningKey {
        try LogSigningKey(
            name: "vigie.example/bench", key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))
    }

    static func genesis(_ openedAt: Int64) throws -> Submission {
        let key = try key().verificationKey
        return try Submission(
            LogGenesis.submission(
                key: key, recoveryKey: key, retentionDays: 180...365, openedAt: openedAt))
    }

    static func appender(_ path: String, isDurable: Bool) throws -> LogAppender {
        try LogAppender(
            path, key: key(), genesis: genesis(1_772_438_400_000),
            options: LogAppender.Options(isDurable: isDurable) { 1_772_438_400_000 })
    }

    static func submission(_ number: Int) throws -> Submission {
        try Submission(
            Array(
                """
                {"actor":{"account_kind":"pro","pid":"A0123456789ab","region":"75",\
                "role":"CONS_PRO"},"categories":["CO","CV"],"id":"e-\(number)",\
                "occurred_at":"2026-03-02T08:15:00.000Z","outcome":"done",\
                "purpose":"P3-PROMOTION","source":"portail","source_seq":\(number),\
                "subject":{"pid":"P00000000cafe"},"type":"profile.view","v":1}
                """.utf8))
    }

    static func seconds(since start: ContinuousClock.Instant) -> Double {
        let time = (ContinuousClock.now - start).components
        return Double(time.seconds) + Double(time.attoseconds) / 1e18
    }
}
