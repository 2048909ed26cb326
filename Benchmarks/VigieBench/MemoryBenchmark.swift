// SPDX-License-Identifier: Apache-2.0

import Glibc
import TransparencyLog

/// What verifying takes in memory, from a log of a million entries to one of a hundred million.
struct MemoryBenchmark {
    private static let sizes: [UInt64] = [1_000_000, 4_000_000, 16_000_000, 100_000_000]

    func run() throws {
        print("verifying purged logs, with a kept checkpoint each 250,000 entries")
        let keys = [try BenchLog.key().verificationKey]
        for size in Self.sizes {
            let log = try PurgedLog(
                bundleCount: size / UInt64(LogPath.fullWidth), daySize: 250_000)
            let before = Self.mostMemory()
            let start = ContinuousClock.now
            let report = LogVerifier(keys: keys).check(log, workers: 2)
            precondition(report.isIntact && report.findingCount == 0, "an intact log")
            print(
                "  \(report.entryCount) entries: \(Self.mostMemory()) KiB, \(before) before it;",
                "\((BenchLog.seconds(since: start) * 10).rounded() / 10) s")
        }
    }

    /// The most memory that the process took so far, in KiB.
    private static func mostMemory() -> Int {
        var usage = rusage()
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
