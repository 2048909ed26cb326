// SPDX-License-Identifier: Apache-2.0

import LogStorage
import TransparencyLog

/// What appending costs, beside bare writes and syncs of the same bytes.
///
/// Callers are told once their entries are durable, while full bundles are sealed in the background.
/// So there are two rates: the one that callers see, and the one that the log sustains, whose time ends
/// when the log is closed and everything is sealed. Processor time always includes the sealing.
struct AppendBenchmark {
    /// The folder that gets the logs; it is on the disk to be measured.
    let folder: String

    private static let roundCount = 5

    func runUnsynced() throws {
        print("append entries of \(BareLog.entryByteCount) bytes, not durable (medians)")
        for (batch, batchCount) in [(256, 384), (4_096, 24)] {
            try row("by \(batch)", batch, batchCount, isDurable: false)
            try row("and parsed, by \(batch)", batch, batchCount, isDurable: false, parses: true)
        }
    }

    func runDurable() throws {
        print("append entries of \(BareLog.entryByteCount) bytes, durable (medians)")
        if let only = CommandLine.arguments.first(where: { $0.hasPrefix("rounds=") }) {
            for _ in 0..<(Int(only.dropFirst(7)) ?? 1) {
                try row("by 4096", 4096, 24, isDurable: true)
                try row("by 4096, warm", 4096, 24, warmCount: 24, isDurable: true)
            }
            return
        }
        for (batch, batchCount) in [(1, 400), (16, 300), (256, 384), (4_096, 24)] {
            try row("by \(batch)", batch, batchCount, isDurable: true)
        }
        // Segments are written over the files of earlier ones, as in a log that has been open for long.
        for (batch, batchCount) in [(256, 384), (4_096, 24)] {
            try row("by \(batch), warm", batch, batchCount, warmCount: batchCount, isDurable: true)
        }
        // So many segments that the log cannot put their sealing off.
        for (batch, batchCount) in [(256, 1_280), (4_096, 80)] {
            try row("by \(batch), without end", batch, batchCount, isDurable: true)
        }
    }

    private func row(
        _ name: String, _ batch: Int, _ batchCount: Int, warmCount: Int = 0, isDurable: Bool,
        parses: Bool = false
    ) throws {
        var times: [(seen: Double, whole: Double, core: Double, bare: [Double])] = []
        for round in 0..<Self.roundCount {
            let path =
                "\(folder)/\(batch)x\(batchCount)-\(warmCount)-\(isDurable)-\(parses)-\(round)"
            let log = try append(path, batch, batchCount, warmCount, isDurable, parses)
            let bare = try BareLog.Kind.allCases.map { kind in
                let bare = BareLog(
                    "\(path).\(kind)", isDurable: isDurable, countMax: batch, kind)
                for _ in 0..<warmCount { bare.append(count: batch) }
                return try seconds { for _ in 0..<batchCount { bare.append(count: batch) } }
            }
            times.append((log.seen, log.whole, log.core, bare))
            BenchLog.empty(folder)
        }
        let count = Double(batch * batchCount)
        let seen = count / median(times.map(\.seen))
        let whole = count / median(times.map(\.whole))
        let core = count / median(times.map(\.core))
        let padded = name + String(repeating: " ", count: max(0, 24 - name.count))
        print(
            "  \(padded)callers see \(Int(seen)) entries a second, sealed with all its bundles",
            "\(Int(whole)), \(Int(core)) a second of one core")
        let names = ["two files, two syncs", "one file, one sync", "the same, and hashed"]
        for (place, name) in names.enumerated() {
            let bare = count / median(times.map { $0.bare[place] })
            print(
                "    bare writes, \(name): \(Int(bare)), ratios \(hundredths(seen / bare))",
                "and \(hundredths(whole / bare))")
        }
    }

    private func hundredths(_ ratio: Double) -> Double { (ratio * 100).rounded() / 100 }

    /// The time until the last caller is told, the time until the log is closed with every full bundle
    /// sealed, and the time that all threads compute until then.
    private func append(
        _ path: String, _ batch: Int, _ batchCount: Int, _ warmCount: Int, _ isDurable: Bool,
        _ parses: Bool
    ) throws -> (seen: Double, whole: Double, core: Double) {
        var appender: LogAppender? = try BenchLog.appender(path, isDurable: isDurable)
        for number in batchCount..<(batchCount + warmCount) {
            let range = (number * batch + 1)..<((number + 1) * batch + 1)
            _ = try appender?.append(range.map { try BenchLog.submission($0) })
        }
        if warmCount > 0 { try appender?.sign() }
        let texts = (0..<batchCount).map { number in
            (number * batch + 1..<(number + 1) * batch + 1).map { BenchLog.bytes($0) }
        }
        let batches = try parses ? [] : texts.map { try $0.map { try Submission($0) } }
        let start = BenchLog.processorSeconds()
        var seen = 0.0
        let whole = try seconds {
            seen = try seconds {
                if parses {
                    for text in texts {
                        _ = try appender?.append(text.map { try Submission($0) })
                    }
                } else {
                    for batch in batches { _ = try appender?.append(batch) }
                }
            }
            appender = nil
        }
        return (seen, whole, BenchLog.processorSeconds() - start)
    }
}
