// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Glibc
import LogStorage
import TransparencyLog

/// What appending costs, beside bare writes and syncs of the same bytes.
struct AppendBenchmark {
    /// The folder that gets the logs; it is on the disk to be measured.
    let folder: String

    private static let roundCount = 5
    /// The bytes of an entry and of its leaf hash, as they reach the disk.
    private static let entryByteCount = 437
    private static let leafByteCount = 32

    func run() throws {
        print("append entries of \(Self.entryByteCount) bytes (medians of \(Self.roundCount))")
        for (batch, batchCount) in [(256, 400), (4_096, 24)] {
            try row(
                "not durable, by \(batch)", batch: batch, batchCount: batchCount, isDurable: false)
        }
        for (batch, batchCount) in [(1, 400), (16, 200), (256, 60), (4_096, 8)] {
            try row("durable, by \(batch)", batch: batch, batchCount: batchCount, isDurable: true)
        }
    }

    private func row(_ name: String, batch: Int, batchCount: Int, isDurable: Bool) throws {
        var (rates, coreRates, bareRates): ([Double], [Double], [Double]) = ([], [], [])
        for round in 0..<Self.roundCount {
            let batches = try (0..<batchCount).map { number in
                try Self.batch(number * batch + 1..<(number + 1) * batch + 1)
            }
            let path = "\(folder)/\(batch)-\(isDurable)-\(round)"
            let appender = try Self.appender(path, isDurable: isDurable)
            let count = Double(batch * batchCount)
            let processorTime = Self.processorSeconds()
            let time = try seconds { for batch in batches { _ = try appender.append(batch) } }
            rates.append(count / time)
            coreRates.append(count / (Self.processorSeconds() - processorTime))
            let bareTime = try seconds {
                try bare(path + ".bare", batch, batchCount, isDurable: isDurable)
            }
            bareRates.append(count / bareTime)
        }
        let (rate, bareRate) = (median(rates), median(bareRates))
        let padded = name + String(repeating: " ", count: max(0, 24 - name.count))
        print(
            "  \(padded)\(Int(rate)) entries a second (\(Int(median(coreRates))) a second of one",
            "core), bare writes \(Int(bareRate)), ratio \((rate / bareRate * 100).rounded() / 100)")
    }

    /// The processor time of all threads until now: what waits for the disk takes none.
    private static func processorSeconds() -> Double {
        var time = timespec()
        precondition(
            unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0, "Linux has that clock")
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func appender(_ path: String, isDurable: Bool) throws -> LogAppender {
        let key = try LogSigningKey(
            name: "vigie.example/bench", key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        let genesis = LogGenesis.submission(
            key: key.verificationKey, recoveryKey: key.verificationKey, retentionDays: 180...365,
            openedAt: 1_772_438_400_000)
        return try LogAppender(
            path, key: key, genesis: Submission(genesis),
            options: LogAppender.Options(isDurable: isDurable) { 1_772_438_400_000 })
    }

    private static func batch(_ numbers: Range<Int>) throws -> [Submission] {
        try numbers.map { number in
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
    }

    /// The same bytes to two files, each synced after each batch if that is asked.
    private func bare(_ path: String, _ batch: Int, _ batchCount: Int, isDurable: Bool) throws {
        let files = [(".seg", Self.entryByteCount), (".leaf", Self.leafByteCount)].map {
            (
                unsafe open(path + $0.0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600),
                [UInt8](repeating: 0x61, count: batch * $0.1)
            )
        }
        defer { for (file, _) in files { close(file) } }
        for _ in 0..<batchCount {
            for (file, bytes) in files {
                guard unsafe write(file, bytes, bytes.count) == bytes.count else {
                    preconditionFailure("the disk takes the bytes")
                }
            }
            for (file, _) in files where isDurable {
                guard fdatasync(file) == 0 else { preconditionFailure("the disk syncs") }
            }
        }
    }
}
