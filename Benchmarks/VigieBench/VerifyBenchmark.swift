// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// What verification costs, beside a bare SHA-256 of the same entries.
///
/// Times depend on the machine; the ratios of one run carry over.
struct VerifyBenchmark {
    let log: MemoryLog
    let verifier: LogVerifier
    let bundles: [[UInt8]]
    let ranges: [[Range<Int>]]
    let entryCount: Int

    /// Makes a log of whole bundles in memory.
    init(bundleCount: Int) throws {
        let key = try LogSigningKey(
            name: "vigie.example/bench", key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        var log = try MemoryLog(key: key, openedAt: Self.start)
        entryCount = bundleCount * LogPath.fullWidth
        for number in 1..<entryCount {
            try log.append(Self.submission(number), recordedAt: Self.start + Int64(number) * 900)
        }
        try log.sign()
        self.log = log
        verifier = LogVerifier(keys: [key.verificationKey])
        bundles = (0..<bundleCount).compactMap {
            log.files[.bundle(index: UInt64($0), width: LogPath.fullWidth)]
        }
        ranges = bundles.map { unsafe EntryBundle.entryRanges(in: $0.span.bytes) }
    }

    private static let start: Int64 = 1_772_438_400_000

    private static func submission(_ number: Int) -> String {
        """
        {"actor":{"account_kind":"pro","pid":"A0123456789ab","region":"75","role":"CONS_PRO"},\
        "categories":["CO","CV"],"id":"e-\(number)",\
        "occurred_at":"\(Timestamp.format(start + Int64(number) * 900))","outcome":"done",\
        "purpose":"P3-PROMOTION","source":"portail","source_seq":\(number),\
        "subject":{"pid":"P00000000cafe"},"type":"profile.view","v":1}
        """
    }

    func run() {
        let bytes = bundles.reduce(0) { $0 + $1.count } / entryCount - 2
        print("verify \(entryCount) entries of \(bytes) bytes (medians of 7)")
        let bare = median { bareHash() }
        row("bare SHA-256 of each entry, EVP, one core", bare, bare)
        row("strict scan", median { scan() }, bare)
        row("leaf and node hashes", median { tree() }, bare)
        let one = median { verify(workers: 1) }
        row("whole verification, one core", one, bare)
        let two = median { verify(workers: 2) }
        row("whole verification, two cores", two, bare)
        print("two cores against one: \(rounded(one / two))")
        if let verified = verifier.verify(log, workers: 2).log {
            row("replay, one core", median { replay(verified) }, bare)
        }
    }

    // MARK: Cases

    private func bareHash() {
        let hasher = SHA256Hasher()
        var sum: UInt64 = 0
        for (bundle, entries) in zip(bundles, ranges) {
            let span = unsafe bundle.span.bytes
            for range in entries { sum ^= hasher.hash(span.extracting(range)).word0 }
        }
        consume(sum)
    }

    private func scan() {
        let scanner = EntryScanner()
        var entry = ScannedEntry()
        var forecast = EntryForecast()
        var sum: UInt64 = 0
        for (bundle, entries) in zip(bundles, ranges) {
            let span = unsafe bundle.span.bytes
            for range in entries {
                guard (try? scanner.scan(span.extracting(range), into: &entry, &forecast)) != nil
                else {
                    preconditionFailure("the log is canonical")
                }
                sum ^= entry.seq
            }
        }
        consume(sum)
    }

    private func tree() {
        let hasher = SHA256Hasher()
        var nodes = [SHA256Digest](repeating: .zero, count: LogPath.fullWidth)
        for (bundle, entries) in zip(bundles, ranges) {
            let span = unsafe bundle.span.bytes
            for slot in stride(from: 0, to: entries.count, by: 2) {
                let pair = hasher.leafHashes(
                    span.extracting(entries[slot]), span.extracting(entries[slot + 1]))
                (nodes[slot], nodes[slot + 1]) = pair
            }
            var left = nodes.count
            var nodeSpan = nodes.mutableSpan
            while left > 1 { left = hasher.parents(&nodeSpan, count: left) }
        }
        consume(nodes[0].word0)
    }

    private func verify(workers: Int) {
        precondition(verifier.verify(log, workers: workers).report.isIntact, "an intact log")
    }

    private func replay(_ log: VerifiedLog) {
        var sum: Int64 = 0
        guard (try? log.replay { sum &+= $0.recordedAt }) != nil else {
            preconditionFailure("the log did not change")
        }
        consume(UInt64(bitPattern: sum))
    }

    // MARK: Measuring

    @inline(never)
    private func consume(_ value: UInt64) {
        if value == 0x5EED_0F5A_17 { print(value) }
    }

    private func median(_ body: () -> Void) -> Double {
        var times: [Double] = []
        for _ in 0..<7 {
            let time = ContinuousClock().measure(body)
            times.append(
                Double(time.components.attoseconds) / 1e9 + Double(time.components.seconds) * 1e9)
        }
        return times.sorted()[3] / Double(entryCount)
    }

    private func row(_ name: String, _ nanoseconds: Double, _ bare: Double) {
        let padded = name + String(repeating: " ", count: max(0, 44 - name.count))
        print(
            "  \(padded)\(rounded(nanoseconds)) ns an entry, \(rounded(1_000 / nanoseconds))",
            "million a second, \(rounded(bare / nanoseconds)) of bare hashing")
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
