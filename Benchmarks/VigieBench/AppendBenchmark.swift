// SPDX-License-Identifier: Apache-2.0

import LogStorage
import TransparencyLog

/// What appending costs, beside bare writes and syncs of the same bytes.
///
/// Sealing of full bundles is part of it, and so is a checkpoint where a second passes.
struct AppendBenchmark {
    /// The folder that gets the logs; it is on the disk to be measured.
    let folder: String

    private static let roundCount = 5

    func runUnsynced() throws {
        print("append entries of \(BareLog.entryByteCount) bytes, not durable (medians)")
        for (batch, batchCount) in [(256, 400), (4_096, 24)] {
            try row("by \(batch)", batch, batchCount, isDurable: false)
            try row("and parsed, by \(batch)", batch, batchCount, isDurable: false, parses: true)
        }
    }

    func runDurable() throws {
        print("append entries of \(BareLog.entryByteCount) bytes, durable (medians)")
        for (batch, batchCount) in [(1, 400), (16, 300), (256, 100), (4_096, 16)] {
            try row("by \(batch)", batch, batchCount, isDurable: true)
        }
    }

    private func row(
        _ name: String, _ batch: Int, _ batchCount: Int, isDurable: Bool, parses: Bool = false
    ) throws {
        var (rates, coreRates, bareRates): ([Double], [Double], [Double]) = ([], [], [])
        let count = Double(batch * batchCount)
        for round in 0..<Self.roundCount {
            let path = "\(folder)/\(batch)-\(isDurable)-\(parses)-\(round)"
            let (time, coreTime) = try append(path, batch, batchCount, isDurable, parses)
            rates.append(count / time)
            coreRates.append(count / coreTime)
            let bare = BareLog(path + ".bare", isDurable: isDurable, countMax: batch)
            let bareTime = try seconds { for _ in 0..<batchCount { bare.append(count: batch) } }
            bareRates.append(count / bareTime)
            BenchLog.empty(folder)
        }
        let (rate, bareRate) = (median(rates), median(bareRates))
        let padded = name + String(repeating: " ", count: max(0, 24 - name.count))
        print(
            "  \(padded)\(Int(rate)) entries a second (\(Int(median(coreRates))) a second of one",
            "core), bare writes \(Int(bareRate)), ratio \((rate / bareRate * 100).rounded() / 100)")
    }

    /// The time that one caller waits, and that all threads compute.
    private func append(
        _ path: String, _ batch: Int, _ batchCount: Int, _ isDurable: Bool, _ parses: Bool
    ) throws -> (time: Double, coreTime: Double) {
        let appender = try BenchLog.appender(path, isDurable: isDurable)
        let texts = (0..<batchCount).map { number in
            (number * batch + 1..<(number + 1) * batch + 1).map { BenchLog.bytes($0) }
        }
        let batches = try parses ? [] : texts.map { try $0.map { try Submission($0) } }
        let start = BenchLog.processorSeconds()
        let time = try seconds {
            if parses {
                for text in texts { _ = try appender.append(text.map { try Submission($0) }) }
            } else {
                for batch in batches { _ = try appender.append(batch) }
            }
        }
        return (time, BenchLog.processorSeconds() - start)
    }
}
