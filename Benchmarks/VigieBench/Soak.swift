// SPDX-License-Identifier: Apache-2.0

import Glibc
import LogStorage
import Synchronization
import TransparencyLog

/// A long life in short: entries of 400 days appended, keys rotated each day, what is older than 180
/// days purged each month, everything verified and proven at the end.
struct Soak {
    let folder: String
    let entryCount: Int

    private static let dayCount = 400
    private static let keptDays = 180
    private static let day: Int64 = 86_400_000
    private static let start: Int64 = 1_735_689_600_000

    func run() throws {
        let path = folder + "/soak"
        let file = SigningKeyFile(path + ".key")
        try KeyFile.write(BenchLog.key().privateText, to: file.path, isPrivate: true)
        let clock = Atomic<Int64>(Self.start)
        let options = LogAppender.Options(isDurable: false) { clock.load(ordering: .relaxed) }
        _ = try LogAppender(
            path, key: BenchLog.key(), genesis: BenchLog.genesis(Self.start), options: options
        ).sign()
        print("soak of \(entryCount) entries, \(Self.dayCount) days")
        try measure("append and rotate each day") {
            try live(path, file, options, clock)
        }
        let keys = [try BenchLog.key().verificationKey]
        try verify(path, keys)
        var opened: LogAppender?
        try measure("open for writing") {
            opened = try LogAppender(path, keyFile: file, options: options)
        }
        try prove(path)
        try measure("purge") {
            let count = try opened.map { try purge($0, on: Self.dayCount - 1) } ?? 0
            print("  purged \(count) entries")
        }
        opened = nil
        try verify(path, keys)
        var usage = rusage()
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print("  most memory of the process: \(usage.ru_maxrss / 1_024) MiB")
    }

    private func live(
        _ path: String, _ file: SigningKeyFile, _ options: LogAppender.Options,
        _ clock: borrowing Atomic<Int64>
    ) throws {
        let appender = try LogAppender(path, keyFile: file, options: options)
        var (number, purged) = (0, 0)
        for day in 0..<Self.dayCount {
            clock.store(Self.start + Int64(day) * Self.day, ordering: .relaxed)
            let end = entryCount / Self.dayCount * (day + 1)
            while number < end {
                let count = min(4_096, end - number)
                let batch = try (0..<count).map { try BenchLog.submission(number + $0 + 1) }
                _ = try appender.append(batch)
                number += count
            }
            try appender.rotateKey()
            if day % 30 == 29, day > Self.keptDays { purged += try purge(appender, on: day) }
        }
        print("  purged \(purged) entries on the way")
    }

    /// Purges what is older than the kept days; answers how many entries that were.
    private func purge(_ appender: LogAppender, on day: Int) throws -> Int {
        let policy = try RetentionPolicy(
            parsing: Array(
                "retention_days_min: \(Self.keptDays)\nretention_days_max: 365\n".utf8),
            path: "policy")
        return try appender.purge(
            PurgeRequest(
                cutoff: Self.start + Int64(day - Self.keptDays) * Self.day, policy: policy,
                policyHash: String(repeating: "0", count: 64), requester: "A1", approver: "A2")
        ).count
    }

    private func verify(_ path: String, _ keys: [LogVerificationKey]) throws {
        try measure("verify on two cores") {
            let report = LogVerifier(keys: keys).verify(LogReader(path), workers: 2).report
            print(
                "  \(report.entryCount) entries, \(report.keyEpochs.count) keys,",
                "\(report.violationCount) violations, \(report.findingCount) findings,",
                "\(report.sourceFindingCount) gaps")
            precondition(report.isIntact && report.findingCount == 0, "an intact log")
        }
    }

    /// A proof from a prover that has read nothing yet.
    private func prove(_ path: String) throws {
        var times: [Double] = []
        var (hashes, reads) = (0, 0)
        for round in 0..<101 {
            let start = ContinuousClock.now
            let prover = try LogProver(LogReader(path))
            let size = prover.head.checkpoint.treeSize
            // Of the last fifth, which no purge has reached.
            let proof = try prover.prove(index: size / 5 * 4 + size / 5 / 101 * UInt64(round))
            times.append(BenchLog.seconds(since: start))
            hashes = max(hashes, proof.hashCount)
            reads = max(reads, prover.readCount)
        }
        times.sort()
        print(
            "  proof of one entry: \(Int(times[50] * 1e6)) µs (at most \(Int(times[100] * 1e6))),",
            "\(hashes) hashes, \(reads) tiles")
    }

    private func measure(_ name: String, _ body: () throws -> Void) throws {
        let start = ContinuousClock.now
        try body()
        let seconds = BenchLog.seconds(since: start)
        print("  \(name): \((seconds * 100).rounded() / 100) s")
    }
}
